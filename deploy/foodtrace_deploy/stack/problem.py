"""What can keep the stack from starting, each a sentence that says what to do."""

from __future__ import annotations

from foodtrace_deploy.texts import Language, say, say_in


class StackProblem(Exception):
    """A named reason why the stack doesn't start or can't go on; `key` is in the catalogue."""

    def __init__(self, key: str, /, **fields: object) -> None:
        """Name the reason and fill in what the sentence needs."""
        self.key = key
        self.fields = fields
        super().__init__(say_in("en", key, **fields))

    def sentence(self, language: Language | None = None) -> str:
        """What to tell the user, in the language of the process unless one is given."""
        if language is None:
            return say(self.key, **self.fields)
        return say_in(language, self.key, **self.fields)

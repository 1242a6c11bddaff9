"""/problems: what each code means, in both languages; the `type` of every problem points here."""

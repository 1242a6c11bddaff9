"""Settings of a running stack's own processes, for one more beside them."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from pydantic import SecretStr

from foodtrace_deploy.stack import local
from foodtrace_deploy.stack.folder import DataFolder
from foodtrace_deploy.stack.ports import HOST
from foodtrace_deploy.stack.postgres import ROLE
from foodtrace_deploy.stack.problem import StackProblem
from foodtrace_ops.settings import Settings


def inside(data: Path) -> Settings:
    """What a process needs to reach brokers and database of the stack that runs on a data folder.

    Without one it is what the environment says, which has to name the database. Raises StackProblem
    `no-stack`, and PermissionError where the folder's secrets are another user's.
    """
    settings = Settings()
    stack = local.running(data)
    if stack is None:
        if "database_url" not in settings.model_fields_set:
            raise StackProblem("no-stack", folder=data.absolute())
        return settings
    told = stack.state
    port = next(part.ports[0] for part in told.parts if part.name == "postgres")
    secret = quote(DataFolder(data).secret("database"), safe="")
    url = f"postgresql://{ROLE}:{secret}@{HOST}:{port}/{quote(told.database, safe='')}"
    update: dict[str, object] = {
        "database_url": SecretStr(url),
        "brokers": told.brokers,
        "broker_kind": told.broker_kind,
        "broker_log": told.broker_log,
        "topic_prefix": told.topic_prefix,
        "data_folder": data.absolute(),
    }
    if told.broker_kind != "external":
        update["broker_security"] = "PLAINTEXT"
    return settings.model_copy(update=update)

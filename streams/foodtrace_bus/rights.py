"""Who may do what at the brokers (ACL): a source writes its own topic, and nothing else is granted.

Brokers with rules refuse what no rule allows, so a source that was allowed nothing else can neither
read, nor write to the ledger's topics, nor make topics.
"""

from __future__ import annotations

from typing import Any, Final

from kafka.admin import ACL, ACLOperation, ACLPermissionType, ResourcePattern, ResourceType
from kafka.errors import SecurityDisabledError

from foodtrace_bus.cluster import Cluster
from foodtrace_bus.refusals import named

#: What a source needs for its own topic: to append, and to find its partitions.
_WRITING: Final = (ACLOperation.WRITE, ACLOperation.DESCRIBE)


def allow_writing(cluster: Cluster, topic: str, user: str) -> bool:
    """Let a user append to one topic; True once that holds, False at brokers without any rules.

    `user` is the name that the brokers know it by: that of SCRAM or PLAIN, or with a client
    certificate its whole subject, as "CN=market-a". May be called again. Raises NotAllowed for
    those who may not change rules (ALTER on the cluster), BusAway.
    """
    if cluster.is_memory():
        return False
    rules = [
        ACL(
            principal=f"User:{user}",
            host="*",
            operation=operation,
            permission_type=ACLPermissionType.ALLOW,
            resource_pattern=ResourcePattern(ResourceType.TOPIC, topic),
        )
        for operation in _WRITING
    ]
    failed: list[type[Exception]] = cluster.ask(lambda admin: _failures(admin, rules))
    if SecurityDisabledError in failed:
        return False
    if failed:
        raise named(f"{topic}: rules for {user}", failed[0]())
    return True


def _failures(admin: Any, rules: list[ACL]) -> list[type[Exception]]:
    try:
        return list(admin.create_acls(rules)["failed"])
    except SecurityDisabledError as error:
        return [type(error)]

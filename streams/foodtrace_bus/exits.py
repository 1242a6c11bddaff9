"""What the exit code of a worker means, for the supervisor that started it.

A supervisor starts a worker again after every code of `RESTART`, with growing pauses. After one of
`OPS` a restart can't help: it leaves the worker ended and shows the sentence that the worker logged
last (`problem` and `advice` in its log), until somebody has acted.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

#: Ended as asked (SIGTERM, SIGINT).
STOPPED = 0
#: An error nobody foresaw; it was counted at its place in the ledger, the third one there is put
#: aside.
CRASHED = 70
#: Brokers or database were away for longer than the worker waits.
AWAY = 75
#: Settings that can't be.
SETTINGS = 78
#: A chunk was lost between fetcher and ledger, and is read again after a restart.
CHUNK_LOST = 79
#: A source got its own topic, which is read after a restart.
SOURCES_CHANGED = 80
#: The topic was deleted and made anew.
LOG_REPLACED = 81
#: The log begins after the ledger's position.
LOG_CUT = 82
#: The log ends before the ledger's position.
LOG_BEHIND = 83
#: A topic is missing.
TOPIC_MISSING = 84
#: A topic's settings would lose or redate evidence.
TOPIC_DIFFERS = 85
#: The ledger's schema is older or newer than the code.
LEDGER_SCHEMA = 86
#: Too many of a partition's latest records went aside.
TOO_MANY_ASIDES = 87
#: The brokers refuse user, password or certificate, theirs isn't trusted, or a right is missing.
BROKER_ACCESS = 88
#: The brokers hold none of what the ledger has read.
BROKER_EMPTY = 90
#: The brokers are too old to tell one log from another.
BROKER_OLD = 91
#: A topic has fewer partitions than were read, or than the settings ask for.
TOO_FEW_PARTITIONS = 92
#: The database refuses user or password, or isn't there.
LEDGER_ACCESS = 93
#: The worker's folder can't be made or written.
FOLDER = 94
#: The signing key isn't the right one, or the evidence contradicts what was signed of it.
EVIDENCE = 89
#: The signing key was retired; the file may hold its follower by now, which a restart takes up.
KEY_RETIRED = 95

RESTART = frozenset({CRASHED, AWAY, CHUNK_LOST, SOURCES_CHANGED, KEY_RETIRED})
OPS = frozenset(
    {
        SETTINGS,
        LOG_REPLACED,
        LOG_CUT,
        LOG_BEHIND,
        TOPIC_MISSING,
        TOPIC_DIFFERS,
        LEDGER_SCHEMA,
        TOO_MANY_ASIDES,
        BROKER_ACCESS,
        EVIDENCE,
        BROKER_EMPTY,
        BROKER_OLD,
        TOO_FEW_PARTITIONS,
        LEDGER_ACCESS,
        FOLDER,
    }
)

#: Exit code by the code of the problem that ended the worker; any other problem is CRASHED.
BY_PROBLEM: Mapping[str, int] = MappingProxyType(
    {
        "push.bus-away": AWAY,
        "ledger.chunk-lost": CHUNK_LOST,
        "worker.sources-changed": SOURCES_CHANGED,
        "bus.log-replaced": LOG_REPLACED,
        "bus.log-cut": LOG_CUT,
        "bus.log-behind": LOG_BEHIND,
        "bus.topic-missing": TOPIC_MISSING,
        "bus.topic-differs": TOPIC_DIFFERS,
        "ledger.older": LEDGER_SCHEMA,
        "ledger.newer": LEDGER_SCHEMA,
        "ledger.too-many-asides": TOO_MANY_ASIDES,
        "bus.access-refused": BROKER_ACCESS,
        "bus.untrusted": BROKER_ACCESS,
        "bus.certificate-unreadable": BROKER_ACCESS,
        "bus.not-allowed": BROKER_ACCESS,
        "bus.empty": BROKER_EMPTY,
        "bus.too-old": BROKER_OLD,
        "bus.too-few-partitions": TOO_FEW_PARTITIONS,
        "ledger.access-refused": LEDGER_ACCESS,
        "ledger.no-database": LEDGER_ACCESS,
        "worker.folder-denied": FOLDER,
        "evidence.wrong-key": EVIDENCE,
        "evidence.retired-key": KEY_RETIRED,
        "evidence.bad-key-file": EVIDENCE,
        "evidence.forked": EVIDENCE,
    }
)

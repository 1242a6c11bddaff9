"""The bus's own named errors; all of them are ours and mean: stop, and let ops decide."""

from __future__ import annotations

from foodtrace.problems import OurFault


class BusAway(OurFault):
    """No broker answers, or not in time; the same call may succeed later."""

    def __init__(self, detail: str) -> None:
        """Tell which brokers and what they said."""
        super().__init__("push.bus-away", detail)


class AccessRefused(OurFault):
    """The brokers don't accept our user, password or certificate, or speak another protocol."""

    def __init__(self, detail: str) -> None:
        """Tell which brokers and what they said; never the password."""
        super().__init__("bus.access-refused", detail)


class BrokerUntrusted(OurFault):
    """What answers isn't the broker: its certificate isn't of our authority or of that name."""

    def __init__(self, detail: str) -> None:
        """Tell which broker and what is wrong with its certificate."""
        super().__init__("bus.untrusted", detail)


class CertificateUnreadable(OurFault):
    """A file of certificates or of a key can't be read."""

    def __init__(self, detail: str) -> None:
        """Tell which files and why."""
        super().__init__("bus.certificate-unreadable", detail)


class NotAllowed(OurFault):
    """The brokers know us, and their rules (ACL) don't allow what was asked."""

    def __init__(self, detail: str) -> None:
        """Tell what was asked of which brokers."""
        super().__init__("bus.not-allowed", detail)


class BusFull(BusAway):
    """A broker's disk has less than the reserve left, so nothing more is taken until it has room."""

    def __init__(self, detail: str) -> None:
        """Tell which broker and how much it has left."""
        OurFault.__init__(self, "push.bus-full", detail)


class TopicMissing(OurFault):
    """A topic isn't there; only foodtrace makes topics."""

    def __init__(self, detail: str) -> None:
        """Tell which topics."""
        super().__init__("bus.topic-missing", detail)


class BrokerEmpty(OurFault):
    """None of the topics that the ledger has read is there: another cluster, or a lost disk."""

    def __init__(self, detail: str) -> None:
        """Tell which topics the ledger has read."""
        super().__init__("bus.empty", detail)


class BrokerOld(OurFault):
    """The brokers know no topic ids, so a topic made anew would be taken for the old one."""

    def __init__(self, detail: str) -> None:
        """Tell which topic has none."""
        super().__init__("bus.too-old", detail)


class TooFewPartitions(OurFault):
    """A topic has fewer partitions than the ledger has read of it, or than are wished for."""

    def __init__(self, detail: str) -> None:
        """Tell topic, partitions, and how many there have to be."""
        super().__init__("bus.too-few-partitions", detail)


class TopicDiffers(OurFault):
    """A topic would lose or redate evidence: each setting that is wrong is named."""

    def __init__(self, detail: str) -> None:
        """Tell topics, settings, what they are and what they have to be."""
        super().__init__("bus.topic-differs", detail)


class LogReplaced(OurFault):
    """The topic was deleted and made anew: the ledger's offsets mean nothing in the new log."""

    def __init__(self, detail: str) -> None:
        """Tell topic and both log ids."""
        super().__init__("bus.log-replaced", detail)


class LogCut(OurFault):
    """The log begins after the ledger's position: records that were never read are gone."""

    def __init__(self, detail: str) -> None:
        """Tell partition, position and the first offset there is."""
        super().__init__("bus.log-cut", detail)


class LogBehind(OurFault):
    """The log ends before the ledger's position: records that were read are gone."""

    def __init__(self, detail: str) -> None:
        """Tell partition, position and the end of the log."""
        super().__init__("bus.log-behind", detail)

"""Whether a cluster of the user's own answers and lets us in."""

from __future__ import annotations

from foodtrace_bus.access import Access
from foodtrace_deploy.stack import probe
from foodtrace_deploy.stack.options import addresses
from foodtrace_deploy.stack.problem import StackProblem

#: Seconds that one broker may take to answer.
_WITHIN_S = 5.0


def check(access: Access) -> None:
    """Raise StackProblem `broker-away`, or AccessRefused, BrokerUntrusted, NotAllowed and the like.

    Brokers that ask for nothing are only asked whether they speak Kafka; others who we are.
    """
    if access.protocol == "PLAINTEXT":
        hosts = addresses(access.bootstrap)
        if not any(probe.kafka(host, port, timeout=_WITHIN_S) for host, port in hosts):
            raise StackProblem("broker-away", broker=access.bootstrap)
        return
    # The client of Kafka is only needed here.
    from foodtrace_bus.cluster import Cluster
    from foodtrace_bus.errors import BusAway

    try:
        with Cluster(access, timeout_s=_WITHIN_S) as cluster:
            cluster.brokers()
    except BusAway as away:
        raise StackProblem("broker-away", broker=access.bootstrap) from away

"""How brokers are reached, in Faust's words."""

from __future__ import annotations

from typing import Any

import faust

from foodtrace_bus.access import Access


def faust_settings(access: Access) -> dict[str, Any]:
    """Faust's settings for the brokers; raises CertificateUnreadable."""
    addresses = (one.strip() for one in access.bootstrap.split(","))
    return {
        "broker": ";".join(f"kafka://{one}" for one in addresses),
        "broker_credentials": _credentials(access),
    }


def _credentials(access: Access) -> Any:
    context = access.tls()
    if access.is_named:
        return faust.SASLCredentials(
            username=access.username,
            password=access.password,
            mechanism=access.mechanism,
            ssl_context=context,
        )
    return None if context is None else faust.SSLCredentials(context=context)

"""How brokers are reached: addresses, TLS, who we say we are. One value for every kind of client.

Whoever talks to Kafka takes an `Access`, or a plain `HOST:PORT, ...` for brokers that ask nothing.
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Self, get_args

from foodtrace_bus.errors import CertificateUnreadable

Protocol = Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]
Mechanism = Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Addresses (HOST:PORT, comma-separated) and what the brokers ask for.

    `ca_file` holds the authorities we trust, as PEM; empty: the system's. `cert_file` and
    `key_file` are our own certificate for brokers that ask for one; the key may stand in the same
    file. A broker's name or address has to stand in its certificate.
    """

    bootstrap: str
    protocol: Protocol = "PLAINTEXT"
    mechanism: Mechanism = "SCRAM-SHA-512"
    username: str = ""
    password: str = field(default="", repr=False)
    ca_file: str = ""
    cert_file: str = ""
    key_file: str = ""

    def __post_init__(self) -> None:
        """Raise ValueError for what no broker could be reached with."""
        if self.protocol not in get_args(Protocol):
            raise ValueError(f"protocol {self.protocol!r}: one of {', '.join(get_args(Protocol))}")
        if not self.is_named:
            return
        if self.mechanism not in get_args(Mechanism):
            known = ", ".join(get_args(Mechanism))
            raise ValueError(f"mechanism {self.mechanism!r}: one of {known}")
        if not self.username:
            raise ValueError(f"{self.protocol} needs a username")

    @classmethod
    def of(cls, given: Access | str) -> Access:
        """The access itself, or one to brokers that ask nothing."""
        return cls(bootstrap=given) if isinstance(given, str) else given

    def at(self, bootstrap: str) -> Self:
        """The same with other addresses, such as those of a proxy."""
        return replace(self, bootstrap=bootstrap)

    @property
    def is_encrypted(self) -> bool:
        """Whether connections speak TLS."""
        return self.protocol in ("SSL", "SASL_SSL")

    @property
    def is_named(self) -> bool:
        """Whether the brokers ask for a user and a password."""
        return self.protocol in ("SASL_PLAINTEXT", "SASL_SSL")

    def tls(self) -> ssl.SSLContext | None:
        """A new context, or None without TLS; names are always checked, TLS 1.2 at least.

        Raises CertificateUnreadable for a file that isn't there or isn't what it should be.
        """
        if not self.is_encrypted:
            return None
        try:
            context = ssl.create_default_context(cafile=self.ca_file or None)
            context.minimum_version = ssl.TLSVersion.TLSv1_2
            if self.cert_file:
                context.load_cert_chain(self.cert_file, self.key_file or None)
        except (OSError, ssl.SSLError) as error:
            files = [file for file in (self.ca_file, self.cert_file, self.key_file) if file]
            raise CertificateUnreadable(f"{', '.join(files)}: {error}") from error
        return context


def client_settings(given: Access | str) -> dict[str, Any]:
    """Keyword arguments for every client of aiokafka and of kafka-python, which name them alike.

    Raises CertificateUnreadable.
    """
    access = Access.of(given)
    settings: dict[str, Any] = {
        "bootstrap_servers": access.bootstrap,
        "security_protocol": access.protocol,
    }
    context = access.tls()
    if context is not None:
        settings["ssl_context"] = context
    if access.is_named:
        settings |= {
            "sasl_mechanism": access.mechanism,
            "sasl_plain_username": access.username,
            "sasl_plain_password": access.password,
        }
    return settings

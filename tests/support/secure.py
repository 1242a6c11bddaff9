"""Certificates, users and settings of a cluster that asks for both: TLS, SCRAM-SHA-512, ACLs.

The authority and its certificates are made anew for each cluster and are good for a day.
"""

from __future__ import annotations

import datetime
import ipaddress
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from foodtrace_bus.access import Access
from foodtrace_deploy.stack import probe
from foodtrace_deploy.stack.kafka import Kafka
from foodtrace_deploy.stack.ports import HOST

#: Who may do everything; and foodtrace and two sources, who may do nothing by themselves.
KEEPER, STEWARD, SOURCE, OTHER = "keeper", "foodtrace", "market-a", "market-b"
_NODE = "node"


@dataclass(frozen=True, slots=True, kw_only=True)
class Safe:
    """The files of one cluster's authority, and its users' passwords.

    `by_certificate` are the addresses at which clients prove themselves by a certificate instead.
    """

    folder: Path
    passwords: dict[str, str]
    by_certificate: str = ""

    @property
    def ca(self) -> Path:
        """The authority that signed the nodes' certificates."""
        return self.folder / "ca.pem"

    def access(self, bootstrap: str, user: str, password: str | None = None) -> Access:
        """How that user reaches the cluster."""
        return Access(
            bootstrap=bootstrap,
            protocol="SASL_SSL",
            username=user,
            password=self.passwords[user] if password is None else password,
            ca_file=str(self.ca),
        )

    def keeper(self, bootstrap: str) -> Access:
        """How its keeper reaches it."""
        return self.access(bootstrap, KEEPER)

    def certified(self, file: str = "node.pem") -> Access:
        """How somebody with a certificate reaches it; the nodes' own may do everything."""
        return Access(
            bootstrap=self.by_certificate,
            protocol="SSL",
            ca_file=str(self.ca),
            cert_file=str(self.folder / file),
        )

    def of_node(self, server: Kafka, door: int) -> dict[str, Any]:
        """What a plain node has to be given to become a safe one; `door` is for certificates."""
        users = f"SASL_SSL://{server.bootstrap},CERTIFIED://{HOST}:{door}"
        listeners = {
            "listeners": f"{users},CONTROLLER://{HOST}:{server.controller_port}",
            "advertised.listeners": users,
        }
        context = self.keeper(server.bootstrap).tls()
        return {
            "protocol": "SASL_SSL",
            "more": _settings(self) | listeners,
            "users": tuple(
                f"SCRAM-SHA-512=[name={user},password={password}]"
                for user, password in self.passwords.items()
            ),
            "ready": lambda: probe.kafka(HOST, server.port, context=context),
        }


def make(folder: Path) -> Safe:
    """An authority, one certificate for all nodes, users with passwords."""
    folder.mkdir(mode=0o700, parents=True)
    authority(folder / "ca.pem", folder / "node.pem")
    users = (KEEPER, STEWARD, SOURCE, OTHER, _NODE)
    return Safe(folder=folder, passwords={user: secrets.token_hex(12) for user in users})


def authority(ca_file: Path, certificate_file: Path) -> None:
    """Write a new authority's certificate, and with its key one it signed for 127.0.0.1."""
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca_name, name = _name("test authority"), _name(_NODE)
    limits = x509.BasicConstraints(ca=True, path_length=0)
    ca = _draft(ca_name, ca_name, ca_key).add_extension(limits, critical=True)
    both = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
    here = x509.SubjectAlternativeName(
        [x509.IPAddress(ipaddress.ip_address(HOST)), x509.DNSName("localhost")]
    )
    certificate = (
        _draft(name, ca_name, key)
        .add_extension(x509.ExtendedKeyUsage(both), critical=False)
        .add_extension(here, critical=False)
        .sign(ca_key, hashes.SHA256())
    )
    ca_file.write_bytes(ca.sign(ca_key, hashes.SHA256()).public_bytes(_PEM))
    private = key.private_bytes(
        _PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    certificate_file.write_bytes(private + certificate.public_bytes(_PEM))
    certificate_file.chmod(0o600)


_PEM = serialization.Encoding.PEM


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _draft(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey
) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
    )


def _settings(safe: Safe) -> dict[str, object]:
    scram = "org.apache.kafka.common.security.scram.ScramLoginModule required"
    user = f'username="{_NODE}" password="{safe.passwords[_NODE]}"'
    return {
        "listener.security.protocol.map": "CONTROLLER:SSL,SASL_SSL:SASL_SSL,CERTIFIED:SSL",
        "inter.broker.listener.name": "SASL_SSL",
        "sasl.enabled.mechanisms": "SCRAM-SHA-512",
        "sasl.mechanism.inter.broker.protocol": "SCRAM-SHA-512",
        "listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config": f"{scram} {user};",
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": f"{safe.folder}/node.pem",
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": f"{safe.folder}/ca.pem",
        # Controllers know each other by their certificates: the nodes' users stand in their log.
        "listener.name.controller.ssl.client.auth": "required",
        "listener.name.certified.ssl.client.auth": "required",
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users": f"User:{KEEPER};User:{_NODE};User:CN={_NODE}",
    }

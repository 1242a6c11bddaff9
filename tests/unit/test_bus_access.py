"""How brokers are reached: one value from the settings to every client, and no password in sight."""

from __future__ import annotations

import ssl
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import aiokafka.errors as aio
import faust
import kafka.errors as plain
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError

from foodtrace_bus.access import Access, Mechanism, Protocol, client_settings
from foodtrace_bus.errors import AccessRefused, CertificateUnreadable, NotAllowed
from foodtrace_bus.exits import OPS
from foodtrace_bus.refusals import plainly
from foodtrace_ops.settings import Settings
from foodtrace_streams.crash import exit_code
from foodtrace_streams.credentials import faust_settings
from support.secure import authority

_TEXT = st.text(
    st.characters(min_codepoint=33, max_codepoint=0x9FFF, exclude_categories=["Cs"]), min_size=1
)
_WORDS = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=12)

ACCESSES = st.builds(
    Access,
    bootstrap=st.sampled_from(["127.0.0.1:9092", "a:1,b:2"]),
    protocol=st.sampled_from(get_args(Protocol)),
    mechanism=st.sampled_from(get_args(Mechanism)),
    username=_TEXT,
    password=_TEXT,
)


def settings_of(access: Access) -> Settings:
    return Settings(
        brokers=access.bootstrap,
        broker_security=access.protocol,
        broker_mechanism=access.mechanism,
        broker_username=access.username,
        broker_password=SecretStr(access.password),
        broker_ca=access.ca_file,
        broker_certificate=access.cert_file,
        broker_private_key=access.key_file,
    )


@settings(max_examples=30)
@given(access=ACCESSES)
def test_a_child_reaches_brokers_as_its_parent_does(access: Access) -> None:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in settings_of(access).environment().items():
            patch.setenv(name, value)
        assert Settings().access() == access


@settings(max_examples=30)
@given(password=_WORDS)
def test_a_password_is_never_shown(password: str) -> None:
    hidden = Access(bootstrap="a:1", protocol="SASL_SSL", username="u", password=password)
    assert password not in f"{hidden!r} {hidden} {settings_of(hidden)!r}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FOODTRACE_BROKER_SECURITY", "SASL_SSL")
        patch.setenv("FOODTRACE_BROKER_PASSWORD", password)
        with pytest.raises(ValidationError, match="username") as caught:
            Settings()
    assert password not in str(caught.value)


# A context with the system's authorities takes a while.
@settings(max_examples=12)
@given(access=ACCESSES)
def test_every_client_is_told_the_same(access: Access) -> None:
    plain: dict[str, Any] = client_settings(access)
    assert plain["bootstrap_servers"] == access.bootstrap
    assert plain["security_protocol"] == access.protocol
    assert ("ssl_context" in plain) == access.is_encrypted
    assert ("sasl_plain_password" in plain) == access.is_named
    told = faust_settings(access)["broker_credentials"]
    if access.is_named:
        assert isinstance(told, faust.SASLCredentials)
        assert (told.username, told.password) == (access.username, access.password)
        assert told.mechanism.value == access.mechanism == plain["sasl_mechanism"]
    if access.protocol == "PLAINTEXT":
        assert told is None
    else:
        assert told.protocol.value == access.protocol


WRONG: list[dict[str, Any]] = [
    {"protocol": "TLS"},
    {"protocol": "SASL_SSL"},
    {"protocol": "SASL_SSL", "username": "u", "mechanism": "MD5"},
]


@pytest.mark.parametrize("wrong", WRONG)
def test_what_no_broker_could_be_reached_with_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"protocol|username|mechanism"):
        Access(bootstrap="a:1", **wrong)
    names = {"protocol": "security"}
    told: dict[str, Any] = {f"broker_{names.get(name, name)}": wrong[name] for name in wrong}
    with pytest.raises(ValidationError):
        Settings(**told)


def test_names_are_checked_and_files_are_named(tmp_path: Path) -> None:
    authority(tmp_path / "ca.pem", tmp_path / "own.pem")
    right = Access(
        bootstrap="a:1",
        protocol="SSL",
        ca_file=str(tmp_path / "ca.pem"),
        cert_file=str(tmp_path / "own.pem"),
    )
    context = right.tls()
    assert context is not None
    assert context.check_hostname
    assert context.verify_mode == ssl.CERT_REQUIRED
    (tmp_path / "key.pem").write_text("no key")
    for name in ("ca_file", "cert_file", "key_file"):
        for file in ("nowhere.pem", "key.pem"):
            wrong: dict[str, Any] = {name: str(tmp_path / file)}
            with pytest.raises(CertificateUnreadable, match=file):
                replace(right, **wrong).tls()


def test_a_clients_refusal_ends_a_worker_for_good_and_a_broken_line_does_not() -> None:
    for error in (
        aio.GroupAuthorizationFailedError("g"),
        aio.TopicAuthorizationFailedError("t"),
        plain.ClusterAuthorizationFailedError("c"),
        plain.SaslAuthenticationFailedError("s"),
    ):
        told = plainly("a:1", error)
        assert isinstance(told, NotAllowed | AccessRefused)
        assert exit_code(told) in OPS
    for passing in (aio.KafkaConnectionError("away"), plain.NodeNotReadyError("n"), OSError("o")):
        assert plainly("a:1", passing) is passing
        assert exit_code(passing) not in OPS
    # What was handled on the way isn't what it ended by.
    crash = ValueError("a bug")
    crash.__context__ = NotAllowed("a:1")
    assert plainly("a:1", crash) is crash

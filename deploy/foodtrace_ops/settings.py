"""Every setting of every foodtrace process: one table of name, default and help.

A process reads it once, in its composition root, from the environment (`FOODTRACE_` and the name in
capitals) and hands values on; nothing else reads the environment. The embedded stack writes the same
variables for the parts it starts, so a part can also be started by hand or by Kubernetes.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from foodtrace_bus.access import Access, Mechanism, Protocol

PREFIX = "FOODTRACE_"

BrokerKind = Literal["kafka", "memory", "external"]
LogLevel = Literal["debug", "info", "warning", "error"]
LogFormat = Literal["json", "console"]

MIB = 1024 * 1024


def _row(default: Any, en: str, zh: str, **limits: Any) -> Any:
    """One line of the table: default, what it means in English and Chinese, its range."""
    return Field(default=default, description=en, json_schema_extra={"zh": zh}, **limits)


class Settings(BaseSettings):
    """The table. Units are in the names or texts; a value out of range raises ValidationError."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        validate_default=True,
        # An error of the whole table would show all of it, passwords included.
        hide_input_in_errors=True,
    )

    # Ledger and office
    database_url: SecretStr = _row(
        SecretStr("postgresql://foodtrace@127.0.0.1:5432/foodtrace"),
        "PostgreSQL that holds ledger and office, as a libpq URL",
        "账本与登记库所在的 PostgreSQL，libpq 形式的地址",
    )
    database_pool: int = _row(
        8, "Connections a process keeps at most", "每个进程最多保持的数据库连接数", ge=1, le=200
    )

    # Event bus
    brokers: str = _row(
        "127.0.0.1:9092",
        "Kafka bootstrap servers, comma-separated HOST:PORT",
        "Kafka 引导地址，以逗号分隔的 HOST:PORT",
    )
    broker_security: Protocol = _row(
        "PLAINTEXT",
        "How brokers are spoken to: PLAINTEXT, SSL (TLS), SASL_PLAINTEXT (user and password) or"
        " SASL_SSL (both)",
        "连接消息集群的方式：PLAINTEXT、SSL（TLS）、SASL_PLAINTEXT（用户名与密码）或 SASL_SSL（两者）",
    )
    broker_mechanism: Mechanism = _row(
        "SCRAM-SHA-512",
        "How the password is proved: SCRAM-SHA-512, SCRAM-SHA-256 or PLAIN",
        "密码验证方式：SCRAM-SHA-512、SCRAM-SHA-256 或 PLAIN",
    )
    broker_username: str = _row("", "User at the brokers", "消息集群的用户名")
    broker_password: SecretStr = _row(SecretStr(""), "Password at the brokers", "消息集群的密码")
    broker_ca: str = _row(
        "",
        "File of the authorities that brokers' certificates are checked by (PEM); empty: the system's",
        "核验消息集群证书的 CA 文件（PEM）；空则用系统自带",
    )
    broker_certificate: str = _row(
        "",
        "File of our own certificate, for brokers that ask for one (PEM)",
        "本方证书文件（PEM），供要求客户端证书的集群",
    )
    broker_private_key: str = _row(
        "",
        "File of its private key (PEM, without a password); empty: it stands in the certificate's file",
        "证书的私钥文件（PEM，无密码）；空则与证书在同一文件",
    )
    broker_kind: BrokerKind = _row(
        "external",
        "kafka: Apache Kafka of the embedded stack; memory: its in-memory broker; "
        "external: a cluster of your own",
        "kafka：内置 Apache Kafka；memory：内置内存消息总线；external：自有集群",
    )
    broker_log: str = _row(
        "",
        "Identity of the in-memory broker's log, minted by the stack at each start; "
        "empty: ask the broker for its topic ids",
        "内存消息总线的日志标识，由内置环境每次启动时生成；空则向集群查询主题编号",
    )
    topic_prefix: str = _row(
        "foodtrace.",
        "Put before the name of every topic",
        "所有主题名称的前缀",
        pattern=r"^[A-Za-z0-9._-]{0,60}$",
    )
    partitions: int = _row(
        0,
        "Partitions of a topic that is made anew; 0: as many as the table of topics says",
        "新建主题的分区数；0 表示按主题表",
        ge=0,
        le=1000,
    )
    replication: int = _row(
        0,
        "Copies of every record; 0: three where there are three brokers, otherwise one",
        "每条记录的副本数；0 表示三个及以上节点时为三，否则为一",
        ge=0,
        le=9,
    )

    broker_reserve_bytes: int = _row(
        1024 * MIB,
        "Bytes that stay free on every broker's disk: with less nothing is taken any more, with less"
        " than twice that a warning is shown; 0: never look",
        "每个消息节点磁盘须保留的字节数：低于此值停止接收，低于其两倍时告警；0 表示不检查",
        ge=0,
    )

    # Workers
    consumer: str = _row(
        "foodtrace",
        "Name under which workers share partitions and the ledger keeps its read position",
        "工作进程共享分区、账本记录读取位置所用的名称",
        pattern=r"^[A-Za-z0-9._-]{1,60}$",
    )
    worker_index: int = _row(
        0,
        "Number of this worker; a restarted worker keeps it and gets its partitions back",
        "本工作进程的编号；重启后保持不变，以取回原有分区",
        ge=0,
        le=999,
    )
    worker_port: int = _row(
        0,
        "Port of the worker's own /metrics and /readyz; 0: none",
        "工作进程自身 /metrics 与 /readyz 的端口；0 表示不开放",
        ge=0,
        le=65535,
    )
    worker_host: str = _row(
        "127.0.0.1",
        "Address on which that door listens; a cluster's probes and Prometheus need another one",
        "上述端口的监听地址；集群探针与 Prometheus 需改为可达地址",
    )
    chunk_records: int = _row(
        500, "Records of one ledger transaction at most", "单个账本事务最多记录数", ge=1, le=10_000
    )
    queue_bytes: int = _row(
        32 * MIB,
        "Bytes of records that wait for the ledger per partition before it is paused",
        "每个分区等待入账的字节上限，超过即暂停读取",
        ge=MIB,
    )

    queues_bytes: int = _row(
        256 * MIB,
        "The same for all partitions of a worker together, before each that gets more is paused",
        "同一工作进程所有分区等待入账的字节总上限，超过后逐个暂停",
        ge=MIB,
    )

    aside_window: int = _row(
        1000,
        "Latest records of a partition among which those put aside are counted",
        "统计被隔离记录时所看的每个分区最近记录数",
        ge=1,
        le=1_000_000,
    )
    aside_limit: float = _row(
        0.5,
        "Share of them put aside above which the worker stops, rather than drain a topic into dead"
        " letters; 1: never",
        "被隔离记录的占比上限，超过即停止工作进程，以免整个主题变成死信；1 表示从不停止",
        ge=0,
        le=1,
    )
    asides_seen: str = _row(
        "",
        "Where a stop for that was looked into, as TOPIC/PARTITION/OFFSET, comma-separated: up to"
        " there nothing counts towards the limit",
        "已查明停止原因的位置，形如 主题/分区/偏移，以逗号分隔；此前的记录不再计入占比",
        pattern=r"^([^/,\s]+/\d{1,9}/\d{1,18}(,[^/,\s]+/\d{1,9}/\d{1,18})*)?$",
    )

    evidence_key: str = _row(
        "",
        "File of the key that signs checkpoints of the evidence (Ed25519, PEM); empty: none are signed",
        "签署存证检查点的私钥文件（Ed25519，PEM）；空则不签署",
    )
    evidence_seconds: float = _row(
        30.0,
        "A partition that grows gets a signed checkpoint at most this often, in seconds",
        "持续增长的分区签署检查点的最短间隔（秒）",
        ge=0,
        le=86_400,
    )

    # HTTP door
    api_host: str = _row("127.0.0.1", "Address the API listens on", "接口监听地址")
    api_port: int = _row(8400, "Port the API listens on", "接口监听端口", ge=1, le=65535)
    max_events_per_call: int = _row(
        20_000, "Events of one POST /v1/events at most", "单次报送事件数上限", ge=1
    )
    max_body_bytes: int = _row(
        64 * MIB, "Bytes of one request body at most", "请求正文字节上限", ge=1024
    )
    push_bytes: int = _row(
        256 * MIB,
        "Bytes of request bodies that pushes may have in the door's hands at once, all together;"
        " more are told to come again (503)",
        "同时处理的报送正文总字节上限，超过则请其稍后重试（503）",
        ge=1024,
    )
    max_event_bytes: int = _row(
        4 * MIB, "Bytes of one event, as JSON or as Avro, at most", "单个事件字节上限", ge=1024
    )
    after_wait_seconds: float = _row(
        10.0,
        "How long ?after=TOKEN waits until that push is in the ledger",
        "?after=TOKEN 等待入账的最长秒数",
        ge=0,
        le=120,
    )
    receipt_requests_per_minute: int = _row(
        60,
        "Look-ups of receipts a minute from one address without a key",
        "无密钥时单个地址每分钟可查询小票次数",
        ge=1,
    )

    # Files, logs, language
    data_folder: Path = _row(
        Path(".foodtrace"), "Folder for everything the process keeps", "数据目录"
    )
    cache_folder: Path = _row(
        Path("~/.cache/foodtrace"),
        "Folder for downloads that several data folders share",
        "多个数据目录共用的下载缓存目录",
    )
    maven_url: str = _row(
        "",
        "Maven repository that Apache Kafka is fetched from, such as a mirror; empty: Maven Central",
        "下载 Apache Kafka 的 Maven 仓库地址（可用镜像）；空则为 Maven Central",
        pattern=r"^(https?://.*)?$",
    )
    log_level: LogLevel = _row("info", "Least level that is logged", "日志级别")
    log_format: LogFormat = _row(
        "json", "json: one object a line; console: for people", "日志形式：json 或 console"
    )

    @field_validator("data_folder", "cache_folder")
    @classmethod
    def _expand(cls, folder: Path) -> Path:
        return folder.expanduser()

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        self.access()
        return self

    def access(self) -> Access:
        """How to reach the brokers, for everything that talks to Kafka."""
        return Access(
            bootstrap=self.brokers,
            protocol=self.broker_security,
            mechanism=self.broker_mechanism,
            username=self.broker_username,
            password=self.broker_password.get_secret_value(),
            ca_file=self.broker_ca,
            cert_file=self.broker_certificate,
            key_file=self.broker_private_key,
        )

    @property
    def instance_id(self) -> str:
        """`consumer_group_instance_id`: the same after a restart of the same worker."""
        return f"{self.consumer}-{self.worker_index}"

    @property
    def group(self) -> str:
        """Name of the workers' group at the brokers."""
        return self.topic_prefix + self.consumer

    def environment(self) -> dict[str, str]:
        """All values as environment variables, secrets included: only for a child process."""
        return {variable(name): _plain(getattr(self, name)) for name in type(self).model_fields}


def _plain(value: Any) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return PREFIX + name.upper()


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingRow:
    """A line of the table as it is shown to people; `default` never holds a secret."""

    variable: str
    default: str
    zh: str
    en: str


def table() -> tuple[SettingRow, ...]:
    """The whole table, in its order, for `--help`, documentation and `doctor`."""
    return tuple(
        SettingRow(
            variable=variable(name),
            default="***" if isinstance(field.default, SecretStr) else str(field.default),
            zh=_zh(field.json_schema_extra),
            en=field.description or "",
        )
        for name, field in Settings.model_fields.items()
    )


def _zh(extra: Any) -> str:
    return str(extra["zh"]) if isinstance(extra, dict) else ""

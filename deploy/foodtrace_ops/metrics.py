"""The name, type and meaning of every metric, once; doors and workers count by these names.

`counter("foodtrace_...")`, `gauge(...)` and `histogram(...)` give the metric of that row, made once
a process in prometheus_client's default registry. A name that isn't in the table is a KeyError.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram

MetricType = Literal["counter", "gauge", "histogram"]

#: Upper bounds in seconds: from a single look-up to what a person no longer waits for.
SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
#: Upper bounds in records or events of one batch.
RECORDS = (1.0, 5.0, 10.0, 50.0, 100.0, 250.0, 500.0, 1000.0, 5000.0, 20000.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricRow:
    """One metric: name with its unit, type, labels, what it means in Chinese and English."""

    name: str
    type: MetricType
    zh: str
    en: str
    labels: tuple[str, ...] = ()
    buckets: Sequence[float] = SECONDS


def _counter(name: str, en: str, zh: str, *labels: str) -> MetricRow:
    return MetricRow(name=name, type="counter", zh=zh, en=en, labels=labels)


def _gauge(name: str, en: str, zh: str, *labels: str) -> MetricRow:
    return MetricRow(name=name, type="gauge", zh=zh, en=en, labels=labels)


def _histogram(
    name: str, en: str, zh: str, *labels: str, buckets: Sequence[float] = SECONDS
) -> MetricRow:
    return MetricRow(name=name, type="histogram", zh=zh, en=en, labels=labels, buckets=buckets)


METRICS: tuple[MetricRow, ...] = (
    # HTTP door
    _counter(
        "foodtrace_http_requests_total",
        "HTTP requests answered",
        "已应答的 HTTP 请求数",
        *("method", "route", "status"),
    ),
    _histogram(
        "foodtrace_http_request_seconds",
        "Time to answer an HTTP request",
        "HTTP 请求应答耗时（秒）",
        *("method", "route"),
    ),
    _counter(
        "foodtrace_pushed_events_total",
        "Events pushed over HTTP, by kind and answer (accepted, duplicate, refused)",
        "经 HTTP 报送的事件数，按类型与结果（接受、重复、拒绝）",
        *("kind", "answer"),
    ),
    _histogram(
        "foodtrace_publish_seconds",
        "Time until the brokers acknowledged the events of one call",
        "单次报送等待消息总线确认的耗时（秒）",
    ),
    _gauge(
        "foodtrace_push_bytes",
        "Bytes of request bodies that pushes have in the door's hands",
        "正在处理的报送正文字节数",
    ),
    _gauge(
        "foodtrace_broker_disk_free_bytes",
        "Bytes free on the disk of a broker's log folder; absent where it can't be told",
        "消息节点日志目录所在磁盘的剩余字节数；无法得知时不输出",
        *("broker", "folder"),
    ),
    _gauge(
        "foodtrace_behind_records",
        "Records that a part hasn't dealt with yet: ledger, intake (outside topics), relay (dead"
        " letters for their topic), signer (not yet under a signed checkpoint); absent where it"
        " can't be told",
        "各部分尚未处理的记录数：账本、外部接入、死信转发、检查点签名；无法得知时不输出",
        "part",
    ),
    _gauge(
        "foodtrace_partition_owned",
        "Whether a worker reads the partition (1) or nobody does (0); absent where it can't be told",
        "分区是否有工作进程读取（1 有，0 无）；无法得知时不输出",
        *("topic", "partition"),
    ),
    _histogram(
        "foodtrace_walk_seconds",
        "Time of one lineage question in the ledger (upstream, downstream, affected)",
        "单次谱系查询耗时（秒）",
        "question",
    ),
    # Workers
    _counter("foodtrace_ledger_events_total", "Events new to the ledger", "新入账事件数", "topic"),
    _counter(
        "foodtrace_ledger_lines_total", "Event lines new to the ledger", "新入账明细行数", "topic"
    ),
    _counter(
        "foodtrace_ledger_duplicates_total",
        "Events that the ledger already had",
        "账本中已有的重复事件数",
        "topic",
    ),
    _counter(
        "foodtrace_asides_total",
        "Records put aside as dead letters, by problem code",
        "隔离为死信的记录数，按问题代码",
        *("topic", "code"),
    ),
    _counter(
        "foodtrace_deadletters_relayed_total",
        "Dead letters published to their topic",
        "已转发至死信主题的记录数",
    ),
    _gauge(
        "foodtrace_deadletter_open_records",
        "Dead letters that nobody has dealt with yet, by problem code and source",
        "尚未处置的死信数，按问题代码与来源",
        *("code", "source"),
    ),
    _gauge(
        "foodtrace_halted_at_records",
        "Offset at which the workers stopped in a partition, by the problem's code; absent while they go on",
        "工作进程在该分区停止处的偏移，按问题代码；未停止时不输出",
        *("topic", "partition", "code"),
    ),
    _histogram(
        "foodtrace_chunk_seconds",
        "Time of one ledger transaction, decoding included",
        "单个账本事务耗时（秒，含解码）",
        "topic",
    ),
    _histogram(
        "foodtrace_chunk_records",
        "Records of one ledger transaction",
        "单个账本事务的记录数",
        "topic",
        buckets=RECORDS,
    ),
    _histogram(
        "foodtrace_visible_seconds",
        "Time from the broker's acceptance of an event to its commit in the ledger",
        "事件自消息总线接收至入账的耗时（秒）",
    ),
    _gauge(
        "foodtrace_lag_records",
        "Records of a partition that the ledger hasn't read; absent where it can't be told",
        "分区中尚未入账的记录数；无法得知时不输出",
        *("topic", "partition"),
    ),
    _gauge(
        "foodtrace_queue_bytes",
        "Bytes of records that a worker holds for the ledger, all partitions together",
        "工作进程中等待入账的字节总数",
    ),
    _gauge(
        "foodtrace_paused_partitions",
        "Partitions that a worker doesn't fetch from because enough of them waits for the ledger",
        "因等待入账过多而暂停读取的分区数",
    ),
    _gauge(
        "foodtrace_held_up_partitions",
        "Partitions whose chunk is tried again and again, by the problem's code; absent without",
        "批次反复重试的分区数，按问题代码；没有时不输出",
        "code",
    ),
    _counter(
        "foodtrace_checkpoints_signed_total",
        "Checkpoints of the evidence that this worker signed",
        "本工作进程签署的存证检查点数",
    ),
    _gauge(
        "foodtrace_evidence_size_records",
        "Records of a partition that are in its tree of evidence",
        "分区中已纳入存证树的记录数",
        *("topic", "partition"),
    ),
    _gauge(
        "foodtrace_evidence_signed_records",
        "Records of a partition that its last signed checkpoint covers",
        "分区中已被最近签署的检查点覆盖的记录数",
        *("topic", "partition"),
    ),
    _gauge(
        "foodtrace_evidence_checkpoint_age_seconds",
        "Time since the last signed checkpoint of a partition; absent where nothing was signed",
        "分区距最近一次签署检查点的秒数；从未签署时不输出",
        *("topic", "partition"),
    ),
    _counter(
        "foodtrace_chunk_retries_total",
        "Chunks tried again, by reason",
        "批次重试次数，按原因",
        "reason",
    ),
)

_ROWS = {row.name: row for row in METRICS}


class Metrics:
    """The metrics of the table in one registry, each made when it is first asked for."""

    def __init__(self, registry: CollectorRegistry = REGISTRY) -> None:
        """Start without any."""
        self._registry = registry
        self._lock = threading.Lock()
        self._made: dict[str, Counter | Gauge | Histogram] = {}

    def counter(self, name: str) -> Counter:
        """The counter of that name."""
        made = self._make(name)
        if not isinstance(made, Counter):
            raise TypeError(f"{name} is a {_ROWS[name].type}")
        return made

    def gauge(self, name: str) -> Gauge:
        """The gauge of that name."""
        made = self._make(name)
        if not isinstance(made, Gauge):
            raise TypeError(f"{name} is a {_ROWS[name].type}")
        return made

    def histogram(self, name: str) -> Histogram:
        """The histogram of that name."""
        made = self._make(name)
        if not isinstance(made, Histogram):
            raise TypeError(f"{name} is a {_ROWS[name].type}")
        return made

    def _make(self, name: str) -> Counter | Gauge | Histogram:
        row = _ROWS[name]
        with self._lock:
            if name not in self._made:
                self._made[name] = self._new(row)
            return self._made[name]

    def _new(self, row: MetricRow) -> Counter | Gauge | Histogram:
        if row.type == "counter":
            return Counter(row.name, row.en, row.labels, registry=self._registry)
        if row.type == "gauge":
            return Gauge(row.name, row.en, row.labels, registry=self._registry)
        return Histogram(row.name, row.en, row.labels, registry=self._registry, buckets=row.buckets)


_default = Metrics()
counter = _default.counter
gauge = _default.gauge
histogram = _default.histogram

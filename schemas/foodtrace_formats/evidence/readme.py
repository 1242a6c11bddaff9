"""The page for people that lies in every bundle, always the same."""

from __future__ import annotations

TEXT = """\
foodtrace evidence, format 1
食品追溯证据包，格式 1

Records of the event log as they were received, with signed checkpoints of the log's Merkle tree
(RFC 6962). Whoever has the public key from elsewhere can check, without any server:
本包含事件日志的原始记录与日志 Merkle 树（RFC 6962）的已签名检查点。持有另行取得的公钥者，无需联网即可核验：

    foodtrace verify FILE --key KEY.pem

The public key in here vouches only for itself. docs/evidence.md of foodtrace describes each byte,
so that a verifier of one's own can be written.
包内公钥只能证明自身一致。格式逐字节说明见 foodtrace 的 docs/evidence.zh.md，可据以自行编写核验程序。

records/TOPIC/PARTITION            the records 记录
hashes/TOPIC/PARTITION             the hash of each record of a range 区间内各记录的哈希
proofs/TOPIC/PARTITION             an inclusion proof for each chosen record 所选记录的包含证明
checkpoints/TOPIC/PARTITION/SIZE   signed checkpoints 已签名检查点
key.pem                            the public key (Ed25519) 公钥
manifest.json, manifest.note       what is in the bundle, signed 清单及其签名
"""

-- The Merkle tree over each partition's records.

-- name: evidence_head
SELECT topic, partition, log, size, next_offset, last_offset, as_of, link, frontier, tail,
       tail_offsets
FROM ledger.evidence_head
WHERE topic = :topic AND partition = :partition

-- name: evidence_heads
SELECT topic, partition, log, size, next_offset, last_offset, as_of, link, frontier, tail,
       tail_offsets
FROM ledger.evidence_head
ORDER BY topic, partition

-- name: evidence_sizes
SELECT log, topic, partition, size, as_of FROM ledger.evidence_head WHERE size > 0

-- name: write_evidence
-- Gives no row where the head isn't the one that the tree was grown from.
WITH tile AS (
    INSERT INTO ledger.evidence_tile (topic, partition, index, first_offset, offsets, root, hashes)
    SELECT :topic, :partition, n.index, n.first_offset, cast(n.offsets AS bigint[]), n.root,
           n.hashes
    FROM unnest(cast(:tile_index AS bigint[]), cast(:first_offset AS bigint[]),
                cast(:offsets AS text[]), cast(:tile_root AS bytea[]), cast(:hashes AS bytea[]))
         AS n (index, first_offset, offsets, root, hashes)
), node AS (
    INSERT INTO ledger.evidence_node (topic, partition, height, index, root)
    SELECT :topic, :partition, n.height, n.index, n.root
    FROM unnest(cast(:height AS integer[]), cast(:node_index AS bigint[]),
                cast(:node_root AS bytea[])) AS n (height, index, root)
)
INSERT INTO ledger.evidence_head AS h
    (topic, partition, log, size, next_offset, last_offset, as_of, link, frontier, tail,
     tail_offsets)
VALUES (:topic, :partition, :log, :size, :next_offset, :last_offset, :as_of, :link, :frontier,
        :tail, cast(:tail_offsets AS bigint[]))
ON CONFLICT (topic, partition) DO UPDATE
SET size = excluded.size, next_offset = excluded.next_offset, last_offset = excluded.last_offset,
    as_of = excluded.as_of, link = excluded.link, frontier = excluded.frontier,
    tail = excluded.tail, tail_offsets = excluded.tail_offsets
WHERE h.next_offset = :was
RETURNING h.size

-- name: evidence_tile
SELECT index AS number, first_offset, offsets, root, hashes
FROM ledger.evidence_tile
WHERE topic = :topic AND partition = :partition AND index = :index

-- name: evidence_tiles
SELECT index AS number, first_offset, offsets, root, hashes
FROM ledger.evidence_tile
WHERE topic = :topic AND partition = :partition AND index >= :first AND index < :end
ORDER BY index

-- name: evidence_tile_roots
SELECT index AS number, root
FROM ledger.evidence_tile
WHERE topic = :topic AND partition = :partition AND index >= :first AND index < :end

-- name: evidence_nodes
SELECT index AS number, root
FROM ledger.evidence_node
WHERE topic = :topic AND partition = :partition AND height = :height
  AND index >= :first AND index < :end

-- name: evidence_incomplete
SELECT p.topic, p.partition
FROM ledger.position p
LEFT JOIN ledger.evidence_head h
       ON h.topic = p.topic AND h.partition = p.partition AND h.next_offset >= p.next_offset
WHERE p.consumer = :consumer AND p.next_offset > 0 AND h.topic IS NULL
ORDER BY p.topic, p.partition

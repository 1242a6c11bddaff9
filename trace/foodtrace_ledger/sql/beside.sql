-- Dead letters, and when each source was heard.

-- name: insert_dead_letter
INSERT INTO ledger.dead_letter
    (log, topic, partition, "offset", received_at, code, detail, path, schema_id, key, value,
     headers, source, requeued_from, consumer)
SELECT n.*, :consumer
FROM unnest(cast(:log AS text[]), cast(:topic AS text[]), cast(:partition AS integer[]),
            cast(:offset AS bigint[]), cast(:received_at AS timestamptz[]), cast(:code AS text[]),
            cast(:detail AS text[]), cast(:path AS text[]), cast(:schema_id AS bigint[]),
            cast(:key AS bytea[]), cast(:value AS bytea[]), cast(:headers AS jsonb[]),
            cast(:source AS text[]), cast(:requeued_from AS text[])) AS n
ON CONFLICT DO NOTHING

-- name: hear
INSERT INTO ledger.heard AS h (source, topic, partition, received_at)
SELECT *
FROM unnest(cast(:source AS text[]), cast(:topic AS text[]), cast(:partition AS integer[]),
            cast(:received_at AS timestamptz[]))
ON CONFLICT (source, topic, partition) DO UPDATE
SET received_at = greatest(h.received_at, excluded.received_at)

-- name: last_heard
SELECT source, max(received_at) AS received_at FROM ledger.heard GROUP BY source ORDER BY source

-- name: dead_letters
-- Those that wait: what was dealt with is missing from no answer.
SELECT count(*) FROM ledger.dead_letter d
WHERE NOT EXISTS (
    SELECT FROM ledger.live_resolution r
    WHERE r.log = d.log AND r.topic = d.topic AND r.partition = d.partition
      AND r."offset" = d."offset"
)

-- name: aside_offsets
SELECT "offset" FROM ledger.dead_letter
WHERE log = :log AND topic = :topic AND partition = :partition
  AND "offset" >= :first AND "offset" < :end
ORDER BY "offset"

-- name: note_halt
INSERT INTO ledger.halt (consumer, topic, partition, log, "offset", code, detail)
VALUES (:consumer, :topic, :partition, :log, :offset, :code, :detail)
ON CONFLICT (consumer, topic, partition) DO UPDATE
SET log = excluded.log, "offset" = excluded."offset", code = excluded.code,
    detail = excluded.detail

-- name: read_halts
-- Those that hold: the position hasn't passed them.
SELECT h.consumer, h.topic, h.partition, h."offset", h.code, h.detail
FROM ledger.halt h
JOIN ledger.position p
  ON p.consumer = h.consumer AND p.topic = h.topic AND p.partition = h.partition AND p.log = h.log
WHERE p.next_offset <= h."offset"
ORDER BY h.topic, h.partition

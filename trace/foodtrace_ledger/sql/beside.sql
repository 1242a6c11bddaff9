-- Dead letters, and when each source was heard.

-- name: insert_dead_letter
INSERT INTO ledger.dead_letter
    (log, topic, partition, "offset", received_at, code, detail, path, schema_id, key, value,
     headers, consumer)
SELECT n.*, :consumer
FROM unnest(cast(:log AS text[]), cast(:topic AS text[]), cast(:partition AS integer[]),
            cast(:offset AS bigint[]), cast(:received_at AS timestamptz[]), cast(:code AS text[]),
            cast(:detail AS text[]), cast(:path AS text[]), cast(:schema_id AS bigint[]),
            cast(:key AS bytea[]), cast(:value AS bytea[]), cast(:headers AS jsonb[])) AS n
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
SELECT count(*) FROM ledger.dead_letter

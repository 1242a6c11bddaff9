-- Dead letters with what was done about them.

-- name: letter_settled
-- The first resolution of letter d that holds, by append time: the same in every order of reading.
SELECT r.action, r.reason, r.corrected, r.actor, e.event_id, c.occurred_at, c.received_at
FROM ledger.live_resolution r
JOIN ledger.event e ON e.id = r.event
JOIN ledger.event_content c ON c.event = r.event AND c.content = r.content
WHERE r.log = d.log AND r.topic = d.topic AND r.partition = d.partition AND r."offset" = d."offset"
ORDER BY c.received_at, c.topic, c.partition, c."offset"
LIMIT 1

-- name: letter_columns
d.log, d.topic, d.partition, d."offset", d.received_at, d.code, d.detail, d.path, d.schema_id,
coalesce(length(d.value), 0) AS value_bytes, d.published, d.source, d.requeued_from,
s.action, s.reason, s.corrected, s.actor, s.event_id AS resolution, s.occurred_at AS acted_at,
s.received_at AS noted_at

-- name: letter_from
ledger.dead_letter d LEFT JOIN LATERAL ({letter_settled}) s ON true

-- name: letter_filter
(cast(:code AS text) IS NULL OR d.code = :code)
AND (cast(:topic AS text) IS NULL OR d.topic = :topic)
AND (cast(:source AS text) IS NULL OR d.source = :source)
AND (cast(:state AS text) IS NULL OR coalesce(s.action, 'open') = :state)

-- name: letter_order
d.received_at, d.topic, d.partition, d."offset", d.log

-- name: letter_page
SELECT {letter_columns}
FROM {letter_from}
WHERE {letter_filter} AND (cast(:received_at AS timestamptz) IS NULL OR
    ({letter_order}) < (:received_at, :last_topic, :last_partition, :last_offset, :last_log))
ORDER BY d.received_at DESC, d.topic DESC, d.partition DESC, d."offset" DESC, d.log DESC
LIMIT :limit

-- name: letter_total
SELECT count(*) FROM {letter_from} WHERE {letter_filter}

-- name: letter_one
SELECT {letter_columns}, d.key, d.value, d.headers
FROM {letter_from}
WHERE d.log = :log AND d.topic = :topic AND d.partition = :partition AND d."offset" = :offset

-- name: letter_came_back
SELECT log, topic, partition, "offset" FROM ledger.dead_letter
WHERE requeued_from = :letter
ORDER BY received_at, topic, partition, "offset"

-- name: letter_acts
-- Every action on a letter, also those that no longer hold.
SELECT count(DISTINCT event) FROM ledger.resolution
WHERE log = :log AND topic = :topic AND partition = :partition AND "offset" = :offset

-- name: letters_open
SELECT d.code, d.source, count(*) AS letters
FROM ledger.dead_letter d
WHERE NOT EXISTS (
    SELECT FROM ledger.live_resolution r
    WHERE r.log = d.log AND r.topic = d.topic AND r.partition = d.partition
      AND r."offset" = d."offset"
)
GROUP BY d.code, d.source
ORDER BY d.code, d.source

-- name: letters_unpublished
SELECT count(*) FROM ledger.dead_letter WHERE NOT published

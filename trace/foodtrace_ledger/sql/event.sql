-- The rows of events, and whether they hold.

-- name: lock_events
-- The update that never happens locks the rows that are there, in the same pass and order.
INSERT INTO ledger.event AS e
    (event_id, kind, source, source_event_id, revision, arrived, contradicted, superseded, dead,
     dead_lines, top_revision)
SELECT n.event_id, n.kind, n.source, n.source_event_id, n.revision, n.arrived, false, false, false,
       '{}', n.top_revision
FROM unnest(cast(:event_id AS uuid[]), cast(:kind AS text[]), cast(:source AS text[]),
            cast(:source_event_id AS text[]), cast(:revision AS integer[]),
            cast(:arrived AS boolean[]), cast(:top_revision AS integer[]))
     AS n (event_id, kind, source, source_event_id, revision, arrived, top_revision)
ON CONFLICT (event_id) DO UPDATE SET arrived = e.arrived WHERE false
RETURNING e.id, encode(uuid_send(e.event_id), 'hex')

-- name: find_events
SELECT id, encode(uuid_send(event_id), 'hex')
FROM ledger.event
WHERE event_id = ANY(cast(:event_id AS uuid[]))

-- name: contradict
UPDATE ledger.event e
SET contradicted = true
WHERE e.id = ANY(cast(:id AS bigint[])) AND NOT e.contradicted
  AND (SELECT count(*) FROM ledger.event_content c WHERE c.event = e.id) > 1

-- name: arrive
-- An event that came after a void or another revision had made its row.
UPDATE ledger.event e
SET arrived = true, kind = n.kind, source = n.source, source_event_id = n.source_event_id,
    revision = n.revision
FROM unnest(cast(:id AS bigint[]), cast(:kind AS text[]), cast(:source AS text[]),
            cast(:source_event_id AS text[]), cast(:revision AS integer[]))
     AS n (id, kind, source, source_event_id, revision)
WHERE e.id = n.id AND NOT e.arrived

-- name: behead
-- The rows of later revisions point to the head of their document.
UPDATE ledger.event e
SET head = n.head
FROM unnest(cast(:id AS bigint[]), cast(:head AS bigint[])) AS n (id, head)
WHERE e.id = n.id AND e.head IS NULL

-- name: raise_top
UPDATE ledger.event e
SET top_revision = n.revision
FROM unnest(cast(:head AS bigint[]), cast(:revision AS integer[])) AS n (head, revision)
WHERE e.id = n.head AND coalesce(e.top_revision, -1) < n.revision

-- name: revisions_of
SELECT id FROM ledger.event WHERE head = ANY(cast(:head AS bigint[])) AND arrived

-- name: lock_rows
SELECT id FROM ledger.event WHERE id = ANY(cast(:id AS bigint[])) ORDER BY event_id FOR UPDATE

-- name: states
SELECT e.id, e.kind, e.source, e.arrived, e.superseded, e.dead, e.dead_lines,
       coalesce(coalesce(h.top_revision, e.top_revision) > e.revision, false) AS outdated
FROM ledger.event e
LEFT JOIN ledger.event h ON h.id = e.head
WHERE e.id = ANY(cast(:id AS bigint[]))
ORDER BY e.id

-- name: namings
SELECT v.target, v.target_line, w.source, w.superseded, w.dead
FROM ledger.voiding v
JOIN ledger.event w ON w.id = v.void AND w.arrived
WHERE v.target = ANY(cast(:id AS bigint[]))

-- name: targets_of
SELECT DISTINCT target AS id FROM ledger.voiding WHERE void = ANY(cast(:id AS bigint[]))

-- name: set_states
-- Lines come as texts, since an array of arrays can't be ragged.
UPDATE ledger.event e
SET superseded = n.superseded, dead = n.dead, dead_lines = cast(n.dead_lines AS integer[])
FROM unnest(cast(:id AS bigint[]), cast(:superseded AS boolean[]), cast(:dead AS boolean[]),
            cast(:dead_lines AS text[])) AS n (id, superseded, dead, dead_lines)
WHERE e.id = n.id

-- name: insert_voiding
INSERT INTO ledger.voiding (void, content, line, target, target_line)
SELECT *
FROM unnest(cast(:void AS bigint[]), cast(:content AS integer[]), cast(:line AS integer[]),
            cast(:target AS bigint[]), cast(:target_line AS integer[]))
ON CONFLICT DO NOTHING

-- name: insert_event_content
-- A second copy changes nothing, unless it was appended earlier: the origin is the earliest.
INSERT INTO ledger.event_content AS c
    (event, content, digest, log, topic, partition, "offset", received_at, payload_digest,
     schema_id, payload, occurred_at, business_date, document_type, document_number, trade_no,
     reporter, giver, giver_location, taker, taker_location, receipt_code, total_amount, currency,
     meeting, order_reference, manner, minimum_yield, maximum_yield)
SELECT *
FROM unnest(
    cast(:event AS bigint[]), cast(:content AS integer[]), cast(:digest AS bytea[]),
    cast(:log AS text[]), cast(:topic AS text[]), cast(:partition AS integer[]),
    cast(:offset AS bigint[]), cast(:received_at AS timestamptz[]),
    cast(:payload_digest AS bytea[]), cast(:schema_id AS integer[]), cast(:payload AS bytea[]),
    cast(:occurred_at AS timestamptz[]), cast(:business_date AS date[]),
    cast(:document_type AS text[]), cast(:document_number AS text[]), cast(:trade_no AS text[]),
    cast(:reporter AS text[]), cast(:giver AS text[]), cast(:giver_location AS text[]),
    cast(:taker AS text[]), cast(:taker_location AS text[]), cast(:receipt_code AS text[]),
    cast(:total_amount AS numeric[]), cast(:currency AS text[]), cast(:meeting AS bigint[]),
    cast(:order_reference AS text[]), cast(:manner AS text[]),
    cast(:minimum_yield AS numeric[]), cast(:maximum_yield AS numeric[]))
ON CONFLICT (event, content) DO UPDATE
SET log = excluded.log, topic = excluded.topic, partition = excluded.partition,
    "offset" = excluded."offset", received_at = excluded.received_at,
    payload_digest = excluded.payload_digest, schema_id = excluded.schema_id,
    payload = excluded.payload
WHERE (excluded.received_at, excluded.topic, excluded.partition, excluded."offset")
    < (c.received_at, c.topic, c.partition, c."offset")
RETURNING c.event, c.content, old.event IS NULL AS fresh

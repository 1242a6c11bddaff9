-- What a code may mean, and what is known of one lot.

-- name: traces_by_code
SELECT l.id, c.batches, c.product_names, c.first_day, c.last_day
FROM ledger.lot l
CROSS JOIN LATERAL (
    SELECT array_agg(DISTINCT c.batch) FILTER (WHERE c.batch IS NOT NULL) AS batches,
           array_agg(DISTINCT c.product_name) FILTER (WHERE c.product_name IS NOT NULL)
               AS product_names,
           min(d.business_date) AS first_day, max(d.business_date) AS last_day,
           count(*) AS claims
    FROM ledger.live_claim c
    JOIN ledger.event_content d ON d.event = c.event AND d.content = c.content
    WHERE c.lot = l.id
) c
WHERE l.code = :code AND l.kind = 'trace'
  AND (c.claims > 0 OR EXISTS (SELECT FROM ledger.live_retail_line r WHERE r.lot = l.id))
ORDER BY l.id

-- name: vouchers_by_number
SELECT DISTINCT e.id AS event
FROM ledger.event_content c
JOIN ledger.event e ON e.id = c.event AND e.kind = 'voucher' AND NOT e.dead
WHERE c.document_number = :code
ORDER BY e.id

-- name: receipts_by_code
SELECT DISTINCT e.id AS event
FROM ledger.event_content c
JOIN ledger.event e ON e.id = c.event AND e.kind = 'receipt' AND NOT e.dead
WHERE c.receipt_code = :code
ORDER BY e.id

-- name: receipts_by_number
SELECT DISTINCT e.id AS event
FROM ledger.event_content c
JOIN ledger.event e ON e.id = c.event AND e.kind = 'receipt' AND NOT e.dead
WHERE c.document_number = :code
  AND (c.total_amount = cast(:total AS numeric) OR c.business_date = cast(:day AS date))
ORDER BY e.id

-- name: prints_of
SELECT event, line, role, batch, product_name, production_date, expiry_date, basis, state,
       owner
FROM ledger.live_claim
WHERE lot = :lot
ORDER BY event, line, role

-- name: papers_of
SELECT DISTINCT event, lot, kind, number, issuer, valid_until, verification
FROM ledger.live_paper
WHERE lot = ANY(cast(:lot AS bigint[]))
ORDER BY event, lot, kind, number

-- name: retail_of_event
SELECT content, line, lot, dimension, amount, basis
FROM ledger.live_retail_line
WHERE event = :event
ORDER BY line, lot, dimension

-- name: lots_of_event
SELECT DISTINCT lot, line, role FROM ledger.live_claim WHERE event = :event ORDER BY line, role, lot

-- name: citations_of
SELECT DISTINCT event
FROM ledger.live_citation
WHERE number = :number AND (cast(:after AS bigint) IS NULL OR event > :after)
ORDER BY event
LIMIT :limit

-- name: event_by_id
SELECT id, event_id, kind, source, source_event_id, revision, arrived, superseded, dead, dead_lines,
       coalesce(head, id) AS head
FROM ledger.event
WHERE event_id = :event_id

-- name: contents_of
SELECT content, digest, log, topic, partition, "offset", received_at, payload_digest, schema_id,
       payload, occurred_at, business_date, document_type, document_number, trade_no, reporter,
       giver, giver_location, taker, taker_location, receipt_code, total_amount, currency
FROM ledger.event_content
WHERE event = :event
ORDER BY received_at, topic, partition, "offset"

-- name: voids_of
SELECT DISTINCT w.event_id, w.source, v.target_line AS line,
       NOT w.dead AND w.source IN (t.source, 'ops') AS counts
FROM ledger.voiding v
JOIN ledger.event w ON w.id = v.void AND w.arrived
JOIN ledger.event t ON t.id = v.target
WHERE v.target = :event
ORDER BY w.event_id, v.target_line

-- name: revisions
SELECT event_id, revision
FROM ledger.event
WHERE arrived AND (id = :head OR head = :head)
ORDER BY revision

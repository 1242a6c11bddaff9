-- One trade by its seller and number: all reports of it, and what joins it by reference.

-- name: trade_reports
SELECT e.id AS event, e.event_id, e.kind, e.source, c.content, c.document_type, c.document_number,
       c.business_date, c.received_at, c.reporter, c.giver, c.giver_location, c.taker,
       c.taker_location, c.order_reference, c.payload
FROM ledger.event_content c
JOIN ledger.event e ON e.id = c.event AND NOT e.dead
WHERE c.meeting = :meeting
ORDER BY c.business_date, c.received_at, c.topic, c.partition, c."offset"

-- name: trade_movements
SELECT DISTINCT m.event, e.event_id, m.content, m.line, m.direction, m.dimension, m.amount, m.told,
       m.product, m.batch, l.id AS lot, l.holder, l.location, l.kind, l.product AS lot_product, l.code
FROM ledger.live_movement m
JOIN ledger.event e ON e.id = m.event
JOIN ledger.lot l ON l.id = m.lot
WHERE m.meeting = :meeting
ORDER BY m.line, m.dimension, e.event_id, m.direction, l.id

-- name: trade_joined
-- Documents between the same parties that share an order's number, or are that order.
SELECT e.id AS event, e.event_id, e.kind, e.source, c.content, c.document_type, c.document_number,
       c.business_date, c.received_at, c.reporter, c.giver, c.giver_location, c.taker,
       c.taker_location, c.order_reference, c.payload
FROM (
    SELECT event, content
    FROM ledger.event_content
    WHERE order_reference = ANY(cast(:reference AS text[]))
    UNION
    SELECT event, content
    FROM ledger.event_content
    WHERE document_number = ANY(cast(:reference AS text[]))
) named
JOIN ledger.event_content c ON c.event = named.event AND c.content = named.content
JOIN ledger.event e ON e.id = c.event AND NOT e.dead
WHERE c.meeting IS DISTINCT FROM :meeting
  AND c.giver = ANY(cast(:party AS text[])) AND c.taker = ANY(cast(:party AS text[]))
ORDER BY c.business_date, c.received_at, c.topic, c.partition, c."offset"
LIMIT :limit

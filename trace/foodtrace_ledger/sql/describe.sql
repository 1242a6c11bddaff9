-- What this ledger's numbers stand for.

-- name: lots_by_number
SELECT id, lot_id, holder, location, kind, product, code
FROM ledger.lot
WHERE id = ANY(cast(:id AS bigint[]))

-- name: batches_by_number
SELECT id, batch_id, manufacturer, product, code
FROM ledger.batch
WHERE id = ANY(cast(:id AS bigint[]))

-- name: documents_by_number
SELECT DISTINCT ON (e.id) e.id, e.event_id, e.kind, e.source, c.document_type, c.document_number,
       c.business_date, c.received_at
FROM ledger.event e
JOIN ledger.event_content c ON c.event = e.id
WHERE e.id = ANY(cast(:id AS bigint[]))
ORDER BY e.id, c.received_at, c.topic, c.partition, c."offset"

-- name: names_of
-- On a day the latest word of that day or before, else the earliest there is; today the latest.
SELECT DISTINCT ON (w.place) w.place, m.name
FROM unnest(cast(:kind AS text[]), cast(:subject AS text[]), cast(:day AS date[]))
    WITH ORDINALITY AS w (kind, subject, day, place)
JOIN ledger.live_master m ON m.subject_kind = w.kind AND m.subject = w.subject
JOIN ledger.event e ON e.id = m.event
CROSS JOIN LATERAL (SELECT w.day IS NULL OR m.day <= w.day AS said) AS by_then
ORDER BY w.place, said DESC,
         CASE WHEN said THEN m.day END DESC, CASE WHEN said THEN e.event_id END DESC,
         CASE WHEN said THEN m.name END COLLATE "C" DESC,
         m.day, e.event_id, m.name COLLATE "C"

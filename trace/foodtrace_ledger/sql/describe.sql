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
SELECT DISTINCT ON (m.subject_kind, m.subject) m.subject_kind, m.subject, m.name
FROM unnest(cast(:kind AS text[]), cast(:subject AS text[])) AS w (kind, subject)
JOIN ledger.live_master m ON m.subject_kind = w.kind AND m.subject = w.subject
JOIN ledger.event_content c ON c.event = m.event AND c.content = m.content
ORDER BY m.subject_kind, m.subject, c.received_at DESC, c.topic, c.partition, c."offset" DESC

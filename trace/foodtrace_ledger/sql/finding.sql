-- What inspections found, by subject.

-- name: finding_columns
SELECT DISTINCT f.event, e.event_id, f.day, c.occurred_at, f.subject_kind, f.subject, f.lot,
       f.holder, f.location, f.method, f.stage, f.verdict, f.laboratory, f.retest_of
FROM ledger.live_finding f
JOIN ledger.event e ON e.id = f.event
JOIN ledger.event_content c ON c.event = f.event AND c.content = f.content

-- name: findings_of_lots
{finding_columns}
WHERE f.lot = ANY(cast(:lot AS bigint[]))
ORDER BY c.occurred_at, e.event_id, f.subject_kind, f.subject, f.lot

-- name: findings_of_subjects
{finding_columns}
JOIN unnest(cast(:kind AS text[]), cast(:subject AS text[])) AS w (kind, subject)
    ON w.kind = f.subject_kind AND w.subject = f.subject
WHERE f.lot IS NULL
ORDER BY c.occurred_at, e.event_id, f.subject_kind, f.subject, f.lot

-- name: subjects_beside
-- Subjects by which a lot may be concerned: its products, its place, what inspections name it with,
-- and the receipts that sold it.
SELECT 'product' AS kind, product AS subject
FROM ledger.live_claim
WHERE lot = :lot AND role <> 'packed'
UNION
SELECT 'location', location FROM ledger.lot WHERE id = :lot AND location <> ''
UNION
SELECT f.subject_kind, f.subject
FROM ledger.live_claim n
JOIN ledger.live_finding f ON f.event = n.event AND f.lot IS NULL
WHERE n.lot = :lot AND n.role = 'named'
UNION
SELECT f.subject_kind, f.subject
FROM ledger.live_finding f
JOIN ledger.event_content r ON f.subject IN (r.receipt_code, r.document_number)
JOIN ledger.live_retail_line s ON s.event = r.event AND s.lot = :lot
WHERE f.subject_kind = 'receipt'

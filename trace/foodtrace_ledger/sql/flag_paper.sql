-- What flags of papers and inspections ask about lots.

-- name: flag_failed_lots
SELECT DISTINCT lot
FROM ledger.live_finding
WHERE lot = ANY(cast(:lot AS bigint[])) AND verdict = 'failed'

-- name: flag_sales_of
-- The first document of each day that sells goods of a lot.
SELECT DISTINCT ON (s.lot, s.day) s.lot, s.day, e.event_id
FROM (
    SELECT lot, event, day
    FROM ledger.live_movement
    WHERE lot = ANY(cast(:lot AS bigint[])) AND direction = 'sold'
    UNION ALL
    SELECT lot, event, day FROM ledger.live_retail_line WHERE lot = ANY(cast(:lot AS bigint[]))
) s
JOIN ledger.event e ON e.id = s.event
ORDER BY s.lot, s.day, e.event_id

-- name: flag_paper_categories
SELECT DISTINCT p.kind, p.number, c.category
FROM ledger.live_paper p
JOIN ledger.live_claim c ON c.event = p.event AND c.content = p.content AND c.line = p.line
    AND c.lot = p.lot
WHERE p.number = ANY(cast(:number AS text[])) AND c.category IS NOT NULL

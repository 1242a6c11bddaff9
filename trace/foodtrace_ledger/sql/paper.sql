-- Papers that travel with goods, and what decides whether they pass on.

-- name: paper_events
-- Of two contents of one event both count.
SELECT DISTINCT e.id, e.kind, c.manner, c.meeting
FROM ledger.event e
JOIN ledger.event_content c ON c.event = e.id
WHERE e.id = ANY(cast(:event AS bigint[]))
ORDER BY e.id, c.manner, c.meeting

-- name: paper_origins
-- A voucher that hands goods over tells where they come from, and brings its issuer none.
SELECT DISTINCT c.lot, c.event, c.line, e.kind, d.manner, d.meeting
FROM ledger.live_claim c
JOIN ledger.event e ON e.id = c.event
JOIN ledger.event_content d ON d.event = c.event AND d.content = c.content
WHERE c.lot = ANY(cast(:lot AS bigint[])) AND c.role = 'origin'
  AND (e.kind <> 'voucher' OR d.taker IS NULL)
ORDER BY c.lot, c.event, c.line

-- name: paper_columns
SELECT DISTINCT p.event, p.line, p.lot, p.kind, p.number, p.issuer, p.issued_on, p.valid_until,
       p.verification, p.scope, p.destination, p.covered_dimension, p.covered_amount, p.day,
       c.meeting, c.giver, c.giver_location
FROM ledger.live_paper p
JOIN ledger.event_content c ON c.event = p.event AND c.content = p.content

-- name: papers_at
{paper_columns}
WHERE p.lot = ANY(cast(:lot AS bigint[]))
ORDER BY p.day, p.event, p.line, p.lot, p.kind, p.number

-- name: papers_numbered
{paper_columns}
WHERE p.number = ANY(cast(:number AS text[]))
ORDER BY p.day, p.event, p.line, p.lot, p.kind, p.number

-- name: papers_of_event
SELECT DISTINCT kind, number FROM ledger.live_paper WHERE event = :event ORDER BY kind, number

-- name: paper_categories
-- As the documents say, else as the product's master data say.
SELECT DISTINCT c.lot, coalesce(c.category, m.attributes ->> 'category') AS category
FROM ledger.live_claim c
LEFT JOIN ledger.live_master m
    ON c.category IS NULL AND m.subject_kind = 'product' AND m.subject = c.product
WHERE c.lot = ANY(cast(:lot AS bigint[])) AND c.role <> 'named'
  AND coalesce(c.category, m.attributes ->> 'category') IS NOT NULL
ORDER BY c.lot, category

-- name: paper_sale_days
SELECT DISTINCT lot, day
FROM ledger.live_movement
WHERE lot = ANY(cast(:lot AS bigint[])) AND direction = 'sold'
UNION
SELECT DISTINCT lot, day
FROM ledger.retail_total
WHERE lot = ANY(cast(:lot AS bigint[])) AND amount > 0
ORDER BY lot, day

-- name: paper_regions
SELECT m.subject,
       (array_agg(m.attributes ->> 'region' ORDER BY m.day DESC, e.event_id)
           FILTER (WHERE m.attributes ->> 'region' IS NOT NULL))[1] AS region,
       (array_agg(m.attributes ->> 'parent' ORDER BY m.day DESC, e.event_id)
           FILTER (WHERE m.attributes ->> 'parent' IS NOT NULL))[1] AS parent
FROM ledger.live_master m
JOIN ledger.event e ON e.id = m.event
WHERE m.subject_kind = :kind AND m.subject = ANY(cast(:subject AS text[]))
GROUP BY m.subject

-- name: paper_amounts
-- What came into lots by each delivery, and what went on; each trade counted once. What went on of
-- stock without codes may have come on any day before, so it says nothing of the day's deliveries.
WITH movement AS MATERIALIZED (
    SELECT m.lot, m.direction, m.dimension, m.amount, m.meeting, m.told, m.product, m.batch,
           m.event, m.line
    FROM ledger.live_movement m
    JOIN ledger.lot l ON l.id = m.lot AND (m.direction = 'opened' OR l.kind <> 'pool')
    WHERE m.lot = ANY(cast(:lot AS bigint[])) AND m.direction IN ('opened', 'sold', 'used', 'moved')
),
{counted}
SELECT lot, direction, dimension, event, line, meeting, sum(amount) AS amount
FROM (
    SELECT lot, direction, dimension, amount,
           CASE direction WHEN 'opened' THEN event END AS event,
           CASE direction WHEN 'opened' THEN line END AS line,
           CASE direction WHEN 'opened' THEN meeting END AS meeting
    FROM counted
    UNION ALL
    SELECT r.lot, 'retail', r.dimension, r.amount, NULL, NULL, NULL
    FROM ledger.retail_total r
    JOIN ledger.lot l ON l.id = r.lot AND l.kind <> 'pool'
    WHERE r.lot = ANY(cast(:lot AS bigint[]))
) told
GROUP BY lot, direction, dimension, event, line, meeting
ORDER BY lot, direction, dimension, event, line

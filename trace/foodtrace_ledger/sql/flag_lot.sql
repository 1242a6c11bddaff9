-- Lots that may be odd; the domain's rules judge them.

-- name: flag_last_takings
-- The latest document that takes from each lot.
SELECT DISTINCT ON (t.lot) t.lot, t.day, e.event_id
FROM (
    SELECT lot, event, day
    FROM ledger.live_movement
    WHERE lot = ANY(cast(:lot AS bigint[])) AND direction <> 'opened' AND amount > 0
    UNION ALL
    SELECT lot, event, day FROM ledger.live_retail_line WHERE lot = ANY(cast(:lot AS bigint[]))
) t
JOIN ledger.event e ON e.id = t.event
ORDER BY t.lot, t.day DESC, e.event_id

-- name: flag_products_of
SELECT DISTINCT lot, product FROM ledger.live_claim WHERE lot = ANY(cast(:lot AS bigint[]))
ORDER BY lot, product

-- name: flag_conversions_of
SELECT DISTINCT m.subject AS product, a.key AS name, a.value
FROM ledger.live_master m
CROSS JOIN LATERAL jsonb_each_text(m.attributes) a
WHERE m.subject_kind = 'product' AND m.subject = ANY(cast(:product AS text[]))
  AND starts_with(a.key, 'conversion.')

-- name: flag_waiting_for
-- Returned goods that wait beside the lots from which they once were sold.
SELECT DISTINCT k.child AS shelf, k.parent AS waiting
FROM ledger.live_link k
JOIN ledger.lot w ON w.id = k.parent AND w.kind = 'returned'
WHERE k.child = ANY(cast(:lot AS bigint[]))

-- name: flag_unissued
-- Trace codes under which nobody ever opened a lot.
SELECT l.id AS lot
FROM ledger.lot l
WHERE l.id = ANY(cast(:lot AS bigint[])) AND l.kind = 'trace' AND NOT EXISTS (
    SELECT
    FROM ledger.lot o
    JOIN ledger.live_claim c ON c.lot = o.id AND c.role IN ('opened', 'origin', 'packed')
    WHERE o.code = l.code AND o.kind = 'trace'
)

-- name: flag_named_only
-- Lots that are spoken of and that no goods ever entered or left: candidates for invented codes.
SELECT DISTINCT ON (c.lot) c.lot, c.day, e.event_id
FROM ledger.live_claim c
JOIN ledger.lot l ON l.id = c.lot AND l.kind = 'trace'
JOIN ledger.event e ON e.id = c.event
WHERE c.lot = ANY(cast(:lot AS bigint[])) AND c.role = 'named'
  AND NOT EXISTS (SELECT FROM ledger.live_claim o WHERE o.lot = c.lot AND o.role <> 'named')
  AND NOT EXISTS (SELECT FROM ledger.live_retail_line r WHERE r.lot = c.lot)
ORDER BY c.lot, c.day DESC, e.event_id

-- name: flag_sold_late
-- Lots sold later than any date printed when they came in, with the first such document.
WITH printed AS MATERIALIZED (
    SELECT c.lot, array_agg(c.role) AS roles, array_agg(c.expiry_date) AS dates,
           coalesce(max(c.expiry_date) FILTER (WHERE c.role IN ('opened', 'origin')),
                    max(c.expiry_date)) AS last
    FROM (
        SELECT DISTINCT lot, role, expiry_date
        FROM ledger.live_claim
        WHERE lot = ANY(cast(:lot AS bigint[])) AND expiry_date IS NOT NULL
    ) c
    JOIN ledger.lot l ON l.id = c.lot AND l.kind IN ('trace', 'batch')
    GROUP BY c.lot
),
sale AS (
    SELECT p.lot, m.event, m.day
    FROM printed p
    JOIN ledger.live_movement m ON m.lot = p.lot AND m.direction = 'sold' AND m.day > p.last
    UNION ALL
    SELECT p.lot, r.event, r.day
    FROM printed p
    JOIN ledger.live_retail_line r ON r.lot = p.lot AND r.day > p.last
)
SELECT DISTINCT ON (s.lot) s.lot, p.roles, p.dates, s.day, e.event_id
FROM sale s
JOIN printed p ON p.lot = s.lot
JOIN ledger.event e ON e.id = s.event
ORDER BY s.lot, s.day, e.event_id

-- name: flag_orphans
-- Processes from which goods came although none went in: a void took their inputs away.
SELECT DISTINCT ON (l.id) l.id AS lot, e.event_id, c.business_date AS day
FROM ledger.lot l
JOIN ledger.live_link k ON k.parent = l.id
JOIN ledger.event e ON e.id = k.event
JOIN ledger.event_content c ON c.event = e.id
WHERE l.id = ANY(cast(:lot AS bigint[])) AND l.kind = 'process'
  AND NOT EXISTS (SELECT FROM ledger.live_link i WHERE i.child = l.id)
ORDER BY l.id, c.business_date DESC, e.event_id

-- name: flag_units_of
-- Dimensions outside the table of units, with the first document that uses each for a lot.
SELECT DISTINCT ON (m.lot, m.dimension) m.lot, m.dimension, m.day, e.event_id
FROM (
    SELECT lot, dimension, day, event
    FROM ledger.live_movement
    WHERE lot = ANY(cast(:lot AS bigint[])) AND dimension <> ALL(cast(:known AS text[]))
    UNION ALL
    SELECT lot, dimension, day, event
    FROM ledger.live_retail_line
    WHERE lot = ANY(cast(:lot AS bigint[])) AND dimension <> ALL(cast(:known AS text[]))
) m
JOIN ledger.event e ON e.id = m.event
ORDER BY m.lot, m.dimension, m.day, e.event_id

-- name: flag_pool_stocks
SELECT DISTINCT stock, holder, location, product
FROM ledger.lot
WHERE id = ANY(cast(:lot AS bigint[])) AND kind = 'pool' AND stock IS NOT NULL

-- name: flag_pools_of
SELECT id, id AS lot, stock, cast(code AS date) AS day
FROM ledger.lot
WHERE stock = ANY(cast(:stock AS bigint[])) AND kind = 'pool'

-- name: flag_coded_of
-- Lots with codes that may have been sold without them.
SELECT DISTINCT c.stock, c.lot
FROM ledger.live_claim c
JOIN ledger.lot l ON l.id = c.lot AND l.kind IN ('trace', 'batch')
WHERE c.stock = ANY(cast(:stock AS bigint[]))

-- name: flag_kept_for
-- Lots of owners, and those in which others keep the goods for them.
SELECT DISTINCT k.child AS lot, k.parent AS keeper
FROM ledger.live_link k
JOIN ledger.lot o ON o.id = k.child
JOIN ledger.live_claim c ON c.lot = k.parent AND c.event = k.event AND c.line = k.line
    AND c.owner = o.holder
WHERE k.child = ANY(cast(:lot AS bigint[]))

-- name: flag_kin_of
-- Pools of the same holder and product where either place isn't stated.
SELECT s.stock, o.id AS lot
FROM unnest(cast(:stock AS bigint[]), cast(:holder AS text[]), cast(:location AS text[]),
            cast(:product AS text[])) AS s (stock, holder, location, product)
JOIN ledger.lot o ON left(o.holder, 64) = left(s.holder, 64) AND o.holder = s.holder
    AND o.product = s.product AND o.kind IN ('pool', 'batch') AND o.location <> s.location
    AND '' IN (o.location, s.location)

-- name: flag_pool_takings
-- The first document, by its id, that takes from a stock on a day.
SELECT DISTINCT ON (w.stock, w.day) w.stock, w.day, e.event_id
FROM unnest(cast(:stock AS bigint[]), cast(:day AS date[])) AS w (stock, day)
JOIN ledger.lot l ON l.stock = w.stock AND l.kind = 'pool' AND l.code = cast(w.day AS text)
CROSS JOIN LATERAL (
    SELECT event FROM ledger.live_movement
    WHERE lot = l.id AND direction <> 'opened' AND amount > 0
    UNION ALL
    SELECT event FROM ledger.live_retail_line WHERE lot = l.id
) t
JOIN ledger.event e ON e.id = t.event
ORDER BY w.stock, w.day, e.event_id

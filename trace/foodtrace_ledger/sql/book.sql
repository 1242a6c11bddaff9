-- 进销存: the rule is `foodtrace.stock_entries`'; here are its rows, added up by day.

-- name: book_of_holders
-- Lots that some holders hold, or that are kept for them, at all places or some. What states no
-- place may lie at any.
SELECT l.id
FROM ledger.lot l
WHERE left(l.holder, 64) = ANY(SELECT left(h, 64) FROM unnest(cast(:holder AS text[])) AS h)
  AND l.holder = ANY(cast(:holder AS text[]))
  AND (cast(:location AS text[]) IS NULL
       OR l.location = ANY(cast(:location AS text[])) OR l.location = '')
  AND l.kind <> 'process'
UNION
SELECT l.id
FROM ledger.live_claim c
JOIN ledger.lot l ON l.id = c.lot
WHERE c.owner = ANY(cast(:holder AS text[]))
  AND (cast(:location AS text[]) IS NULL
       OR l.location = ANY(cast(:location AS text[])) OR l.location = '')

-- name: book_of_place
SELECT l.id FROM ledger.lot l WHERE l.location = ANY(cast(:location AS text[])) AND l.location <> '' AND l.kind <> 'process'

-- name: book_lots
-- What lines say of lots: the product, for whom they came in ('' for the holder), whether they are
-- logistic units (`products`: what was packed).
SELECT l.id, l.lot_id, l.holder, l.location, l.kind, l.code,
       CASE WHEN l.product <> '' THEN l.product ELSE coalesce(c.came, c.named, '') END AS product,
       c.owners, coalesce(c.unit, false) AS unit, c.products, c.name
FROM unnest(cast(:lot AS bigint[])) AS w (id)
JOIN ledger.lot l ON l.id = w.id
LEFT JOIN LATERAL (
    SELECT min(k.product COLLATE "C") FILTER (WHERE k.role IN ('opened', 'origin')) AS came,
           min(k.product COLLATE "C") AS named,
           array_agg(DISTINCT coalesce(k.owner, '')) FILTER (WHERE k.role IN ('opened', 'origin'))
               AS owners,
           bool_or(k.role = 'packed') AS unit, min(k.product_name COLLATE "C") AS name,
           array_agg(DISTINCT k.product) FILTER (WHERE k.role = 'packed') AS products
    FROM ledger.live_claim k
    WHERE k.lot = l.id
) c ON true

-- name: book_entries
WITH wanted (lot, part, by_line) AS (
    SELECT * FROM unnest(cast(:lot AS bigint[]), cast(:part AS integer[]),
                         cast(:by_line AS boolean[]))
),
own AS MATERIALIZED (
    SELECT w.part, w.by_line, m.event, m.content, m.line, m.lot, m.day, m.direction, m.dimension,
           m.amount, m.meeting, m.told, m.product, m.batch
    FROM wanted w
    JOIN ledger.live_movement m ON m.lot = w.lot
),
told AS (SELECT meeting FROM own),
{told_twice},
-- Without a part those of trades that are told twice: another report may name another lot.
movement AS MATERIALIZED (
    SELECT * FROM own
    UNION ALL
    SELECT NULL, false, m.event, m.content, m.line, m.lot, m.day, m.direction, m.dimension,
           m.amount, m.meeting, m.told, m.product, m.batch
    FROM told_twice t
    JOIN ledger.live_movement m ON m.meeting = t.meeting
    WHERE NOT EXISTS (SELECT FROM wanted w WHERE w.lot = m.lot)
),
{not_overruled},
-- By a line only where it can't be said of the whole lot.
stated AS MATERIALIZED (
    SELECT k.lot, k.event, k.content, k.line, min(k.owner COLLATE "C") AS owner,
           min(k.product COLLATE "C") AS product
    FROM wanted w
    JOIN ledger.claim k ON k.lot = w.lot
    WHERE w.by_line
    GROUP BY k.lot, k.event, k.content, k.line
),
-- A voucher that hands goods over is their source, unless some document says how they came in;
-- goods of a batch may have come in under other codes, those without a code under any of the product.
handed AS MATERIALIZED (
    SELECT DISTINCT k.lot, k.event, k.content, k.line, k.batch
    FROM wanted w
    JOIN ledger.claim k ON k.lot = w.lot
    WHERE k.role = 'origin'
),
came AS MATERIALIZED (
    SELECT h.lot, coalesce(h.batch, 0) AS batch
    FROM (SELECT DISTINCT lot, batch FROM handed) h
    JOIN ledger.lot l ON l.id = h.lot
    WHERE EXISTS (
        SELECT FROM ledger.live_movement m WHERE m.lot = h.lot AND m.direction = 'opened'
    ) OR l.kind = 'pool' AND EXISTS (
        SELECT FROM ledger.claim k
        JOIN ledger.live_movement m ON m.lot = k.lot AND m.event = k.event
                                       AND m.content = k.content AND m.line = k.line
        WHERE k.stock = l.stock AND m.direction = 'opened'
    ) OR EXISTS (
        SELECT FROM ledger.claim k
        JOIN ledger.lot p ON p.id = k.lot
        JOIN ledger.live_movement m ON m.lot = k.lot AND m.event = k.event
                                       AND m.content = k.content AND m.line = k.line
        WHERE k.batch = h.batch AND p.holder = l.holder AND p.location = l.location
          AND m.direction = 'opened'
    )
),
sourced AS MATERIALIZED (
    SELECT *
    FROM handed h
    WHERE NOT EXISTS (
        SELECT FROM came c WHERE c.lot = h.lot AND c.batch = coalesce(h.batch, 0)
    )
),
beside AS MATERIALIZED (
    SELECT event, content, line, lot, direction, min(dimension COLLATE "C") AS one,
           max(dimension COLLATE "C") AS other
    FROM own
    GROUP BY event, content, line, lot, direction
    HAVING min(dimension COLLATE "C") <> max(dimension COLLATE "C")
),
-- Reports of one trade in several units: the first voice counts where units are converted.
unspoken AS MATERIALIZED (
    SELECT DISTINCT m.event, m.content, m.line, m.lot, m.direction, m.dimension
    FROM counted m
    JOIN told_twice t ON t.meeting = m.meeting
    JOIN counted o ON o.meeting = m.meeting AND o.direction = m.direction
                      AND o.dimension <> m.dimension
    JOIN ledger.lot mine ON mine.id = m.lot
    JOIN ledger.lot other ON other.id = o.lot
    WHERE m.part IS NOT NULL
      AND CASE
          WHEN left(o.told, 1) = left(m.told, 1)
              THEN substr(o.told, 3) COLLATE "C" < substr(m.told, 3)
          ELSE (left(o.told, 1) COLLATE "C" < left(m.told, 1)) = (m.direction <> 'opened')
          END
      AND other.holder = mine.holder AND other.location = mine.location
      AND (other.id = mine.id
           OR (o.product = m.product OR (o.batch = m.batch AND m.batch <> ''))
              AND (o.batch = m.batch OR '' IN (o.batch, m.batch))
              AND (other.kind <> 'trace' OR mine.kind <> 'trace' OR other.code = mine.code
                   OR '' IN (other.code, mine.code)))
)
SELECT c.part, s.owner, s.product, c.day, c.direction, c.dimension,
       CASE c.dimension WHEN b.one THEN b.other WHEN b.other THEN b.one END AS beside,
       u.event IS NULL AS spoken, r.event IS NOT NULL AS sourced, sum(c.amount) AS amount
FROM counted c
LEFT JOIN stated s ON s.lot = c.lot AND s.event = c.event AND s.content = c.content
                      AND s.line = c.line
LEFT JOIN beside b ON b.lot = c.lot AND b.event = c.event AND b.content = c.content
                      AND b.line = c.line AND b.direction = c.direction
LEFT JOIN unspoken u ON u.lot = c.lot AND u.event = c.event AND u.content = c.content
                        AND u.line = c.line AND u.direction = c.direction
                        AND u.dimension = c.dimension
LEFT JOIN sourced r ON r.lot = c.lot AND r.event = c.event AND r.content = c.content
                       AND r.line = c.line AND c.direction <> 'opened'
WHERE c.part IS NOT NULL
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9

-- name: book_retail
-- Only where a lot is sold in several units is it worth while to look at each line.
WITH wanted (lot, part) AS (
    SELECT * FROM unnest(cast(:lot AS bigint[]), cast(:part AS integer[]))
),
sold AS MATERIALIZED (
    SELECT w.part, t.lot, t.day, t.dimension, t.amount
    FROM wanted w
    JOIN ledger.retail_total t ON t.lot = w.lot
),
mixed AS MATERIALIZED (
    SELECT part, lot FROM sold GROUP BY part, lot HAVING min(dimension) <> max(dimension)
)
SELECT part, day, dimension, cast(NULL AS text) AS beside, sum(amount) AS amount
FROM sold
WHERE lot NOT IN (SELECT lot FROM mixed)
GROUP BY part, day, dimension
UNION ALL
SELECT part, day, dimension, nullif(CASE dimension WHEN one THEN other ELSE one END, dimension),
       sum(amount)
FROM (
    SELECT x.part, r.day, r.dimension, r.amount,
           min(r.dimension COLLATE "C") OVER line AS one,
           max(r.dimension COLLATE "C") OVER line AS other
    FROM mixed x
    JOIN ledger.live_retail_line r ON r.lot = x.lot
    WINDOW line AS (PARTITION BY r.lot, r.event, r.content, r.line)
) each
GROUP BY 1, 2, 3, 4

-- name: book_found
-- What was counted last, up to a day, of each of the parts given.
SELECT DISTINCT part, event, day, dimension, amount
FROM (
    SELECT w.part, c.event, c.day, c.dimension, c.amount,
           rank() OVER (PARTITION BY w.part, c.dimension ORDER BY c.day DESC) AS place
    FROM unnest(cast(:lot AS bigint[]), cast(:part AS integer[])) AS w (lot, part)
    JOIN ledger.live_counted c ON c.lot = w.lot
    WHERE c.day <= :at
) last
WHERE place = 1
ORDER BY part, dimension, amount, event

-- name: book_differing
-- Trades of which two tell other amounts, as each of them tells it; the newest first.
SELECT part, meeting, direction, dimension, told, amount, event, day
FROM (
    SELECT w.part, m.meeting, m.direction, m.dimension, m.told, sum(m.amount) AS amount,
           min(m.event) AS event, max(m.day) AS day,
           min(sum(m.amount)) OVER trade AS least, max(sum(m.amount)) OVER trade AS most
    FROM unnest(cast(:lot AS bigint[]), cast(:part AS integer[])) AS w (lot, part)
    JOIN ledger.live_movement m ON m.lot = w.lot
    WHERE m.meeting IS NOT NULL AND m.day <= :at
    GROUP BY w.part, m.meeting, m.direction, m.dimension, m.told
    WINDOW trade AS (PARTITION BY w.part, m.meeting, m.direction, m.dimension)
) reports
WHERE least <> most
ORDER BY part, day DESC, meeting, direction, dimension, told COLLATE "C"

-- name: book_registered
-- What registers say of some products, as on a day: the latest word of then or before, else the first.
SELECT DISTINCT ON (m.subject) m.subject, m.name, m.attributes
FROM ledger.live_master m
JOIN ledger.event e ON e.id = m.event
WHERE m.subject_kind = 'product' AND m.subject = ANY(cast(:product AS text[]))
ORDER BY m.subject, m.day <= :at DESC, CASE WHEN m.day <= :at THEN m.day END DESC,
         CASE WHEN m.day <= :at THEN e.event_id END DESC, m.day, e.event_id

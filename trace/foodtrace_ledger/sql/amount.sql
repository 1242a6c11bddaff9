-- Sums over lots, each trade counted once: `foodtrace.meeting` says whose report comes first.

-- name: of_lots
WITH wanted (lot, part) AS (
    SELECT * FROM unnest(cast(:lot AS bigint[]), cast(:part AS bigint[]))
),
movement AS MATERIALIZED (
    SELECT w.part, m.lot, m.direction, m.dimension, m.amount, m.day, m.meeting, m.told, m.product,
           m.batch
    FROM wanted w
    JOIN ledger.live_movement m ON m.lot = w.lot
)

-- name: counted
-- Of the rows of a table `movement` (lot, direction, dimension, meeting, told, product, batch, ...)
-- those that no other report of their trade overrules. The other one may name another lot. Only few
-- trades are told by two: two looks into the index find them, and nothing more is read of the rest.
told_twice AS MATERIALIZED (
    SELECT t.meeting
    FROM (SELECT DISTINCT meeting FROM movement WHERE meeting IS NOT NULL) t
    WHERE (SELECT min(o.told) FROM ledger.movement o WHERE o.meeting = t.meeting)
       <> (SELECT max(o.told) FROM ledger.movement o WHERE o.meeting = t.meeting)
),
counted AS (
    SELECT m.*
    FROM movement m
    WHERE m.meeting IS NULL OR m.meeting NOT IN (SELECT meeting FROM told_twice) OR NOT EXISTS (
        SELECT
        FROM ledger.live_movement o
        JOIN ledger.lot mine ON mine.id = m.lot
        JOIN ledger.lot other ON other.id = o.lot
        WHERE o.meeting = m.meeting AND o.direction = m.direction AND o.dimension = m.dimension
          -- Who comes first: the giver for what goes out, the taker for what comes in, then the
          -- source whose name sorts first, by its letters' numbers as in the domain.
          AND CASE
              WHEN left(o.told, 1) = left(m.told, 1)
                  THEN substr(o.told, 3) COLLATE "C" < substr(m.told, 3)
              ELSE (left(o.told, 1) COLLATE "C" < left(m.told, 1)) = (m.direction <> 'opened')
              END
          -- Whether it speaks of the same goods.
          AND other.holder = mine.holder AND other.location = mine.location
          AND (other.id = mine.id
               OR (o.product = m.product OR (o.batch = m.batch AND m.batch <> ''))
                  AND (o.batch = m.batch OR '' IN (o.batch, m.batch))
                  AND (other.kind <> 'trace' OR mine.kind <> 'trace' OR other.code = mine.code
                       OR '' IN (other.code, mine.code)))
    )
)

-- name: moved
{of_lots},
{counted}
SELECT part, direction, dimension, sum(amount), min(day), max(day)
FROM counted
GROUP BY part, direction, dimension

-- name: overdrawn
{of_lots},
{counted}
SELECT DISTINCT lot
FROM (
    SELECT lot, dimension, sum(amount) AS stock
    FROM (
        SELECT lot, dimension, CASE direction WHEN 'opened' THEN amount ELSE -amount END AS amount
        FROM counted
        UNION ALL
        SELECT t.lot, t.dimension, -t.amount FROM wanted w JOIN ledger.retail_total t ON t.lot = w.lot
    ) change
    GROUP BY lot, dimension
) balance
WHERE stock < 0

-- name: transferred
-- What left lots by some links; of two reports of one trade the one that counts, as everywhere.
WITH wanted (lot, event, line) AS (
    SELECT * FROM unnest(cast(:lot AS bigint[]), cast(:event AS bigint[]),
                         cast(:line AS integer[]))
),
movement AS MATERIALIZED (
    SELECT m.lot, m.direction, m.dimension, m.amount, m.meeting, m.told, m.product, m.batch
    FROM wanted w
    JOIN ledger.live_movement m ON m.lot = w.lot AND m.event = w.event AND m.line = w.line
    WHERE m.direction IN ('sold', 'moved', 'returned')
),
{counted}
SELECT dimension, sum(amount) AS amount
FROM counted
GROUP BY dimension

-- name: sold_retail
SELECT w.part, t.dimension, sum(t.amount)
FROM unnest(cast(:lot AS bigint[]), cast(:part AS bigint[])) AS w (lot, part)
JOIN ledger.retail_total t ON t.lot = w.lot
GROUP BY w.part, t.dimension

-- name: receipts_of
SELECT w.part, c.possible, sum(c.receipts), min(c.day), max(c.day)
FROM unnest(cast(:lot AS bigint[]), cast(:part AS bigint[])) AS w (lot, part)
JOIN ledger.retail_count c ON c.lot = w.lot
WHERE c.receipts <> 0
GROUP BY w.part, c.possible

-- name: distinct_receipts
SELECT part, possible, count(*)
FROM (
    SELECT w.part, r.event, bool_and(r.basis = 'possible') AS possible
    FROM unnest(cast(:lot AS bigint[]), cast(:part AS bigint[])) AS w (lot, part)
    JOIN ledger.live_retail_line r ON r.lot = w.lot
    GROUP BY w.part, r.event
) receipt
GROUP BY part, possible

-- Sums over lots. Both reports of one trade meet on (lot, direction, dimension, meeting): the
-- giver's counts for what went out, the taker's for what came in, anybody else's lies between.

-- name: counted
WITH wanted (lot, part) AS (
    SELECT * FROM unnest(cast(:lot AS bigint[]), cast(:part AS bigint[]))
),
movement AS MATERIALIZED (
    SELECT w.part, m.lot, m.direction, m.dimension, m.amount, m.day, m.meeting,
           CASE WHEN m.meeting IS NULL THEN 0
                WHEN m.told = 'o' THEN 1
                WHEN (m.told = 'g') = (m.direction <> 'opened') THEN 0
                ELSE 2 END AS rank
    FROM wanted w
    JOIN ledger.live_movement m ON m.lot = w.lot
),
told_twice AS (
    SELECT lot, direction, dimension, meeting, min(rank) AS rank
    FROM movement
    WHERE meeting IS NOT NULL
    GROUP BY lot, direction, dimension, meeting
    HAVING min(rank) < max(rank)
),
counted AS (
    SELECT m.*
    FROM movement m
    WHERE NOT EXISTS (
        SELECT FROM told_twice t
        WHERE t.lot = m.lot AND t.direction = m.direction AND t.dimension = m.dimension
          AND t.meeting = m.meeting AND t.rank < m.rank
    )
)

-- name: moved
{counted}
SELECT part, direction, dimension, sum(amount), min(day), max(day)
FROM counted
GROUP BY part, direction, dimension

-- name: overdrawn
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
WITH wanted (lot, event, line) AS (
    SELECT * FROM unnest(cast(:lot AS bigint[]), cast(:event AS bigint[]),
                         cast(:line AS integer[]))
),
movement AS MATERIALIZED (
    SELECT m.lot, m.direction, m.dimension, m.amount, m.meeting,
           CASE m.told WHEN 'g' THEN 0 WHEN 'o' THEN 1 WHEN 't' THEN 2 ELSE 0 END AS rank
    FROM wanted w
    JOIN ledger.live_movement m ON m.lot = w.lot AND m.event = w.event AND m.line = w.line
    WHERE m.direction IN ('sold', 'moved', 'returned')
)
SELECT m.dimension, sum(m.amount) AS amount
FROM movement m
WHERE m.meeting IS NULL OR m.rank = (
    SELECT min(o.rank) FROM movement o
    WHERE o.lot = m.lot AND o.direction = m.direction AND o.dimension = m.dimension
      AND o.meeting = m.meeting
)
GROUP BY m.dimension

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

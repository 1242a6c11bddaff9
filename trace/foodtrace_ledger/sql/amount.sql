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
-- those that no other report of their trade overrules.
told AS (SELECT meeting FROM movement),
{told_twice},
{not_overruled}

-- name: told_twice
-- Of the trades in a table `told` those that are told by two, which are few: looks into the index find
-- them, and nothing more is read of the rest. What goes out counts as the first of `told` says, what
-- comes in as the last voice does, between equals the first source.
told_twice AS MATERIALIZED (
    SELECT t.meeting, ends.first AS gives,
           (SELECT min(o.told) FROM ledger.movement o
            WHERE o.meeting = t.meeting AND o.told >= left(ends.last, 1)) AS takes
    FROM (SELECT DISTINCT meeting FROM told WHERE meeting IS NOT NULL) t
    CROSS JOIN LATERAL (
        SELECT (SELECT min(o.told) FROM ledger.movement o WHERE o.meeting = t.meeting) AS first,
               (SELECT max(o.told) FROM ledger.movement o WHERE o.meeting = t.meeting) AS last
    ) ends
    WHERE ends.first <> ends.last
)

-- name: not_overruled
counted AS (
    SELECT m.*
    FROM movement m
    LEFT JOIN told_twice t ON t.meeting = m.meeting
    WHERE t.meeting IS NULL
       OR m.told = CASE m.direction WHEN 'opened' THEN t.takes ELSE t.gives END
       -- Most reports name the same lot, which is quickly found; others meet by product and batch.
       OR NOT EXISTS (
              SELECT FROM ledger.live_movement o WHERE o.lot = m.lot AND {comes_before}
          )
      AND NOT EXISTS (
              SELECT
              FROM ledger.live_movement o
              JOIN ledger.lot mine ON mine.id = m.lot
              JOIN ledger.lot other ON other.id = o.lot
              WHERE {comes_before}
                AND other.holder = mine.holder AND other.location = mine.location
                AND (o.product = m.product OR (o.batch = m.batch AND m.batch <> ''))
                AND (o.batch = m.batch OR '' IN (o.batch, m.batch))
                -- Two lots of one place under trace codes differ by these.
                AND (other.kind <> 'trace' OR mine.kind <> 'trace'
                     OR '' IN (other.code, mine.code))
          )
)

-- name: comes_before
o.meeting = m.meeting AND o.direction = m.direction AND o.dimension = m.dimension
AND CASE m.direction
    WHEN 'opened' THEN translate(left(o.told, 1), 'abcd', 'dcba') || substr(o.told, 2)
                     < translate(left(m.told, 1), 'abcd', 'dcba') || substr(m.told, 2)
    ELSE o.told < m.told
    END

-- name: sums
-- Of each part what moved, and beside each sum what of it is less than nothing (goods that came back
-- in by a release); what was sold at retail; how many receipts there are.
{of_lots},
{counted}
SELECT part, direction, dimension, sum(amount),
       coalesce(-sum(amount) FILTER (WHERE amount < 0), 0), min(day), max(day)
FROM counted
GROUP BY part, direction, dimension
UNION ALL
SELECT w.part, 'retail', t.dimension, sum(t.amount), 0, NULL, NULL
FROM wanted w
JOIN ledger.retail_total t ON t.lot = w.lot
GROUP BY w.part, t.dimension
UNION ALL
SELECT w.part, CASE WHEN c.possible THEN 'possible receipts' ELSE 'receipts' END, '',
       sum(c.receipts), 0, min(c.day), max(c.day)
FROM wanted w
JOIN ledger.retail_count c ON c.lot = w.lot
WHERE c.receipts <> 0
GROUP BY w.part, c.possible

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

-- name: by_links
-- What moved by some links; of two reports of one trade the one that counts, as everywhere.
WITH wanted (lot, event, line) AS (
    SELECT * FROM unnest(cast(:lot AS bigint[]), cast(:event AS bigint[]),
                         cast(:line AS integer[]))
),
movement AS MATERIALIZED (
    SELECT m.lot, m.direction, m.dimension, m.amount, m.meeting, m.told, m.product, m.batch
    FROM wanted w
    JOIN ledger.live_movement m ON m.lot = w.lot AND m.event = w.event AND m.line = w.line
    WHERE m.direction = ANY(cast(:direction AS text[]))
),
{counted}
SELECT lot, dimension, sum(amount) AS amount
FROM counted
GROUP BY lot, dimension

-- name: distinct_receipts
SELECT part, possible, count(*)
FROM (
    SELECT w.part, r.event, bool_and(r.basis = 'possible' OR w.doubt) AS possible
    FROM unnest(cast(:lot AS bigint[]), cast(:part AS bigint[]), cast(:doubt AS boolean[]))
        AS w (lot, part, doubt)
    JOIN ledger.live_retail_line r ON r.lot = w.lot
    GROUP BY w.part, r.event
) receipt
GROUP BY part, possible

-- What a voucher's number ties together.

-- name: voucher_movements
SELECT m.lot, m.event, m.direction, m.dimension, m.day, sum(m.amount) AS amount,
       min(c.giver) AS giver, min(c.taker) AS taker, min(c.manner) AS manner,
       count(*) OVER () AS every
FROM ledger.live_movement m
JOIN ledger.event_content c ON c.event = m.event AND c.content = m.content
WHERE m.lot = ANY(cast(:lot AS bigint[])) AND m.event <> :event
GROUP BY m.lot, m.event, m.direction, m.dimension, m.day
ORDER BY m.day, m.event, m.lot, m.direction, m.dimension
LIMIT :shown

-- name: voucher_makings
-- Transformations that took some of these lots, and what came out; their node is between the two.
SELECT DISTINCT i.event, o.child AS lot, o.line
FROM ledger.live_link i
JOIN ledger.event e ON e.id = i.event AND e.kind = 'transformation'
JOIN ledger.live_link o ON o.parent = i.child AND o.event = i.event
WHERE i.parent = ANY(cast(:lot AS bigint[]))
ORDER BY i.event, o.line, lot
LIMIT :shown

-- Links from lots, and the lots one begins with.

-- name: links_down
SELECT parent, child, event, line, basis = 'possible'
FROM ledger.live_link
WHERE parent = ANY(cast(:lot AS bigint[]))
ORDER BY event, line, child, parent, 5

-- name: links_up
SELECT child, parent, event, line, basis = 'possible'
FROM ledger.live_link
WHERE child = ANY(cast(:lot AS bigint[]))
ORDER BY event, line, parent, child, 5

-- Lots, all that links lead to, and the links from each, if the lots are fewer than `most`; else nothing.
-- A lot comes as a row with its key, a link as one with its other end. (The limit ends the recursion.
-- OFFSET 0 has each lot looked up by itself: the plan made once would read a table for the few.)
-- name: ahead_down
WITH RECURSIVE reached (lot) AS (
    SELECT unnest(cast(:lot AS bigint[]))
    UNION
    SELECT k.child FROM reached r
    CROSS JOIN LATERAL (SELECT x.child FROM ledger.live_link x WHERE x.parent = r.lot OFFSET 0) k
),
{ahead}
(SELECT k.parent, k.child, k.event, k.line, k.basis = 'possible', {no_key}
FROM near n
CROSS JOIN LATERAL (SELECT * FROM ledger.live_link x WHERE x.parent = n.lot OFFSET 0) k
WHERE {few}
LIMIT :most_links)

-- name: ahead_up
WITH RECURSIVE reached (lot) AS (
    SELECT unnest(cast(:lot AS bigint[]))
    UNION
    SELECT k.parent FROM reached r
    CROSS JOIN LATERAL (SELECT x.parent FROM ledger.live_link x WHERE x.child = r.lot OFFSET 0) k
),
{ahead}
(SELECT k.child, k.parent, k.event, k.line, k.basis = 'possible', {no_key}
FROM near n
CROSS JOIN LATERAL (SELECT * FROM ledger.live_link x WHERE x.child = n.lot OFFSET 0) k
WHERE {few}
LIMIT :most_links)

-- name: ahead
near AS MATERIALIZED (SELECT lot FROM reached LIMIT :most)
SELECT l.id, cast(NULL AS bigint), cast(NULL AS bigint), cast(NULL AS integer), false,
       l.lot_id, l.holder, l.location, l.kind, l.product, l.code
FROM near n
CROSS JOIN LATERAL (SELECT * FROM ledger.lot x WHERE x.id = n.lot OFFSET 0) l
WHERE {few}
UNION ALL

-- name: few
(SELECT count(*) < :most FROM near)

-- name: no_key
cast(NULL AS uuid), cast(NULL AS text), cast(NULL AS text), cast(NULL AS text),
cast(NULL AS text), cast(NULL AS text)

-- name: lot_numbers
SELECT lot_id, id FROM ledger.lot WHERE lot_id = ANY(cast(:lot_id AS uuid[]))

-- name: batch_numbers
SELECT batch_id, id FROM ledger.batch WHERE batch_id = ANY(cast(:batch_id AS uuid[]))

-- name: lots_claiming
SELECT lot, bool_or(role = 'origin') AS has_origin
FROM ledger.live_claim
WHERE batch = ANY(cast(:batch AS bigint[]))
GROUP BY lot
ORDER BY lot

-- name: lots_with_origin
SELECT DISTINCT lot
FROM ledger.live_claim
WHERE lot = ANY(cast(:lot AS bigint[])) AND role = 'origin'

-- Stock into which something came from outside; a voucher's giver only says it had the goods.
-- name: pools_entered
SELECT DISTINCT c.lot
FROM ledger.live_claim c
JOIN ledger.live_movement m
    ON m.lot = c.lot AND m.event = c.event AND m.line = c.line AND m.direction = 'opened'
WHERE c.lot = ANY(cast(:lot AS bigint[])) AND c.role = 'origin'

-- name: holders_of
SELECT id, holder, location FROM ledger.lot WHERE id = ANY(cast(:id AS bigint[]))

-- What a walk must know of a lot: who holds it where, and of pools and process nodes their code.
-- name: lots_met
SELECT id, holder, location, kind,
       CASE WHEN kind = 'pool' THEN product END,
       CASE WHEN kind IN ('pool', 'process') THEN code END
FROM ledger.lot
WHERE id = ANY(cast(:id AS bigint[]))

-- name: first_claims
SELECT lot, event
FROM (
    SELECT lot, event, row_number() OVER (PARTITION BY lot ORDER BY event) AS place
    FROM (
        SELECT lot, event FROM ledger.live_claim WHERE lot = ANY(cast(:lot AS bigint[]))
        UNION
        SELECT lot, event FROM ledger.live_movement WHERE lot = ANY(cast(:lot AS bigint[]))
    ) spoken
) numbered
WHERE place <= :shown
ORDER BY lot, place

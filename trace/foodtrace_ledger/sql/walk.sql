-- Links from lots, and the lots one begins with.

-- name: links_down
SELECT parent, child, event, line, basis = 'possible'
FROM ledger.live_link
WHERE parent = ANY(cast(:lot AS bigint[]))
ORDER BY event, line, child

-- name: links_up
SELECT child, parent, event, line, basis = 'possible'
FROM ledger.live_link
WHERE child = ANY(cast(:lot AS bigint[]))
ORDER BY event, line, parent

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

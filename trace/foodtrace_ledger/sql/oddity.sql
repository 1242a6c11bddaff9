-- Lots that may be odd; the domain's rules judge them.

-- name: odd_lots
-- Lots about which some rule may have a say, read at once: dates printed younger than before, spoken
-- of alone, any expiry date, a failed inspection.
SELECT lot,
       coalesce(max(production_date) FILTER (WHERE role = 'taken')
                    > max(production_date) FILTER (WHERE role IN ('opened', 'origin')), false)
       OR coalesce(max(expiry_date) FILTER (WHERE role = 'taken')
                       > max(expiry_date) FILTER (WHERE role IN ('opened', 'origin')), false)
           AS younger,
       bool_and(role = 'named') AS named, max(expiry_date) IS NOT NULL AS dated, false AS failed
FROM ledger.live_claim
WHERE lot = ANY(cast(:lot AS bigint[]))
GROUP BY lot
UNION ALL
SELECT DISTINCT lot, false, false, false, true
FROM ledger.live_finding
WHERE lot = ANY(cast(:lot AS bigint[])) AND verdict = 'failed'

-- name: younger_prints
WITH younger AS MATERIALIZED (
    SELECT lot
    FROM ledger.live_claim
    WHERE lot = ANY(cast(:lot AS bigint[])) AND role IN ('opened', 'origin', 'taken')
    GROUP BY lot
    HAVING max(production_date) FILTER (WHERE role = 'taken')
               > max(production_date) FILTER (WHERE role <> 'taken')
        OR max(expiry_date) FILTER (WHERE role = 'taken')
               > max(expiry_date) FILTER (WHERE role <> 'taken')
)
SELECT c.lot, l.lot_id, l.holder, l.location, e.event_id, c.role, c.production_date, c.expiry_date,
       c.day, c.product
FROM younger y
JOIN ledger.live_claim c ON c.lot = y.lot
JOIN ledger.event e ON e.id = c.event
JOIN ledger.lot l ON l.id = c.lot
ORDER BY c.lot, c.event, c.line

-- name: younger_strays
SELECT DISTINCT ON (l.holder, l.location, l.lot_id) l.lot_id, l.holder, l.location, e.event_id,
       source.made, c.production_date AS printed, c.day, c.product
FROM (
    SELECT batch, min(production_date) AS made
    FROM ledger.live_claim
    WHERE batch = ANY(cast(:batch AS bigint[])) AND lot <> ALL(cast(:lot AS bigint[]))
    GROUP BY batch
) source
JOIN ledger.live_claim c ON c.batch = source.batch AND c.production_date > source.made
JOIN ledger.lot l ON l.id = c.lot
JOIN ledger.event e ON e.id = c.event
WHERE c.lot = ANY(cast(:lot AS bigint[]))
ORDER BY l.holder, l.location, l.lot_id, c.event

-- name: unknown_holders
SELECT holder, location, count(*) OVER () AS every
FROM (
    SELECT DISTINCT l.holder, l.location
    FROM ledger.lot l
    WHERE l.id = ANY(cast(:lot AS bigint[])) AND l.kind <> 'process'
      AND NOT EXISTS (
          SELECT FROM ledger.live_master m WHERE m.subject_kind = 'party' AND m.subject = l.holder
      )
      AND NOT EXISTS (
          SELECT FROM ledger.live_alias a WHERE a.subject_kind = 'party' AND a.code = l.holder
      )
) unknown
ORDER BY holder, location
LIMIT :shown

-- name: checked_codes
SELECT DISTINCT a.subject_kind, a.subject, a.scheme, a.code, e.event_id
FROM (
    SELECT 'party' AS kind, holder AS subject
    FROM ledger.lot
    WHERE id = ANY(cast(:lot AS bigint[]))
    UNION
    SELECT 'product', product FROM ledger.lot WHERE id = ANY(cast(:lot AS bigint[]))
) named
JOIN ledger.live_alias a ON a.subject_kind = named.kind AND a.subject = named.subject
JOIN ledger.event e ON e.id = a.event
WHERE a.scheme = ANY(cast(:scheme AS text[]))
ORDER BY a.subject_kind, a.subject, a.scheme, a.code, e.event_id

-- Documents that may be odd; the domain's rules judge them.

-- name: flag_suspects_picked
WITH picked AS MATERIALIZED (SELECT unnest(cast(:event AS bigint[])) AS event)
{flag_suspects}

-- name: flag_suspects_of_lots
WITH picked AS MATERIALIZED (
    SELECT event FROM ledger.live_claim WHERE lot = ANY(cast(:lot AS bigint[]))
    UNION
    SELECT r.event
    FROM ledger.live_retail_line r
    JOIN ledger.event e ON e.id = r.event AND e.contradicted
    WHERE r.lot = ANY(cast(:lot AS bigint[]))
)
{flag_suspects}

-- name: flag_suspects
SELECT DISTINCT rule, event
FROM (
    SELECT 'event.two-contents' AS rule, e.id AS event
    FROM picked p
    JOIN ledger.event e ON e.id = p.event AND e.contradicted
    UNION ALL
    SELECT CASE e.kind WHEN 'return' THEN 'return.never-sold' ELSE 'party.merge-circle' END, e.id
    FROM picked p
    JOIN ledger.event e ON e.id = p.event AND e.kind IN ('return', 'merge')
    UNION ALL
    SELECT 'yield.out-of-range', c.event
    FROM picked p
    JOIN ledger.event_content c ON c.event = p.event
    WHERE coalesce(c.minimum_yield, c.maximum_yield) IS NOT NULL
    UNION ALL
    SELECT 'party.unidentified', c.event
    FROM picked p
    JOIN ledger.event_content c ON c.event = p.event
    WHERE left(c.giver, 1) = '?' OR left(c.taker, 1) = '?'
    UNION ALL
    SELECT 'transfer.foreign-location', c.event
    FROM picked p
    JOIN ledger.event e ON e.id = p.event AND e.kind = 'transfer'
    JOIN ledger.event_content c ON c.event = p.event
    WHERE EXISTS (SELECT FROM ledger.live_occupancy o WHERE o.location = c.taker_location)
    UNION ALL
    SELECT 'trade.reports-differ', c.event
    FROM picked p
    JOIN ledger.event_content c ON c.event = p.event AND c.meeting IS NOT NULL
    WHERE EXISTS (SELECT FROM ledger.event_content o
                  WHERE o.meeting = c.meeting AND o.event <> c.event)
    UNION ALL
    SELECT 'code.never-issued', t.event
    FROM picked p
    JOIN ledger.live_citation t ON t.event = p.event
    WHERE NOT EXISTS (
        SELECT
        FROM ledger.event_content v
        JOIN ledger.event e ON e.id = v.event AND e.kind = 'voucher' AND NOT e.dead
        WHERE v.document_number = t.number
    )
) suspect

-- name: flag_documents
SELECT DISTINCT ON (e.id) e.id, e.event_id, c.business_date AS day, c.giver, c.giver_location,
       c.taker, c.taker_location
FROM ledger.event e
JOIN ledger.event_content c ON c.event = e.id
WHERE e.id = ANY(cast(:event AS bigint[])) AND NOT e.dead
ORDER BY e.id, c.business_date DESC, c.content

-- name: flag_uncited
SELECT DISTINCT t.event, t.number
FROM ledger.live_citation t
WHERE t.event = ANY(cast(:event AS bigint[])) AND NOT EXISTS (
    SELECT
    FROM ledger.event_content v
    JOIN ledger.event e ON e.id = v.event AND e.kind = 'voucher' AND NOT e.dead
    WHERE v.document_number = t.number
)
ORDER BY t.event, t.number

-- name: flag_occupancies_at
SELECT DISTINCT location, occupant, since, until
FROM ledger.live_occupancy
WHERE location = ANY(cast(:location AS text[]))

-- name: flag_party_aliases_about
SELECT DISTINCT subject, scheme, code, valid_from, valid_to
FROM ledger.live_alias
WHERE subject_kind = 'party'
  AND (subject = ANY(cast(:party AS text[])) OR code = ANY(cast(:party AS text[])))

-- name: flag_all_merges
SELECT DISTINCT e.event_id, m.event, m.party, m.into_party, m.since, c.business_date AS day
FROM ledger.live_party_merge m
JOIN ledger.event e ON e.id = m.event
JOIN ledger.event_content c ON c.event = m.event AND c.content = m.content

-- name: flag_told_of_trades
-- What all reports of the trades of these documents say that left the giver.
SELECT DISTINCT m.meeting, e.event_id, m.day, m.line, m.told, m.product, m.batch, l.lot_id,
       l.holder, l.location, CASE l.kind WHEN 'trace' THEN l.code ELSE '' END AS code,
       m.dimension, m.amount
FROM (
    SELECT DISTINCT meeting
    FROM ledger.event_content
    WHERE event = ANY(cast(:event AS bigint[])) AND meeting IS NOT NULL
) met
JOIN ledger.live_movement m ON m.meeting = met.meeting AND m.direction <> 'opened'
JOIN ledger.lot l ON l.id = m.lot
JOIN ledger.event e ON e.id = m.event
ORDER BY m.meeting, m.day, e.event_id

-- name: flag_returned_goods
SELECT DISTINCT d.giver AS returner, d.taker AS receiver, c.product
FROM ledger.live_claim c
JOIN ledger.event_content d ON d.event = c.event AND d.content = c.content
WHERE c.event = ANY(cast(:event AS bigint[])) AND c.role = 'taken'

-- name: flag_went_between
-- All that one party got of another of a product, and all that went back.
SELECT DISTINCT w.place, w.returner, w.receiver, w.product, e.id AS event, e.event_id,
       d.business_date AS day, l.lot_id, l.location, m.line, m.direction, m.dimension, m.amount, m.meeting, m.told
FROM unnest(cast(:place AS bigint[]), cast(:returner AS text[]), cast(:receiver AS text[]),
            cast(:product AS text[])) AS w (place, returner, receiver, product)
JOIN ledger.lot l ON left(l.holder, 64) = left(w.returner, 64) AND l.holder = w.returner
    AND (l.product = w.product OR l.kind = 'trace')
JOIN ledger.live_claim c ON c.lot = l.id AND c.product = w.product AND c.role IN ('opened', 'taken')
JOIN ledger.event e ON e.id = c.event AND e.kind IN ('trade', 'voucher', 'return')
JOIN ledger.event_content d ON d.event = c.event AND d.content = c.content
    AND CASE e.kind WHEN 'return' THEN d.giver = w.returner AND d.taker = w.receiver
        ELSE d.giver = w.receiver AND d.taker = w.returner END
JOIN ledger.live_movement m ON m.lot = l.id AND m.event = c.event AND m.content = c.content
    AND m.line = c.line AND m.direction IN ('opened', 'returned')

-- name: flag_unknown_parties
-- Parties that these documents name and nobody registered, once a day: with its first document.
SELECT DISTINCT n.party, n.location, n.day, e.event_id
FROM (
    SELECT c.event, c.business_date AS day, s.party, s.location
    FROM ledger.event_content c
    CROSS JOIN LATERAL (VALUES (c.giver, c.giver_location), (c.taker, c.taker_location))
        AS s (party, location)
    WHERE c.event = ANY(cast(:event AS bigint[])) AND s.party IS NOT NULL
      AND left(s.party, 1) <> '?'
) n
JOIN ledger.event e ON e.id = n.event
WHERE NOT EXISTS (
    SELECT FROM ledger.live_master m WHERE m.subject_kind = 'party' AND m.subject = n.party
) AND NOT EXISTS (
    SELECT FROM ledger.live_alias a WHERE a.subject_kind = 'party' AND a.code = n.party
) AND NOT EXISTS (
    SELECT
    FROM ledger.event_content o
    JOIN ledger.event earlier ON earlier.id = o.event AND NOT earlier.dead
    WHERE o.business_date = n.day AND n.party IN (o.giver, o.taker)
      AND earlier.event_id < e.event_id
)

-- name: flag_aliases_of_events
SELECT DISTINCT a.subject_kind, a.subject, a.scheme, a.code, e.event_id, c.business_date AS day
FROM ledger.live_alias a
JOIN ledger.event e ON e.id = a.event
JOIN ledger.event_content c ON c.event = a.event AND c.content = a.content
WHERE a.event = ANY(cast(:event AS bigint[])) AND a.scheme = ANY(cast(:scheme AS text[]))

-- name: flag_yields
-- The mass of each line that a process took in or gave out; NULL where a line states none.
SELECT c.event, c.content, c.role, c.line, d.minimum_yield, d.maximum_yield, sum(m.amount) AS mass
FROM ledger.live_claim c
JOIN ledger.event_content d ON d.event = c.event AND d.content = c.content
LEFT JOIN ledger.live_movement m ON m.lot = c.lot AND m.event = c.event AND m.content = c.content
    AND m.line = c.line AND m.dimension = 'mass'
WHERE c.event = ANY(cast(:event AS bigint[])) AND c.role IN ('taken', 'opened')
  AND coalesce(d.minimum_yield, d.maximum_yield) IS NOT NULL
GROUP BY c.event, c.content, c.role, c.line, d.minimum_yield, d.maximum_yield
ORDER BY c.event, c.content, c.line

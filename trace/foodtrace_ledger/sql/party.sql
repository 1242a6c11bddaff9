-- Parties that became one, and what is known of those who aren't registered.

-- name: merges_of
SELECT DISTINCT m.party, m.into_party, m.since, m.event
FROM ledger.live_party_merge m
WHERE m.party = ANY(cast(:party AS text[])) OR m.into_party = ANY(cast(:party AS text[]))
ORDER BY m.since, m.party, m.into_party, m.event

-- name: all_merges
SELECT DISTINCT party, into_party, since FROM ledger.live_party_merge

-- name: party_is_spoken_of
-- Somebody who isn't registered is known by the lots that he holds.
SELECT EXISTS (
    SELECT FROM ledger.lot
    WHERE left(holder, 64) = left(:party, 64) AND holder = :party AND kind <> 'process')

-- name: documents_of_holder
-- The first documents that speak of a holder's lots.
SELECT DISTINCT c.event
FROM (SELECT id FROM ledger.lot
      WHERE left(holder, 64) = left(:party, 64) AND holder = :party AND kind <> 'process'
      ORDER BY id LIMIT :shown) l
JOIN LATERAL (
    SELECT event FROM ledger.live_claim WHERE lot = l.id ORDER BY event LIMIT :shown) c ON true
ORDER BY c.event
LIMIT :shown

-- name: traces_of_products
-- A trace code names its product by the lines that speak of it.
SELECT DISTINCT l.lot_id
FROM ledger.lot l
JOIN ledger.live_claim c ON c.lot = l.id
WHERE l.code = :code AND l.kind = 'trace' AND c.product = ANY(cast(:product AS text[]))

-- What walks add to stored links: stock without codes carried over, one party under several ids,
-- contents of logistic units.

-- A lot of which some document that holds speaks, beside counts and papers.
-- name: spoken_of
(EXISTS (SELECT FROM ledger.live_claim x WHERE x.lot = l.id)
 OR EXISTS (SELECT FROM ledger.live_link x WHERE x.child = l.id)
 OR EXISTS (SELECT FROM ledger.live_link x WHERE x.parent = l.id)
 OR EXISTS (SELECT FROM ledger.live_retail_line x WHERE x.lot = l.id)
 OR EXISTS (SELECT FROM ledger.live_movement x WHERE x.lot = l.id))

-- Ids that an alias or a merge joins; `onward` says which of the two may be joined to others still.
-- name: ids_joined
WITH wanted (id) AS (SELECT * FROM unnest(cast(:id AS text[])))
SELECT a.subject, a.code, a.valid_from, a.valid_to, a.event, false,
       CASE WHEN EXISTS (SELECT FROM ledger.alias o
                         WHERE o.code = a.code AND o.subject_kind = :kind AND o.subject <> a.subject)
              OR EXISTS (SELECT FROM ledger.alias o
                         WHERE o.subject_kind = :kind AND o.subject = a.code AND o.code <> a.code)
              OR :kind = 'party' AND EXISTS (SELECT FROM ledger.party_merge m
                                             WHERE a.code IN (m.party, m.into_party))
            THEN a.code END AS onward
FROM wanted w
JOIN ledger.live_alias a ON a.subject_kind = :kind AND a.subject = w.id AND a.code <> a.subject
UNION ALL
SELECT a.subject, a.code, a.valid_from, a.valid_to, a.event, false, a.subject
FROM wanted w
JOIN ledger.live_alias a ON a.code = w.id AND a.subject_kind = :kind AND a.code <> a.subject
UNION ALL
SELECT m.party, m.into_party, m.since, NULL, m.event, true, m.into_party
FROM wanted w
JOIN ledger.live_party_merge m ON m.party = w.id
WHERE :kind = 'party'
UNION ALL
SELECT m.party, m.into_party, m.since, NULL, m.event, true, m.party
FROM wanted w
JOIN ledger.live_party_merge m ON m.into_party = w.id
WHERE :kind = 'party'

-- Of ids under which any lot is held: whether there are pools, lots without a location, with one.
-- Each is one look into an index (an EXISTS may come to reading all lots there are); ids that agree in
-- their first 64 characters are taken for one, which only makes a walk look once more.
-- name: ids_holding
SELECT w.id,
       (SELECT true FROM ledger.lot l
        WHERE l.kind = 'pool' AND left(l.holder, 64) = left(w.id, 64) LIMIT 1) IS NOT NULL,
       least.location = '',
       (SELECT l.location FROM ledger.lot l
        WHERE left(l.holder, 64) = left(w.id, 64) ORDER BY l.location DESC LIMIT 1) > ''
FROM unnest(cast(:id AS text[])) AS w (id)
CROSS JOIN LATERAL (
    SELECT l.location FROM ledger.lot l
    WHERE left(l.holder, 64) = left(w.id, 64) ORDER BY l.location LIMIT 1
) AS least

-- The locations of holders, found by leaps along the index rather than over all their lots.
-- name: locations_of
SELECT w.id, found.location
FROM unnest(cast(:id AS text[])) AS w (id)
CROSS JOIN LATERAL (
    WITH RECURSIVE leap (location) AS (
        (SELECT l.location FROM ledger.lot l
         WHERE left(l.holder, 64) = left(w.id, 64) ORDER BY l.location LIMIT 1)
        UNION ALL
        SELECT (SELECT l.location FROM ledger.lot l
                WHERE left(l.holder, 64) = left(w.id, 64) AND l.location > leap.location
                ORDER BY l.location LIMIT 1)
        FROM leap
        WHERE leap.location IS NOT NULL
    )
    SELECT location FROM leap WHERE location IS NOT NULL
) found

-- name: pools_between
SELECT w.piece, l.id
FROM unnest(cast(:piece AS integer[]), cast(:stock AS bigint[]), cast(:first AS text[]),
            cast(:last AS text[])) AS w (piece, stock, first, last)
JOIN ledger.lot l ON l.kind = 'pool' AND l.stock = w.stock AND l.code BETWEEN w.first AND w.last
WHERE {spoken_of}
ORDER BY w.piece, l.id

-- name: delivered_between
WITH wanted AS (
    SELECT *
    FROM unnest(cast(:stock AS bigint[]), cast(:first AS text[]), cast(:last AS text[]))
        AS w (stock, first, last)
)
SELECT DISTINCT w.stock, c.lot, l.kind, c.day, c.product
FROM wanted w
JOIN ledger.live_claim c
    ON c.stock = w.stock AND c.day BETWEEN cast(w.first AS date) AND cast(w.last AS date)
JOIN ledger.lot l ON l.id = c.lot AND l.kind <> 'pool'
UNION ALL
SELECT w.stock, l.id, l.kind, cast(l.code AS date), l.product
FROM wanted w
JOIN ledger.lot l ON l.kind = 'pool' AND l.stock = w.stock AND l.code BETWEEN w.first AND w.last
WHERE {spoken_of}
ORDER BY 4, 2

-- name: delivered_in
SELECT DISTINCT c.lot, c.day, c.product
FROM ledger.live_claim c
WHERE c.lot = ANY(cast(:lot AS bigint[])) AND c.stock IS NOT NULL
ORDER BY c.lot, c.day, c.product

-- name: pools_spoken_of
SELECT l.id FROM ledger.lot l WHERE l.id = ANY(cast(:lot AS bigint[])) AND {spoken_of}

-- Categories that documents state of lots, and of lots with codes the days at whose end nothing was
-- found; where two counts of a day differ, neither proves it.
-- name: kept_of_lots
SELECT DISTINCT lot, category, cast(NULL AS date) AS day
FROM ledger.live_claim
WHERE lot = ANY(cast(:lot AS bigint[])) AND category IS NOT NULL
UNION ALL
SELECT lot, NULL, day
FROM ledger.live_counted
WHERE lot = ANY(cast(:coded AS bigint[]))
GROUP BY lot, day
HAVING bool_and(amount = 0)
ORDER BY lot, day

-- name: categories_of_products
SELECT DISTINCT subject, attributes ->> 'category'
FROM ledger.live_master
WHERE subject_kind = 'product' AND subject = ANY(cast(:product AS text[]))
  AND attributes ->> 'category' IS NOT NULL

-- The same of stock without codes.
-- name: emptied_stocks
SELECT w.stock, cast(l.code AS date)
FROM unnest(cast(:stock AS bigint[]), cast(:first AS text[])) AS w (stock, first)
JOIN ledger.lot l ON l.kind = 'pool' AND l.stock = w.stock AND l.code > w.first
JOIN ledger.live_counted c ON c.lot = l.id
GROUP BY w.stock, l.code
HAVING bool_and(c.amount = 0)
ORDER BY 1, 2

-- name: keys_and_days
SELECT l.id, l.lot_id, l.holder, l.location, l.kind, l.product, l.code,
       (SELECT array_agg(DISTINCT c.day) FROM ledger.live_claim c WHERE c.lot = l.id) AS days,
       {spoken_of} AS spoken_of
FROM ledger.lot l
WHERE l.id = ANY(cast(:id AS bigint[])) OR l.lot_id = ANY(cast(:lot_id AS uuid[]))

-- name: packed_lots
SELECT DISTINCT lot
FROM ledger.live_claim
WHERE role = 'packed' AND lot = ANY(cast(:lot AS bigint[]))

-- name: coded_keys
SELECT id, kind, product, code
FROM ledger.lot
WHERE id = ANY(cast(:id AS bigint[])) AND kind IN ('trace', 'batch')

-- name: coded_twins
SELECT id, kind, product, code
FROM ledger.lot
WHERE code = ANY(cast(:code AS text[])) AND kind IN ('trace', 'batch')

-- Batches and who claims them.

-- name: batches_by_code
SELECT id FROM ledger.batch WHERE code = :code ORDER BY manufacturer, product, id

-- name: nameless_batches
SELECT b.id AS batch, o.id AS other
FROM ledger.batch b
JOIN ledger.batch o
    ON o.code = b.code AND o.product = b.product AND o.manufacturer = '' AND o.id <> b.id
WHERE b.id = ANY(cast(:batch AS bigint[]))

-- name: same_batches
SELECT w.batch, w.other
FROM unnest(cast(:batch AS bigint[]), cast(:other AS bigint[])) AS w (batch, other)
WHERE EXISTS (
    SELECT FROM ledger.live_claim mine
    JOIN ledger.live_claim theirs ON theirs.lot = mine.lot AND theirs.batch = w.other
    WHERE mine.batch = w.batch
)
ORDER BY w.batch, w.other

-- name: batch_claims
WITH claimed AS MATERIALIZED (
    SELECT w.batch, c.lot, c.product_name, c.production_date, c.expiry_date, d.business_date,
           l.holder, l.location
    FROM unnest(cast(:batch AS bigint[]), cast(:each AS bigint[])) AS w (batch, each)
    JOIN ledger.live_claim c ON c.batch = w.each
    JOIN ledger.event_content d ON d.event = c.event AND d.content = c.content
    JOIN ledger.lot l ON l.id = c.lot
)
SELECT batch,
       array_agg(DISTINCT product_name) FILTER (WHERE product_name IS NOT NULL) AS product_names,
       array_agg(DISTINCT production_date) FILTER (WHERE production_date IS NOT NULL)
           AS production_dates,
       array_agg(DISTINCT expiry_date) FILTER (WHERE expiry_date IS NOT NULL) AS expiry_dates,
       (array_agg(DISTINCT lot))[1 : :shown] AS lots,
       count(DISTINCT lot) AS lot_count,
       count(DISTINCT (holder, location)) AS holders,
       min(business_date) AS first_day,
       max(business_date) AS last_day
FROM claimed
GROUP BY batch

-- name: lots_of_batch
SELECT DISTINCT l.lot_id, l.holder, l.location, l.kind, l.product, l.code
FROM ledger.live_claim c
JOIN ledger.lot l ON l.id = c.lot
WHERE c.batch = ANY(cast(:batch AS bigint[]))
  AND (cast(:after AS uuid) IS NULL OR l.lot_id > cast(:after AS uuid))
ORDER BY l.lot_id
LIMIT :limit

-- name: lots_of_holders
SELECT l.lot_id, l.holder, l.location, l.kind, l.product, l.code
FROM ledger.lot l
WHERE left(l.holder, 64) = ANY(SELECT left(h, 64) FROM unnest(cast(:holder AS text[])) h)
  AND l.holder = ANY(cast(:holder AS text[])) AND l.kind <> 'process'
  AND (cast(:location AS text) IS NULL OR l.location = :location)
  AND (cast(:after AS uuid) IS NULL OR l.lot_id > cast(:after AS uuid))
ORDER BY l.lot_id
LIMIT :limit

-- name: search_batches
SELECT b.id, b.batch_id
FROM ledger.batch b
WHERE (cast(:products AS text[]) IS NULL OR left(b.product, 64) = ANY(
          SELECT left(p, 64) FROM unnest(cast(:products AS text[])) p)
          AND b.product = ANY(cast(:products AS text[])))
  AND (cast(:makers AS text[]) IS NULL OR b.manufacturer = ANY(cast(:makers AS text[])))
  AND (cast(:first AS date) IS NULL AND cast(:last AS date) IS NULL OR EXISTS (
          SELECT FROM ledger.batch_day d
          WHERE d.batch = b.id
            AND d.production_date BETWEEN coalesce(cast(:first AS date), '-infinity')
                                      AND coalesce(cast(:last AS date), 'infinity')))
  AND EXISTS (SELECT FROM ledger.live_claim c WHERE c.batch = b.id)
  AND (cast(:after AS uuid) IS NULL OR b.batch_id > cast(:after AS uuid))
ORDER BY b.batch_id
LIMIT :limit

-- name: products_named
SELECT product FROM ledger.product_name WHERE name LIKE :pattern
UNION
SELECT subject FROM ledger.live_master
WHERE subject_kind = 'product' AND upper(name) LIKE :pattern

-- name: parties_named
SELECT DISTINCT subject
FROM ledger.live_master
WHERE subject_kind = 'party' AND upper(name) LIKE :pattern

-- name: subjects_of
SELECT DISTINCT subject_kind, subject, scheme, code, valid_from, valid_to
FROM ledger.live_alias
WHERE code = :code
  AND (cast(:at AS date) IS NULL
       OR cast(:at AS date) BETWEEN coalesce(valid_from, '-infinity')
                                AND coalesce(valid_to, 'infinity'))
ORDER BY subject_kind, subject, scheme

-- name: subjects_by_id
SELECT DISTINCT subject_kind, subject FROM ledger.live_master WHERE subject = :code
ORDER BY subject_kind, subject

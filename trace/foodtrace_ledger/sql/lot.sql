-- Lots, batches and the names one looks for them by.

-- name: make_lot
INSERT INTO ledger.lot (lot_id, holder, location, kind, product, code, stock)
SELECT *
FROM unnest(cast(:lot_id AS uuid[]), cast(:holder AS text[]), cast(:location AS text[]),
            cast(:kind AS text[]), cast(:product AS text[]), cast(:code AS text[]),
            cast(:stock AS bigint[]))
ON CONFLICT (lot_id) DO NOTHING
RETURNING id, encode(uuid_send(lot_id), 'hex')

-- name: find_lot
SELECT id, encode(uuid_send(lot_id), 'hex') FROM ledger.lot WHERE lot_id = ANY(cast(:key AS uuid[]))

-- name: make_batch
INSERT INTO ledger.batch (batch_id, manufacturer, product, code)
SELECT *
FROM unnest(cast(:batch_id AS uuid[]), cast(:manufacturer AS text[]), cast(:product AS text[]),
            cast(:code AS text[]))
ON CONFLICT (batch_id) DO NOTHING
RETURNING id, encode(uuid_send(batch_id), 'hex')

-- name: find_batch
SELECT id, encode(uuid_send(batch_id), 'hex')
FROM ledger.batch
WHERE batch_id = ANY(cast(:key AS uuid[]))

-- name: insert_batch_day
INSERT INTO ledger.batch_day (production_date, batch)
SELECT * FROM unnest(cast(:production_date AS date[]), cast(:batch AS bigint[]))
ON CONFLICT DO NOTHING

-- name: insert_product_name
INSERT INTO ledger.product_name (product, name)
SELECT * FROM unnest(cast(:product AS text[]), cast(:name AS text[]))
ON CONFLICT DO NOTHING

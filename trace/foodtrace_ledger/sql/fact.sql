-- What events say, one statement a table.

-- name: insert_claim
INSERT INTO ledger.claim
    (event, content, line, lot, role, batch, product_name, production_date, expiry_date, basis,
     state)
SELECT *
FROM unnest(cast(:event AS bigint[]), cast(:content AS integer[]), cast(:line AS integer[]),
            cast(:lot AS bigint[]), cast(:role AS text[]), cast(:batch AS bigint[]),
            cast(:product_name AS text[]), cast(:production_date AS date[]),
            cast(:expiry_date AS date[]), cast(:basis AS text[]), cast(:state AS text[]))

-- name: insert_link
INSERT INTO ledger.link (parent, child, event, line, basis)
SELECT *
FROM unnest(cast(:parent AS bigint[]), cast(:child AS bigint[]), cast(:event AS bigint[]),
            cast(:line AS integer[]), cast(:basis AS text[]))

-- name: insert_movement
INSERT INTO ledger.movement
    (lot, event, content, line, day, direction, dimension, amount, meeting, told)
SELECT *
FROM unnest(cast(:lot AS bigint[]), cast(:event AS bigint[]), cast(:content AS integer[]),
            cast(:line AS integer[]), cast(:day AS date[]), cast(:direction AS text[]), cast(:dimension AS text[]),
            cast(:amount AS bigint[]), cast(:meeting AS bigint[]), cast(:told AS text[]))

-- name: insert_paper
INSERT INTO ledger.paper
    (lot, event, content, line, kind, number, issuer, valid_until, verification)
SELECT *
FROM unnest(cast(:lot AS bigint[]), cast(:event AS bigint[]), cast(:content AS integer[]),
            cast(:line AS integer[]), cast(:kind AS text[]), cast(:number AS text[]),
            cast(:issuer AS text[]), cast(:valid_until AS date[]), cast(:verification AS text[]))

-- name: insert_alias
INSERT INTO ledger.alias
    (event, content, line, subject_kind, subject, scheme, code, valid_from, valid_to)
SELECT *
FROM unnest(cast(:event AS bigint[]), cast(:content AS integer[]), cast(:line AS integer[]),
            cast(:subject_kind AS text[]), cast(:subject AS text[]), cast(:scheme AS text[]),
            cast(:code AS text[]), cast(:valid_from AS date[]), cast(:valid_to AS date[]))

-- name: insert_master
INSERT INTO ledger.master (event, content, line, subject_kind, subject, name, attributes)
SELECT *
FROM unnest(cast(:event AS bigint[]), cast(:content AS integer[]), cast(:line AS integer[]),
            cast(:subject_kind AS text[]), cast(:subject AS text[]), cast(:name AS text[]),
            cast(:attributes AS jsonb[]))

-- name: insert_citation
INSERT INTO ledger.citation (event, content, line, number)
SELECT *
FROM unnest(cast(:event AS bigint[]), cast(:content AS integer[]), cast(:line AS integer[]),
            cast(:number AS text[]))

-- name: insert_retail_line
INSERT INTO ledger.retail_line (event, content, line, lot, day, dimension, amount, basis)
SELECT *
FROM unnest(cast(:event AS bigint[]), cast(:content AS integer[]), cast(:line AS integer[]),
            cast(:lot AS bigint[]), cast(:day AS date[]), cast(:dimension AS text[]),
            cast(:amount AS bigint[]), cast(:basis AS text[]))

-- name: retail_lines_of
SELECT event, content, line, lot, day, dimension, amount, basis
FROM ledger.retail_line
WHERE event = ANY(cast(:event AS bigint[]))

-- name: add_retail_total
INSERT INTO ledger.retail_total AS t (lot, day, dimension, possible, amount)
SELECT *
FROM unnest(cast(:lot AS bigint[]), cast(:day AS date[]), cast(:dimension AS text[]),
            cast(:possible AS boolean[]), cast(:amount AS numeric[]))
ON CONFLICT (lot, day, dimension, possible) DO UPDATE SET amount = t.amount + excluded.amount

-- name: add_retail_count
INSERT INTO ledger.retail_count AS t (lot, day, possible, receipts)
SELECT *
FROM unnest(cast(:lot AS bigint[]), cast(:day AS date[]), cast(:possible AS boolean[]),
            cast(:receipts AS bigint[]))
ON CONFLICT (lot, day, possible) DO UPDATE SET receipts = t.receipts + excluded.receipts

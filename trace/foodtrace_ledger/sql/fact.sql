-- What events say, one statement a table.

-- name: insert_claim
INSERT INTO ledger.claim
    (event, content, line, lot, role, batch, product_name, production_date, expiry_date, basis,
     state, day, product, category, owner, stock)
SELECT *
FROM unnest(cast(:event AS bigint[]), cast(:content AS integer[]), cast(:line AS integer[]),
            cast(:lot AS bigint[]), cast(:role AS text[]), cast(:batch AS bigint[]),
            cast(:product_name AS text[]), cast(:production_date AS date[]),
            cast(:expiry_date AS date[]), cast(:basis AS text[]), cast(:state AS text[]),
            cast(:day AS date[]), cast(:product AS text[]), cast(:category AS text[]),
            cast(:owner AS text[]), cast(:stock AS bigint[]))

-- name: insert_link
INSERT INTO ledger.link (parent, child, event, line, basis)
SELECT *
FROM unnest(cast(:parent AS bigint[]), cast(:child AS bigint[]), cast(:event AS bigint[]),
            cast(:line AS integer[]), cast(:basis AS text[]))

-- name: insert_movement
INSERT INTO ledger.movement
    (lot, event, content, line, day, direction, dimension, amount, meeting, told,
     product, batch)
SELECT *
FROM unnest(cast(:lot AS bigint[]), cast(:event AS bigint[]), cast(:content AS integer[]),
            cast(:line AS integer[]), cast(:day AS date[]), cast(:direction AS text[]),
            cast(:dimension AS text[]), cast(:amount AS bigint[]), cast(:meeting AS bigint[]),
            cast(:told AS text[]), cast(:product AS text[]), cast(:batch AS text[]))

-- name: insert_paper
INSERT INTO ledger.paper
    (lot, event, content, line, kind, number, issuer, valid_until, verification, day,
     issued_on, scope, destination, covered_dimension, covered_amount)
SELECT *
FROM unnest(cast(:lot AS bigint[]), cast(:event AS bigint[]), cast(:content AS integer[]),
            cast(:line AS integer[]), cast(:kind AS text[]), cast(:number AS text[]),
            cast(:issuer AS text[]), cast(:valid_until AS date[]), cast(:verification AS text[]),
            cast(:day AS date[]), cast(:issued_on AS date[]), cast(:scope AS text[]),
            cast(:destination AS text[]), cast(:covered_dimension AS text[]),
            cast(:covered_amount AS bigint[]))

-- name: insert_alias
INSERT INTO ledger.alias
    (event, content, line, subject_kind, subject, scheme, code, valid_from, valid_to)
SELECT *
FROM unnest(cast(:event AS bigint[]), cast(:content AS integer[]), cast(:line AS integer[]),
            cast(:subject_kind AS text[]), cast(:subject AS text[]), cast(:scheme AS text[]),
            cast(:code AS text[]), cast(:valid_from AS date[]), cast(:valid_to AS date[]))

-- name: insert_master
INSERT INTO ledger.master (event, content, line, subject_kind, subject, name, attributes, day)
SELECT *
FROM unnest(cast(:event AS bigint[]), cast(:content AS integer[]), cast(:line AS integer[]),
            cast(:subject_kind AS text[]), cast(:subject AS text[]), cast(:name AS text[]),
            cast(:attributes AS jsonb[]), cast(:day AS date[]))

-- name: insert_citation
INSERT INTO ledger.citation (event, content, line, number)
SELECT *
FROM unnest(cast(:event AS bigint[]), cast(:content AS integer[]), cast(:line AS integer[]),
            cast(:number AS text[]))

-- name: insert_counted
INSERT INTO ledger.counted (event, content, line, lot, day, dimension, amount)
SELECT *
FROM unnest(cast(:event AS bigint[]), cast(:content AS integer[]), cast(:line AS integer[]),
            cast(:lot AS bigint[]), cast(:day AS date[]), cast(:dimension AS text[]),
            cast(:amount AS bigint[]))

-- name: insert_finding
INSERT INTO ledger.finding
    (event, content, line, day, subject_kind, subject, lot, holder, location, method, stage,
     verdict, laboratory, retest_of)
SELECT *
FROM unnest(cast(:event AS bigint[]), cast(:content AS integer[]), cast(:line AS integer[]),
            cast(:day AS date[]), cast(:subject_kind AS text[]), cast(:subject AS text[]),
            cast(:lot AS bigint[]), cast(:holder AS text[]), cast(:location AS text[]),
            cast(:method AS text[]), cast(:stage AS text[]), cast(:verdict AS text[]),
            cast(:laboratory AS text[]), cast(:retest_of AS uuid[]))

-- name: insert_occupancy
INSERT INTO ledger.occupancy (event, content, line, location, occupant, since, until)
SELECT *
FROM unnest(cast(:event AS bigint[]), cast(:content AS integer[]), cast(:line AS integer[]),
            cast(:location AS text[]), cast(:occupant AS text[]), cast(:since AS date[]),
            cast(:until AS date[]))

-- name: insert_party_merge
INSERT INTO ledger.party_merge (event, content, line, party, into_party, since)
SELECT *
FROM unnest(cast(:event AS bigint[]), cast(:content AS integer[]), cast(:line AS integer[]),
            cast(:party AS text[]), cast(:into_party AS text[]), cast(:since AS date[]))

-- name: insert_resolution
INSERT INTO ledger.resolution
    (event, content, line, log, topic, partition, "offset", action, reason, corrected, actor)
SELECT *
FROM unnest(cast(:event AS bigint[]), cast(:content AS integer[]), cast(:line AS integer[]),
            cast(:log AS text[]), cast(:topic AS text[]), cast(:partition AS integer[]),
            cast(:offset AS bigint[]), cast(:action AS text[]), cast(:reason AS text[]),
            cast(:corrected AS uuid[]), cast(:actor AS text[]))

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

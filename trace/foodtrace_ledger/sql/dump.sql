-- What holds, by public keys.

-- name: dump_claims
SELECT e.event_id, c.content, c.line, l.lot_id, c.role, b.batch_id, c.product_name,
       c.production_date, c.expiry_date, c.basis, c.state
FROM ledger.live_claim c
JOIN ledger.event e ON e.id = c.event
JOIN ledger.lot l ON l.id = c.lot
LEFT JOIN ledger.batch b ON b.id = c.batch

-- name: dump_links
-- Two contents of one id may say the same link.
SELECT DISTINCT e.event_id, k.line, p.lot_id, c.lot_id, k.basis
FROM ledger.live_link k
JOIN ledger.event e ON e.id = k.event
JOIN ledger.lot p ON p.id = k.parent
JOIN ledger.lot c ON c.id = k.child

-- name: dump_movements
SELECT e.event_id, m.content, m.line, l.lot_id, m.direction, m.dimension, m.amount
FROM ledger.live_movement m
JOIN ledger.event e ON e.id = m.event
JOIN ledger.lot l ON l.id = m.lot

-- name: dump_retail
SELECT e.event_id, r.content, r.line, l.lot_id, r.day, r.dimension, r.amount, r.basis
FROM ledger.live_retail_line r
JOIN ledger.event e ON e.id = r.event
JOIN ledger.lot l ON l.id = r.lot

-- name: dump_papers
SELECT e.event_id, p.content, p.line, l.lot_id, p.kind, p.number, p.issuer, p.valid_until,
       p.verification
FROM ledger.live_paper p
JOIN ledger.event e ON e.id = p.event
JOIN ledger.lot l ON l.id = p.lot

-- name: dump_aliases
SELECT e.event_id, a.content, a.line, a.subject_kind, a.subject, a.scheme, a.code, a.valid_from,
       a.valid_to
FROM ledger.live_alias a
JOIN ledger.event e ON e.id = a.event

-- name: dump_masters
SELECT e.event_id, m.content, m.line, m.subject_kind, m.subject, m.name, m.attributes
FROM ledger.live_master m
JOIN ledger.event e ON e.id = m.event

-- name: dump_citations
SELECT e.event_id, c.content, c.line, c.number
FROM ledger.live_citation c
JOIN ledger.event e ON e.id = c.event

-- name: dump_voids
SELECT w.event_id, v.content, v.line, t.event_id, v.target_line
FROM ledger.voiding v
JOIN ledger.event w ON w.id = v.void
JOIN ledger.event t ON t.id = v.target
WHERE NOT w.dead AND v.line <> ALL(w.dead_lines)

-- name: dump_retail_sums
SELECT l.lot_id, t.day, t.dimension, t.possible, cast(t.amount AS bigint)
FROM ledger.retail_total t
JOIN ledger.lot l ON l.id = t.lot
WHERE t.amount <> 0

-- name: dump_retail_receipts
SELECT l.lot_id, c.day, c.possible, c.receipts
FROM ledger.retail_count c
JOIN ledger.lot l ON l.id = c.lot
WHERE c.receipts <> 0

-- name: dump_verdicts
SELECT event_id, dead, dead_lines
FROM ledger.event
WHERE arrived AND (dead OR dead_lines <> '{}')

-- name: dump_contradicted
SELECT event_id FROM ledger.event WHERE contradicted

-- name: dump_origins
SELECT e.event_id, c.content, c.digest, c.log, c.topic, c.partition, c."offset", c.received_at,
       c.payload_digest
FROM ledger.event_content c
JOIN ledger.event e ON e.id = c.event

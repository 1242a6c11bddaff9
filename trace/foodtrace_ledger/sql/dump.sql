-- What holds, by public keys.

-- name: dump_claims
SELECT e.event_id, c.content, c.line, l.lot_id, c.role, b.batch_id, c.product_name,
       c.production_date, c.expiry_date, c.basis, c.state, c.day, c.product, c.category, c.owner,
       c.stock
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
SELECT e.event_id, m.content, m.line, l.lot_id, m.day, m.direction, m.dimension, m.amount,
       m.meeting, m.told, m.product, m.batch
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
       p.verification, p.day, p.issued_on, p.scope, p.destination, p.covered_dimension,
       p.covered_amount
FROM ledger.live_paper p
JOIN ledger.event e ON e.id = p.event
JOIN ledger.lot l ON l.id = p.lot

-- name: dump_aliases
SELECT e.event_id, a.content, a.line, a.subject_kind, a.subject, a.scheme, a.code, a.valid_from,
       a.valid_to
FROM ledger.live_alias a
JOIN ledger.event e ON e.id = a.event

-- name: dump_masters
SELECT e.event_id, m.content, m.line, m.subject_kind, m.subject, m.name, m.attributes, m.day
FROM ledger.live_master m
JOIN ledger.event e ON e.id = m.event

-- name: dump_citations
SELECT e.event_id, c.content, c.line, c.number
FROM ledger.live_citation c
JOIN ledger.event e ON e.id = c.event

-- name: dump_counts
SELECT e.event_id, c.content, c.line, l.lot_id, c.day, c.dimension, c.amount
FROM ledger.live_counted c
JOIN ledger.event e ON e.id = c.event
JOIN ledger.lot l ON l.id = c.lot

-- name: dump_findings
SELECT e.event_id, f.content, f.line, f.day, f.subject_kind, f.subject, l.lot_id, f.holder,
       f.location, f.method, f.stage, f.verdict, f.laboratory, f.retest_of
FROM ledger.live_finding f
JOIN ledger.event e ON e.id = f.event
LEFT JOIN ledger.lot l ON l.id = f.lot

-- name: dump_occupancies
SELECT e.event_id, o.content, o.line, o.location, o.occupant, o.since, o.until
FROM ledger.live_occupancy o
JOIN ledger.event e ON e.id = o.event

-- name: dump_merges
SELECT e.event_id, m.content, m.line, m.party, m.into_party, m.since
FROM ledger.live_party_merge m
JOIN ledger.event e ON e.id = m.event

-- name: dump_resolutions
SELECT e.event_id, r.content, r.line, r.log, r.topic, r.partition, r."offset", r.action, r.reason,
       r.corrected, r.actor
FROM ledger.live_resolution r
JOIN ledger.event e ON e.id = r.event

-- name: dump_pools
-- What the pools of all days have in common, and nothing in other lots.
SELECT lot_id, stock FROM ledger.lot

-- name: dump_meetings
SELECT e.event_id, c.content, c.business_date, c.meeting, c.order_reference, c.giver, c.taker
FROM ledger.event_content c
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

-- name: dump_evidence
-- A tree without leaves is none: whether it is there depends on where chunks ended.
SELECT topic, partition, log, size, last_offset, as_of, link, frontier, tail, tail_offsets
FROM ledger.evidence_head
WHERE size > 0

-- name: dump_evidence_tiles
SELECT topic, partition, index, first_offset, offsets, root, hashes FROM ledger.evidence_tile

-- name: dump_evidence_nodes
SELECT topic, partition, height, index, root FROM ledger.evidence_node

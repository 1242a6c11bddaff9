-- Which documents a page of flags looks at: portions in the order (day, latest first; event's id).

-- name: flag_latest_day
SELECT max(business_date) AS day FROM ledger.event_content

-- name: flag_portion_from
-- `after` is the event at which the day `last` goes on; the day's earlier events were looked at.
JOIN ledger.event_content c ON c.event = e.id
WHERE NOT e.dead AND c.business_date <= cast(:last AS date)
  AND (cast(:first AS date) IS NULL OR c.business_date >= cast(:first AS date))
  AND (c.business_date < cast(:last AS date) OR cast(:after AS uuid) IS NULL
       OR e.event_id >= cast(:after AS uuid))
  AND (cast(:source AS text) IS NULL OR e.source = cast(:source AS text))
ORDER BY c.business_date DESC, e.event_id, e.id
LIMIT :limit

-- name: flag_portion_by_day
SELECT DISTINCT c.business_date AS day, e.event_id, e.id
FROM ledger.event e
{flag_portion_from}

-- name: flag_portion_of_lots
WITH mine AS MATERIALIZED (
    SELECT id
    FROM ledger.lot
    WHERE (cast(:holder AS text) IS NULL
           OR left(holder, 64) = left(cast(:holder AS text), 64) AND holder = cast(:holder AS text))
      AND (cast(:location AS text[]) IS NULL
           OR location = ANY(cast(:location AS text[])) AND location <> '')
      AND (cast(:lot AS uuid) IS NULL OR lot_id = cast(:lot AS uuid))
),
spoken AS MATERIALIZED (
    SELECT event FROM mine JOIN ledger.live_claim x ON x.lot = mine.id
    UNION
    SELECT event FROM mine JOIN ledger.live_movement x ON x.lot = mine.id
    UNION
    SELECT event FROM mine JOIN ledger.live_retail_line x ON x.lot = mine.id
    UNION
    SELECT event FROM mine JOIN ledger.live_link x ON x.parent = mine.id
    UNION
    SELECT event
    FROM ledger.live_master
    WHERE subject_kind = 'party' AND subject = cast(:holder AS text)
       OR subject_kind = 'location' AND subject = ANY(cast(:location AS text[]))
    UNION
    SELECT event FROM ledger.live_party_merge WHERE party = cast(:holder AS text)
)
SELECT DISTINCT c.business_date AS day, e.event_id, e.id
FROM spoken
JOIN ledger.event e ON e.id = spoken.event
{flag_portion_from}

-- name: flag_portion_lots
SELECT l.id AS lot
FROM (
    SELECT lot FROM ledger.live_claim WHERE event = ANY(cast(:event AS bigint[]))
    UNION
    SELECT lot FROM ledger.live_retail_line WHERE event = ANY(cast(:event AS bigint[]))
    UNION
    SELECT n.id
    FROM ledger.event e
    JOIN ledger.lot n ON n.code = cast(e.event_id AS text) AND n.kind = 'process'
    WHERE e.id = ANY(cast(:event AS bigint[])) AND e.kind = 'transformation'
) spoken
JOIN ledger.lot l ON l.id = spoken.lot
WHERE (cast(:holder AS text) IS NULL OR l.holder = cast(:holder AS text))
  AND (cast(:location AS text[]) IS NULL OR l.location = ANY(cast(:location AS text[])))
  AND (cast(:lot AS uuid) IS NULL OR l.lot_id = cast(:lot AS uuid))

-- name: flag_lots_named
SELECT lot_id, holder, location, kind, product, code
FROM ledger.lot
WHERE lot_id = ANY(cast(:lot_id AS uuid[]))

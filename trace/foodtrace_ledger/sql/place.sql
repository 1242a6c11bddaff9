-- Locations: the tree one level at a time, and who sat where.

-- name: latest_word
-- Which word holds, as `foodtrace.registered.holding` says: on a day the latest of that day or
-- before, else the earliest there is.
(cast(:day AS date) IS NULL OR m.day <= cast(:day AS date)) DESC,
CASE WHEN cast(:day AS date) IS NULL OR m.day <= cast(:day AS date) THEN m.day END DESC,
CASE WHEN cast(:day AS date) IS NULL OR m.day <= cast(:day AS date) THEN e.event_id END DESC,
m.day, e.event_id

-- name: placed
-- The parent and region that hold, each by the latest word that states it.
SELECT m.subject,
       (array_agg(m.attributes ->> 'parent' ORDER BY {latest_word}, m.attributes ->> 'parent')
           FILTER (WHERE m.attributes ->> 'parent' IS NOT NULL))[1] AS parent,
       (array_agg(m.attributes ->> 'region' ORDER BY {latest_word}, m.attributes ->> 'region')
           FILTER (WHERE m.attributes ->> 'region' IS NOT NULL))[1] AS region,
       (array_agg(m.attributes ->> 'location_kind'
                  ORDER BY {latest_word}, m.attributes ->> 'location_kind'))[1] AS kind
FROM ledger.live_master m
JOIN ledger.event e ON e.id = m.event

-- name: places_by_id
{placed}
WHERE m.subject_kind = 'location' AND m.subject = ANY(cast(:place AS text[]))
GROUP BY m.subject

-- name: places_in
-- Whatever was ever said to be part of these; where it stands now is for the reader to see.
{placed}
WHERE m.subject_kind = 'location' AND m.subject = ANY(ARRAY(
    SELECT c.subject FROM ledger.live_master c
    WHERE c.subject_kind = 'location' AND c.attributes ->> 'parent' = ANY(cast(:parent AS text[]))))
GROUP BY m.subject
ORDER BY m.subject

-- name: places_in_regions
-- The same where some of these are regions: a place that states no parent is part of its region.
{placed}
WHERE m.subject_kind = 'location' AND m.subject = ANY(ARRAY(
    SELECT c.subject FROM ledger.live_master c
    WHERE c.subject_kind = 'location' AND c.attributes ->> 'parent' = ANY(cast(:parent AS text[]))
    UNION
    SELECT c.subject FROM ledger.live_master c
    WHERE c.subject_kind = 'location' AND c.attributes ->> 'region' = ANY(cast(:parent AS text[]))
    UNION
    SELECT c.subject FROM ledger.live_master c
    WHERE c.subject_kind = 'location' AND c.subject = ANY(cast(:parent AS text[]))))
GROUP BY m.subject
ORDER BY m.subject

-- name: words_on
SELECT m.day, e.event_id, m.name, m.attributes
FROM ledger.live_master m
JOIN ledger.event e ON e.id = m.event
WHERE m.subject_kind = :kind AND m.subject = :subject

-- name: sat_at
SELECT DISTINCT o.location, o.occupant, o.since, o.until, c.business_date AS day, e.event_id
FROM ledger.live_occupancy o
JOIN ledger.event e ON e.id = o.event
JOIN ledger.event_content c ON c.event = o.event AND c.content = o.content
WHERE o.location = ANY(cast(:place AS text[]))

-- name: sat_by
-- Everybody who sat where one of these parties did: an open end is told by the next tenant.
SELECT DISTINCT o.location, o.occupant, o.since, o.until, c.business_date AS day, e.event_id
FROM ledger.live_occupancy o
JOIN ledger.event e ON e.id = o.event
JOIN ledger.event_content c ON c.event = o.event AND c.content = o.content
WHERE o.location = ANY(ARRAY(
    SELECT mine.location FROM ledger.live_occupancy mine
    WHERE mine.occupant = ANY(cast(:party AS text[]))))

-- name: occupied_by
SELECT DISTINCT occupant
FROM ledger.live_occupancy
WHERE location = ANY(cast(:place AS text[]))

-- name: aliases_of
SELECT DISTINCT a.subject, a.scheme, a.code, a.valid_from, a.valid_to, a.event
FROM ledger.live_alias a
WHERE a.subject_kind = :kind AND a.subject = ANY(cast(:subject AS text[]))
ORDER BY a.subject, a.scheme, a.code, a.valid_from NULLS FIRST, a.valid_to, a.event

-- name: location_is_used
SELECT EXISTS (SELECT FROM ledger.lot WHERE location = :place)

-- name: codes_of_others
-- Codes that some other subject of the kind goes by too, at whatever time.
SELECT DISTINCT code
FROM ledger.live_alias
WHERE subject_kind = :kind AND code = ANY(cast(:code AS text[]))
  AND subject <> ALL(cast(:subject AS text[]))
UNION
SELECT subject
FROM ledger.live_master
WHERE subject_kind = :kind AND subject = ANY(cast(:code AS text[]))
  AND subject <> ALL(cast(:subject AS text[]))

-- name: owners_of_codes
-- Codes by which one subject of the kind alone is known, and which aren't themselves registered.
SELECT a.code, min(a.subject) AS subject
FROM ledger.live_alias a
WHERE a.subject_kind = :kind AND a.code = ANY(cast(:code AS text[]))
  AND NOT EXISTS (SELECT FROM ledger.live_master m
                  WHERE m.subject_kind = a.subject_kind AND m.subject = a.code)
GROUP BY a.code
HAVING count(DISTINCT a.subject) = 1

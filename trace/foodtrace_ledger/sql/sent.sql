-- What came from a source, document by document.

-- name: sent
SELECT e.event_id, e.kind, e.source, e.source_event_id, e.revision, e.dead, c.content,
       c.received_at, c.business_date, c.payload
FROM ledger.event_content c
JOIN ledger.event e ON e.id = c.event
WHERE c.business_date BETWEEN :since AND :until
  AND (cast(:source AS text) IS NULL OR e.source = :source)
  AND (cast(:last_day AS date) IS NULL
       OR (c.business_date, e.event_id, c.content)
        > (cast(:last_day AS date), cast(:last_event AS uuid), cast(:last_content AS integer)))
ORDER BY c.business_date, e.event_id, c.content
LIMIT :limit

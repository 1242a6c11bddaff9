-- name: read_positions
SELECT consumer, log, topic, partition, next_offset, attempts
FROM ledger.position
WHERE cast(:consumer AS text) IS NULL OR consumer = :consumer
ORDER BY consumer, topic, partition

-- name: raise_attempts
INSERT INTO ledger.position AS p (consumer, topic, partition, log, next_offset, attempts)
VALUES (:consumer, :topic, :partition, :log, 0, 1)
ON CONFLICT (consumer, topic, partition) DO UPDATE SET attempts = p.attempts + 1
RETURNING attempts

-- name: count_death
-- Only where the position still stands: what moved on was written before the end.
UPDATE ledger.position SET attempts = attempts + 1
WHERE consumer = :consumer AND topic = :topic AND partition = :partition AND log = :log
  AND next_offset = :offset
RETURNING attempts

-- name: begin_position
INSERT INTO ledger.position (consumer, topic, partition, log, next_offset)
VALUES (:consumer, :topic, :partition, :log, :offset)
ON CONFLICT (consumer, topic, partition) DO NOTHING

-- name: lock_position
-- With it comes which ledger this is and of which revision: under a running writer it may be switched.
SELECT p.log, p.next_offset, (SELECT ledger_id FROM ledger.instance) AS ledger_id,
       (SELECT version_num FROM ledger.alembic_version) AS revision
FROM ledger.position p
WHERE p.consumer = :consumer AND p.topic = :topic AND p.partition = :partition
FOR UPDATE OF p

-- name: wait_for_writers
-- Who waits for longer anyway, as a rebuild does, goes on doing so.
SELECT set_config('lock_timeout', cast(:most_ms AS text), true)
WHERE cast(current_setting('lock_timeout') AS interval)
    BETWEEN interval '1 ms' AND cast(:most_ms AS integer) * interval '1 ms'

-- name: advance_position
-- A chunk may come in pieces: the place that ended workers may lie in one that is still to come.
UPDATE ledger.position
SET next_offset = :end, attempts = CASE WHEN :more THEN attempts ELSE 0 END
WHERE consumer = :consumer AND topic = :topic AND partition = :partition

-- Who stands in the way of a session.

-- name: own_pid
SELECT pg_backend_pid()

-- name: end_idle_blockers
-- Blockers of blockers too: the row may be wanted by others that wait for the same holder.
WITH RECURSIVE blocker (pid) AS (
    SELECT unnest(pg_blocking_pids(:pid))
    UNION
    SELECT unnest(pg_blocking_pids(blocker.pid)) FROM blocker
),
idle AS MATERIALIZED (
    SELECT a.pid, a.application_name AS application,
           cast(extract(epoch FROM clock_timestamp() - a.state_change) * 1000 AS bigint) AS idle_ms
    FROM blocker
    JOIN pg_stat_activity a USING (pid)
    WHERE a.state LIKE 'idle in transaction%' AND a.datname = current_database()
      AND a.application_name LIKE :application || '%'
)
SELECT pid, application, idle_ms
FROM idle
WHERE idle_ms >= :idle_ms AND pg_terminate_backend(pid)

-- name: end_silent_holder
-- Who works asks something every few seconds; a frozen worker's session is alive and idle for ever.
WITH silent AS MATERIALIZED (
    SELECT a.pid, a.application_name AS application,
           cast(extract(epoch FROM clock_timestamp() - a.state_change) * 1000 AS bigint) AS idle_ms
    FROM pg_locks l
    JOIN pg_stat_activity a USING (pid)
    WHERE l.locktype = 'advisory' AND l.granted AND a.datname = current_database()
      AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND l.classid = 0 AND l.objid = cast(:key AS oid) AND l.objsubid = 1
      AND a.state = 'idle' AND a.application_name LIKE :application || '%'
)
SELECT pid, application, idle_ms
FROM silent
WHERE idle_ms >= :idle_ms AND pg_terminate_backend(pid)

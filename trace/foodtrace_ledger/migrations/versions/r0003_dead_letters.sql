ALTER TABLE ledger.dead_letter ADD COLUMN source TEXT, ADD COLUMN requeued_from TEXT;
CREATE INDEX dead_letter_requeued_from_idx ON ledger.dead_letter (requeued_from)
    WHERE requeued_from IS NOT NULL;

CREATE TABLE ledger.resolution (
    event BIGINT NOT NULL,
    content INTEGER NOT NULL,
    line INTEGER NOT NULL,
    log TEXT NOT NULL,
    topic TEXT NOT NULL,
    partition INTEGER NOT NULL,
    "offset" BIGINT NOT NULL,
    action TEXT NOT NULL,
    reason TEXT,
    corrected UUID,
    actor TEXT,
    CONSTRAINT resolution_action_check CHECK (action IN ('requeued', 'fixed', 'dismissed'))
);
CREATE INDEX resolution_letter_idx ON ledger.resolution (log, topic, partition, "offset");

CREATE TABLE ledger.halt (
    consumer TEXT NOT NULL,
    topic TEXT NOT NULL,
    partition INTEGER NOT NULL,
    log TEXT NOT NULL,
    "offset" BIGINT NOT NULL,
    code TEXT NOT NULL,
    detail TEXT NOT NULL,
    CONSTRAINT halt_pkey PRIMARY KEY (consumer, topic, partition)
);

CREATE VIEW ledger.live_resolution AS
SELECT x.* FROM ledger.resolution x
WHERE NOT EXISTS (
    SELECT FROM ledger.event e
    WHERE e.id = x.event AND (e.dead OR e.dead_lines <> '{}')
      AND (e.dead OR x.line = ANY(e.dead_lines))
);

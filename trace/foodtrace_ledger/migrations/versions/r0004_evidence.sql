CREATE TABLE ledger.evidence_head (
    topic TEXT NOT NULL,
    partition INTEGER NOT NULL,
    log TEXT NOT NULL,
    size BIGINT NOT NULL,
    next_offset BIGINT NOT NULL,
    last_offset BIGINT,
    as_of TIMESTAMP WITH TIME ZONE,
    link BYTEA NOT NULL,
    frontier BYTEA NOT NULL,
    tail BYTEA NOT NULL,
    tail_offsets BIGINT[] NOT NULL,
    CONSTRAINT evidence_head_pkey PRIMARY KEY (topic, partition)
) WITH (fillfactor = 25);

CREATE TABLE ledger.evidence_tile (
    topic TEXT NOT NULL,
    partition INTEGER NOT NULL,
    index BIGINT NOT NULL,
    first_offset BIGINT NOT NULL,
    offsets BIGINT[],
    root BYTEA NOT NULL,
    hashes BYTEA NOT NULL,
    CONSTRAINT evidence_tile_pkey PRIMARY KEY (topic, partition, index)
);

CREATE TABLE ledger.evidence_node (
    topic TEXT NOT NULL,
    partition INTEGER NOT NULL,
    height INTEGER NOT NULL,
    index BIGINT NOT NULL,
    root BYTEA NOT NULL,
    CONSTRAINT evidence_node_pkey PRIMARY KEY (topic, partition, height, index)
);

-- Hashes can't be compressed, and a head is read and written as a whole: nothing goes out of line.
ALTER TABLE ledger.evidence_head
    ALTER COLUMN frontier SET STORAGE PLAIN, ALTER COLUMN tail SET STORAGE PLAIN;
ALTER TABLE ledger.evidence_tile ALTER COLUMN hashes SET STORAGE PLAIN;

-- The first ledger. Written out, so that later changes of the models leave it as it is.

CREATE TABLE ledger.alias (
    event BIGINT NOT NULL,
    content INTEGER NOT NULL,
    line INTEGER NOT NULL,
    subject_kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    scheme TEXT NOT NULL,
    code TEXT NOT NULL,
    valid_from DATE,
    valid_to DATE
);
CREATE INDEX alias_code_idx ON ledger.alias (code);
CREATE INDEX alias_subject_idx ON ledger.alias (subject_kind, subject);

CREATE TABLE ledger.batch (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    batch_id UUID NOT NULL,
    manufacturer TEXT NOT NULL,
    product TEXT NOT NULL,
    code TEXT NOT NULL,
    CONSTRAINT batch_pkey PRIMARY KEY (id),
    CONSTRAINT batch_batch_id_key UNIQUE (batch_id)
);
CREATE INDEX batch_code_idx ON ledger.batch (code);
CREATE INDEX batch_manufacturer_idx ON ledger.batch (manufacturer, id);
CREATE INDEX batch_product_idx ON ledger.batch (left(product, 64), id);

CREATE TABLE ledger.batch_day (
    production_date DATE NOT NULL,
    batch BIGINT NOT NULL,
    CONSTRAINT batch_day_pkey PRIMARY KEY (production_date, batch)
);

CREATE TABLE ledger.citation (
    event BIGINT NOT NULL,
    content INTEGER NOT NULL,
    line INTEGER NOT NULL,
    number TEXT NOT NULL
);
CREATE INDEX citation_event_idx ON ledger.citation (event);
CREATE INDEX citation_number_idx ON ledger.citation (number);

CREATE TABLE ledger.claim (
    event BIGINT NOT NULL,
    content INTEGER NOT NULL,
    line INTEGER NOT NULL,
    lot BIGINT NOT NULL,
    role TEXT NOT NULL,
    batch BIGINT,
    product_name TEXT,
    production_date DATE,
    expiry_date DATE,
    basis TEXT NOT NULL,
    state TEXT,
    CONSTRAINT claim_role_check CHECK (role IN ('opened', 'origin', 'taken', 'named')),
    CONSTRAINT claim_basis_check CHECK (basis IN ('scanned', 'declared', 'allocated', 'possible'))
);
CREATE INDEX claim_batch_idx ON ledger.claim (batch, lot) WHERE batch IS NOT NULL;
CREATE INDEX claim_event_idx ON ledger.claim (event);
CREATE INDEX claim_lot_idx ON ledger.claim (lot);

CREATE TABLE ledger.dead_letter (
    log TEXT NOT NULL,
    topic TEXT NOT NULL,
    partition INTEGER NOT NULL,
    "offset" BIGINT NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    consumer TEXT NOT NULL,
    code TEXT NOT NULL,
    detail TEXT NOT NULL,
    path TEXT,
    schema_id BIGINT,
    key BYTEA,
    value BYTEA,
    headers JSONB NOT NULL,
    published BOOLEAN DEFAULT 'false' NOT NULL,
    CONSTRAINT dead_letter_pkey PRIMARY KEY (log, topic, partition, "offset")
);
CREATE INDEX dead_letter_received_at_idx ON ledger.dead_letter (received_at);
CREATE INDEX dead_letter_unpublished_idx ON ledger.dead_letter (received_at, topic, partition, "offset")
    WHERE NOT published;

CREATE TABLE ledger.event (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    event_id UUID NOT NULL,
    kind TEXT,
    source TEXT,
    source_event_id TEXT,
    revision INTEGER,
    arrived BOOLEAN NOT NULL,
    contradicted BOOLEAN NOT NULL,
    superseded BOOLEAN NOT NULL,
    dead BOOLEAN NOT NULL,
    dead_lines INTEGER[] NOT NULL,
    top_revision INTEGER,
    head BIGINT,
    CONSTRAINT event_pkey PRIMARY KEY (id),
    CONSTRAINT event_event_id_key UNIQUE (event_id)
);
CREATE INDEX event_contradicted_idx ON ledger.event (id) WHERE contradicted;
CREATE INDEX event_head_idx ON ledger.event (head) WHERE head IS NOT NULL;
CREATE INDEX event_touched_idx ON ledger.event (id)
    INCLUDE (dead, dead_lines)
    WHERE dead OR dead_lines <> '{}';

CREATE TABLE ledger.event_content (
    event BIGINT NOT NULL,
    content INTEGER NOT NULL,
    digest BYTEA NOT NULL,
    log TEXT NOT NULL,
    topic TEXT NOT NULL,
    partition INTEGER NOT NULL,
    "offset" BIGINT NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    payload_digest BYTEA NOT NULL,
    schema_id INTEGER NOT NULL,
    payload BYTEA NOT NULL,
    occurred_at TIMESTAMP WITH TIME ZONE NOT NULL,
    business_date DATE NOT NULL,
    document_type TEXT,
    document_number TEXT,
    trade_no TEXT,
    reporter TEXT,
    giver TEXT,
    giver_location TEXT,
    taker TEXT,
    taker_location TEXT,
    receipt_code TEXT,
    total_amount NUMERIC,
    currency TEXT,
    CONSTRAINT event_content_pkey PRIMARY KEY (event, content)
);
CREATE INDEX event_content_number_idx ON ledger.event_content (document_number)
    WHERE document_number IS NOT NULL;
CREATE INDEX event_content_receipt_code_idx ON ledger.event_content (receipt_code)
    WHERE receipt_code IS NOT NULL;

CREATE TABLE ledger.heard (
    source TEXT NOT NULL,
    topic TEXT NOT NULL,
    partition INTEGER NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT heard_pkey PRIMARY KEY (source, topic, partition)
);

CREATE TABLE ledger.instance (
    ledger_id UUID NOT NULL,
    CONSTRAINT instance_pkey PRIMARY KEY (ledger_id)
);

CREATE TABLE ledger.link (
    parent BIGINT NOT NULL,
    child BIGINT NOT NULL,
    event BIGINT NOT NULL,
    line INTEGER NOT NULL,
    basis TEXT NOT NULL,
    CONSTRAINT link_basis_check CHECK (basis IN ('scanned', 'declared', 'allocated', 'possible'))
);
CREATE INDEX link_child_idx ON ledger.link (child, parent, event, line, basis);
CREATE INDEX link_parent_idx ON ledger.link (parent, child, event, line, basis);

CREATE TABLE ledger.lot (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    lot_id UUID NOT NULL,
    holder TEXT NOT NULL,
    location TEXT NOT NULL,
    kind TEXT NOT NULL,
    product TEXT NOT NULL,
    code TEXT NOT NULL,
    CONSTRAINT lot_pkey PRIMARY KEY (id),
    CONSTRAINT lot_kind_check CHECK (kind IN ('trace', 'batch', 'pool', 'process')),
    CONSTRAINT lot_lot_id_key UNIQUE (lot_id)
);
CREATE INDEX lot_code_idx ON ledger.lot (code);
CREATE INDEX lot_holder_idx ON ledger.lot (left(holder, 64), location);

CREATE TABLE ledger.master (
    event BIGINT NOT NULL,
    content INTEGER NOT NULL,
    line INTEGER NOT NULL,
    subject_kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    name TEXT NOT NULL,
    attributes JSONB NOT NULL
);
CREATE INDEX master_subject_idx ON ledger.master (subject_kind, subject);

CREATE TABLE ledger.movement (
    event BIGINT NOT NULL,
    content INTEGER NOT NULL,
    line INTEGER NOT NULL,
    lot BIGINT NOT NULL,
    day DATE NOT NULL,
    direction TEXT NOT NULL,
    dimension TEXT NOT NULL,
    amount BIGINT NOT NULL,
    meeting BIGINT,
    told TEXT,
    CONSTRAINT movement_direction_check CHECK (direction IN ('opened', 'sold', 'used', 'disposed', 'moved', 'adjusted', 'returned'))
);
CREATE INDEX movement_lot_idx ON ledger.movement (lot)
    INCLUDE (day, direction, dimension, amount, event, line);

CREATE TABLE ledger.paper (
    event BIGINT NOT NULL,
    content INTEGER NOT NULL,
    line INTEGER NOT NULL,
    lot BIGINT NOT NULL,
    kind TEXT NOT NULL,
    number TEXT NOT NULL,
    issuer TEXT,
    valid_until DATE,
    verification TEXT NOT NULL
);
CREATE INDEX paper_lot_idx ON ledger.paper (lot);
CREATE INDEX paper_number_idx ON ledger.paper (number);

CREATE TABLE ledger.position (
    consumer TEXT NOT NULL,
    topic TEXT NOT NULL,
    partition INTEGER NOT NULL,
    log TEXT NOT NULL,
    next_offset BIGINT NOT NULL,
    attempts INTEGER DEFAULT '0' NOT NULL,
    CONSTRAINT position_pkey PRIMARY KEY (consumer, topic, partition)
);

CREATE TABLE ledger.product_name (
    product TEXT NOT NULL,
    name TEXT NOT NULL,
    CONSTRAINT product_name_pkey PRIMARY KEY (product, name)
);
CREATE INDEX product_name_name_idx ON ledger.product_name (name text_pattern_ops);

CREATE TABLE ledger.retail_count (
    lot BIGINT NOT NULL,
    day DATE NOT NULL,
    possible BOOLEAN NOT NULL,
    receipts BIGINT NOT NULL,
    CONSTRAINT retail_count_pkey PRIMARY KEY (lot, day, possible)
);

CREATE TABLE ledger.retail_line (
    event BIGINT NOT NULL,
    content INTEGER NOT NULL,
    line INTEGER NOT NULL,
    lot BIGINT NOT NULL,
    day DATE NOT NULL,
    dimension TEXT NOT NULL,
    amount BIGINT NOT NULL,
    basis TEXT NOT NULL,
    CONSTRAINT retail_line_basis_check CHECK (basis IN ('scanned', 'declared', 'allocated', 'possible'))
);
CREATE INDEX retail_line_event_idx ON ledger.retail_line (event);
CREATE INDEX retail_line_lot_idx ON ledger.retail_line (lot, day);

CREATE TABLE ledger.retail_total (
    lot BIGINT NOT NULL,
    day DATE NOT NULL,
    dimension TEXT NOT NULL,
    possible BOOLEAN NOT NULL,
    amount NUMERIC NOT NULL,
    CONSTRAINT retail_total_pkey PRIMARY KEY (lot, day, dimension, possible)
);

CREATE TABLE ledger.voiding (
    void BIGINT NOT NULL,
    content INTEGER NOT NULL,
    line INTEGER NOT NULL,
    target BIGINT NOT NULL,
    target_line INTEGER NOT NULL,
    CONSTRAINT voiding_pkey PRIMARY KEY (void, content, line, target, target_line)
);
CREATE INDEX voiding_target_idx ON ledger.voiding (target);


-- What holds: rows of events that are dead, or of lines that are, don't count. Only few events are
-- ever touched, so the look into their partial index costs little.
CREATE VIEW ledger.live_claim AS
SELECT x.* FROM ledger.claim x
WHERE NOT EXISTS (
    SELECT FROM ledger.event e
    WHERE e.id = x.event AND (e.dead OR e.dead_lines <> '{}')
      AND (e.dead OR x.line = ANY(e.dead_lines))
);

CREATE VIEW ledger.live_link AS
SELECT x.* FROM ledger.link x
WHERE NOT EXISTS (
    SELECT FROM ledger.event e
    WHERE e.id = x.event AND (e.dead OR e.dead_lines <> '{}')
      AND (e.dead OR x.line = ANY(e.dead_lines))
);

CREATE VIEW ledger.live_movement AS
SELECT x.* FROM ledger.movement x
WHERE NOT EXISTS (
    SELECT FROM ledger.event e
    WHERE e.id = x.event AND (e.dead OR e.dead_lines <> '{}')
      AND (e.dead OR x.line = ANY(e.dead_lines))
);

CREATE VIEW ledger.live_paper AS
SELECT x.* FROM ledger.paper x
WHERE NOT EXISTS (
    SELECT FROM ledger.event e
    WHERE e.id = x.event AND (e.dead OR e.dead_lines <> '{}')
      AND (e.dead OR x.line = ANY(e.dead_lines))
);

CREATE VIEW ledger.live_alias AS
SELECT x.* FROM ledger.alias x
WHERE NOT EXISTS (
    SELECT FROM ledger.event e
    WHERE e.id = x.event AND (e.dead OR e.dead_lines <> '{}')
      AND (e.dead OR x.line = ANY(e.dead_lines))
);

CREATE VIEW ledger.live_master AS
SELECT x.* FROM ledger.master x
WHERE NOT EXISTS (
    SELECT FROM ledger.event e
    WHERE e.id = x.event AND (e.dead OR e.dead_lines <> '{}')
      AND (e.dead OR x.line = ANY(e.dead_lines))
);

CREATE VIEW ledger.live_citation AS
SELECT x.* FROM ledger.citation x
WHERE NOT EXISTS (
    SELECT FROM ledger.event e
    WHERE e.id = x.event AND (e.dead OR e.dead_lines <> '{}')
      AND (e.dead OR x.line = ANY(e.dead_lines))
);

CREATE VIEW ledger.live_retail_line AS
SELECT x.* FROM ledger.retail_line x
WHERE NOT EXISTS (
    SELECT FROM ledger.event e
    WHERE e.id = x.event AND (e.dead OR e.dead_lines <> '{}')
      AND (e.dead OR x.line = ANY(e.dead_lines))
);


INSERT INTO ledger.instance (ledger_id) VALUES (gen_random_uuid());

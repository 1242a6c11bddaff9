-- The market as it is. Written out, so that later changes of the models leave it as it is.

TRUNCATE ledger.alias, ledger.batch, ledger.batch_day, ledger.citation, ledger.claim, ledger.event,
    ledger.event_content, ledger.heard, ledger.link, ledger.lot, ledger.master, ledger.movement,
    ledger.paper, ledger.product_name, ledger.retail_count, ledger.retail_line, ledger.retail_total,
    ledger.voiding;
UPDATE ledger.position SET next_offset = 0, attempts = 0 WHERE right(consumer, 7) <> '.intake';
-- What processes remember of the lots that were here holds no more.
UPDATE ledger.instance SET ledger_id = gen_random_uuid();

DROP VIEW ledger.live_claim, ledger.live_movement, ledger.live_paper, ledger.live_master;

ALTER TABLE ledger.event_content
    ADD COLUMN meeting BIGINT,
    ADD COLUMN order_reference TEXT,
    ADD COLUMN manner TEXT,
    ADD COLUMN minimum_yield NUMERIC,
    ADD COLUMN maximum_yield NUMERIC;
CREATE INDEX event_content_meeting_idx ON ledger.event_content (meeting) WHERE meeting IS NOT NULL;
CREATE INDEX event_content_order_idx ON ledger.event_content (order_reference)
    WHERE order_reference IS NOT NULL;
CREATE INDEX event_content_business_date_idx ON ledger.event_content (business_date);

ALTER TABLE ledger.lot
    ADD COLUMN stock BIGINT,
    DROP CONSTRAINT lot_kind_check,
    ADD CONSTRAINT lot_kind_check
        CHECK (kind IN ('trace', 'batch', 'pool', 'process', 'returned'));
CREATE INDEX lot_location_idx ON ledger.lot (location) WHERE location <> '';
CREATE INDEX lot_stock_idx ON ledger.lot (stock, code) WHERE kind = 'pool';
CREATE INDEX lot_pool_holder_idx ON ledger.lot ("left"(holder, 64)) WHERE kind = 'pool';

ALTER TABLE ledger.claim
    ADD COLUMN day DATE NOT NULL,
    ADD COLUMN product TEXT NOT NULL,
    ADD COLUMN category TEXT,
    ADD COLUMN owner TEXT,
    ADD COLUMN stock BIGINT,
    DROP CONSTRAINT claim_role_check,
    ADD CONSTRAINT claim_role_check
        CHECK (role IN ('opened', 'origin', 'taken', 'named', 'packed'));
CREATE INDEX claim_stock_idx ON ledger.claim (stock, day) WHERE stock IS NOT NULL;
CREATE INDEX claim_packed_idx ON ledger.claim (lot) WHERE role = 'packed';
CREATE INDEX claim_owner_idx ON ledger.claim (owner, lot) WHERE owner IS NOT NULL;

-- Tellers are put in order by their letters' numbers, as in the domain, whatever the database sorts by.
ALTER TABLE ledger.movement
    ALTER COLUMN told TYPE TEXT COLLATE "C",
    ADD COLUMN product TEXT,
    ADD COLUMN batch TEXT;
CREATE INDEX movement_meeting_idx ON ledger.movement (meeting, told) WHERE meeting IS NOT NULL;

ALTER TABLE ledger.paper
    ADD COLUMN day DATE NOT NULL,
    ADD COLUMN issued_on DATE,
    ADD COLUMN scope TEXT,
    ADD COLUMN destination TEXT,
    ADD COLUMN covered_dimension TEXT,
    ADD COLUMN covered_amount BIGINT;

CREATE INDEX alias_event_idx ON ledger.alias (event);

ALTER TABLE ledger.master ADD COLUMN day DATE NOT NULL;
CREATE INDEX master_parent_idx ON ledger.master ((attributes ->> 'parent'))
    WHERE subject_kind = 'location';
CREATE INDEX master_region_idx ON ledger.master ((attributes ->> 'region'))
    WHERE subject_kind = 'location';

CREATE TABLE ledger.counted (
    event BIGINT NOT NULL,
    content INTEGER NOT NULL,
    line INTEGER NOT NULL,
    lot BIGINT NOT NULL,
    day DATE NOT NULL,
    dimension TEXT NOT NULL,
    amount BIGINT NOT NULL
);
CREATE INDEX counted_lot_idx ON ledger.counted (lot);

CREATE TABLE ledger.finding (
    event BIGINT NOT NULL,
    content INTEGER NOT NULL,
    line INTEGER NOT NULL,
    day DATE NOT NULL,
    subject_kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    lot BIGINT,
    holder TEXT NOT NULL,
    location TEXT NOT NULL,
    method TEXT NOT NULL,
    stage TEXT NOT NULL,
    verdict TEXT NOT NULL,
    laboratory TEXT,
    retest_of UUID
);
CREATE INDEX finding_lot_idx ON ledger.finding (lot) WHERE lot IS NOT NULL;
CREATE INDEX finding_subject_idx ON ledger.finding (subject_kind, subject);
CREATE INDEX finding_day_idx ON ledger.finding (day);

CREATE TABLE ledger.occupancy (
    event BIGINT NOT NULL,
    content INTEGER NOT NULL,
    line INTEGER NOT NULL,
    location TEXT NOT NULL,
    occupant TEXT NOT NULL,
    since DATE,
    until DATE
);
CREATE INDEX occupancy_location_idx ON ledger.occupancy (location);
CREATE INDEX occupancy_occupant_idx ON ledger.occupancy (occupant);

CREATE TABLE ledger.party_merge (
    event BIGINT NOT NULL,
    content INTEGER NOT NULL,
    line INTEGER NOT NULL,
    party TEXT NOT NULL,
    into_party TEXT NOT NULL,
    since DATE NOT NULL
);
CREATE INDEX party_merge_party_idx ON ledger.party_merge (party);
CREATE INDEX party_merge_into_party_idx ON ledger.party_merge (into_party);

-- What holds, as in 0001; a view keeps the columns that its table had when it was made.

CREATE VIEW ledger.live_claim AS
SELECT x.* FROM ledger.claim x
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

CREATE VIEW ledger.live_master AS
SELECT x.* FROM ledger.master x
WHERE NOT EXISTS (
    SELECT FROM ledger.event e
    WHERE e.id = x.event AND (e.dead OR e.dead_lines <> '{}')
      AND (e.dead OR x.line = ANY(e.dead_lines))
);

CREATE VIEW ledger.live_counted AS
SELECT x.* FROM ledger.counted x
WHERE NOT EXISTS (
    SELECT FROM ledger.event e
    WHERE e.id = x.event AND (e.dead OR e.dead_lines <> '{}')
      AND (e.dead OR x.line = ANY(e.dead_lines))
);

CREATE VIEW ledger.live_finding AS
SELECT x.* FROM ledger.finding x
WHERE NOT EXISTS (
    SELECT FROM ledger.event e
    WHERE e.id = x.event AND (e.dead OR e.dead_lines <> '{}')
      AND (e.dead OR x.line = ANY(e.dead_lines))
);

CREATE VIEW ledger.live_occupancy AS
SELECT x.* FROM ledger.occupancy x
WHERE NOT EXISTS (
    SELECT FROM ledger.event e
    WHERE e.id = x.event AND (e.dead OR e.dead_lines <> '{}')
      AND (e.dead OR x.line = ANY(e.dead_lines))
);

CREATE VIEW ledger.live_party_merge AS
SELECT x.* FROM ledger.party_merge x
WHERE NOT EXISTS (
    SELECT FROM ledger.event e
    WHERE e.id = x.event AND (e.dead OR e.dead_lines <> '{}')
      AND (e.dead OR x.line = ANY(e.dead_lines))
);

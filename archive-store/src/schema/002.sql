-- The catalogue of a repository, version 2: people, opening, loans, the reading room.

-- People (工作人员). A name is one person's alone; who left stays, for the audit chain names them.
CREATE TABLE person (
    id       INTEGER PRIMARY KEY,
    name     TEXT NOT NULL UNIQUE CHECK (name <> ''),
    -- What the system calls them, so that they need not type their name.
    login    TEXT,
    since    TEXT NOT NULL,
    left_on  TEXT
) STRICT;
CREATE UNIQUE INDEX person_by_login ON person (login) WHERE login IS NOT NULL AND left_on IS NULL;

-- What they may do: archivist, reviewer, director, clerk, auditor.
CREATE TABLE person_role (
    person INTEGER NOT NULL REFERENCES person,
    role   TEXT NOT NULL,
    PRIMARY KEY (person, role)
) STRICT;

-- Opening (开放审核): the opinion that waits for a decision, at most one an item.
CREATE TABLE opening_opinion (
    item     INTEGER PRIMARY KEY REFERENCES item,
    verdict  TEXT NOT NULL,
    reason   TEXT NOT NULL,
    next     TEXT,
    said_by  TEXT NOT NULL,
    said_on  TEXT NOT NULL
) STRICT;

-- Every decision, in order. What is open has one that says so, by another person than the opinion (U1).
CREATE TABLE opening_decision (
    id           INTEGER PRIMARY KEY,
    item         INTEGER NOT NULL REFERENCES item,
    verdict      TEXT NOT NULL,
    reason       TEXT NOT NULL,
    next         TEXT,
    decided_by   TEXT NOT NULL,
    decided_on   TEXT NOT NULL,
    -- The opinion it answered, as JSON; NULL where none was needed.
    opinion      TEXT CHECK (opinion IS NULL OR json_valid(opinion)),
    CHECK (verdict <> 'open' OR opinion IS NOT NULL)
) STRICT;
CREATE INDEX opening_decision_by_item ON opening_decision (item, id);

-- Loans of originals (借阅登记). `document` is the whole line; the columns repeat what is searched.
CREATE TABLE loan (
    no       TEXT PRIMARY KEY,
    fonds    INTEGER NOT NULL REFERENCES fonds,
    volume   TEXT NOT NULL,
    borrower TEXT NOT NULL,
    lent     TEXT NOT NULL,
    due      TEXT NOT NULL,
    returned TEXT,
    document TEXT NOT NULL CHECK (json_valid(document))
) STRICT;
-- A volume is out once at most (U8).
CREATE UNIQUE INDEX loan_out ON loan (fonds, volume) WHERE returned IS NULL;
CREATE INDEX loan_by_borrower ON loan (borrower);

-- Who was cleared on leaving (S5): nothing on loan, and what they kept handed over by list.
CREATE TABLE clearing_of_leaver (
    id          INTEGER PRIMARY KEY,
    name        TEXT NOT NULL,
    cleared     TEXT NOT NULL,
    handed_to   TEXT NOT NULL,
    list        TEXT NOT NULL,
    recorded_by TEXT NOT NULL
) STRICT;

-- Readers (利用者登记).
CREATE TABLE reader (
    no         TEXT PRIMARY KEY,
    name       TEXT NOT NULL,
    kind       TEXT NOT NULL,
    registered TEXT NOT NULL,
    document   TEXT NOT NULL CHECK (json_valid(document))
) STRICT;

-- Uses (利用登记): who used what, by which papers, and what came of it.
CREATE TABLE reader_use (
    no       TEXT PRIMARY KEY,
    reader   TEXT NOT NULL REFERENCES reader,
    day      TEXT NOT NULL,
    document TEXT NOT NULL CHECK (json_valid(document))
) STRICT;
CREATE INDEX reader_use_by_day ON reader_use (day);

-- What was served in a use.
CREATE TABLE reader_use_item (
    use_no TEXT NOT NULL REFERENCES reader_use,
    item   INTEGER NOT NULL REFERENCES item,
    PRIMARY KEY (use_no, item)
) STRICT;
CREATE INDEX reader_use_item_by_item ON reader_use_item (item);

-- Records noted as damaged (破损), until they are mended (U10).
CREATE TABLE damaged_item (
    item     INTEGER PRIMARY KEY REFERENCES item,
    noted    TEXT NOT NULL,
    note     TEXT NOT NULL,
    noted_by TEXT NOT NULL
) STRICT;

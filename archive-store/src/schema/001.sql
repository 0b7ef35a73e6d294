-- The catalogue of a repository, version 1. Readable in any SQLite shell:
-- times are RFC 3339, dates ISO cut to what is known, digests lower-case hexadecimal, documents JSON.

-- One row: what holds for the repository as a whole.
CREATE TABLE repository (
    only    INTEGER PRIMARY KEY CHECK (only = 1),
    -- How many changes were ever committed: the judge between "before" and "after" (staging).
    changes INTEGER NOT NULL,
    -- The last entry of the audit chain: entries cut off at its end show.
    audit_seq    INTEGER NOT NULL,
    audit_digest TEXT NOT NULL
) STRICT;
INSERT INTO repository VALUES (1, 0, 0, '');

-- 全宗. A records office has its own; a bureau has those it took in as well (K3: codes are unique).
CREATE TABLE fonds (
    id          INTEGER PRIMARY KEY,
    code        TEXT NOT NULL UNIQUE,
    institution TEXT NOT NULL
) STRICT;

-- Registers (登记表) taken in.
CREATE TABLE register (
    id       INTEGER PRIMARY KEY,
    fonds    INTEGER NOT NULL REFERENCES fonds,
    name     TEXT NOT NULL,
    digest   TEXT NOT NULL UNIQUE,
    imported TEXT NOT NULL,
    items    INTEGER NOT NULL,
    files    INTEGER NOT NULL,
    bytes    INTEGER NOT NULL
) STRICT;

-- Packages received (接收), with the number this archive gave them (接收号).
CREATE TABLE accession (
    id       INTEGER PRIMARY KEY,
    number   TEXT NOT NULL UNIQUE,
    fonds    INTEGER NOT NULL REFERENCES fonds,
    package  TEXT NOT NULL UNIQUE,
    digest   TEXT NOT NULL UNIQUE,
    sender   TEXT NOT NULL,
    received TEXT NOT NULL,
    who      TEXT NOT NULL,
    volumes  INTEGER NOT NULL,
    items    INTEGER NOT NULL,
    files    INTEGER NOT NULL,
    bytes    INTEGER NOT NULL,
    evidence TEXT NOT NULL CHECK (json_valid(evidence))
) STRICT;

-- Items (件). `description` is the whole description; the columns repeat what is searched and read.
CREATE TABLE item (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    fonds       INTEGER NOT NULL REFERENCES fonds,
    register    INTEGER REFERENCES register,
    accession   INTEGER REFERENCES accession,
    row         TEXT NOT NULL,
    title       TEXT NOT NULL,
    bodies      TEXT NOT NULL,
    number      TEXT,
    date        TEXT,
    -- The year described; `filed_year` is the year of the volume it was put in, if it was.
    year        INTEGER,
    filed_year  INTEGER,
    side        TEXT,
    section     TEXT,
    period      TEXT,
    secrecy     TEXT NOT NULL,
    opening     TEXT NOT NULL,
    pages       INTEGER,
    description TEXT NOT NULL CHECK (json_valid(description))
) STRICT;
CREATE INDEX item_by_year ON item (fonds, coalesce(filed_year, year), id);
CREATE INDEX item_by_register ON item (register);
CREATE INDEX item_by_accession ON item (accession);
CREATE INDEX item_by_number ON item (number) WHERE number IS NOT NULL;

-- The files that show an item. Their bytes lie in the item's OCFL object, at `content_path`.
CREATE TABLE file (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    item         INTEGER NOT NULL REFERENCES item,
    position     INTEGER NOT NULL CHECK (position > 0),
    name         TEXT NOT NULL,
    content_path TEXT NOT NULL,
    sha512       TEXT NOT NULL,
    sha256       TEXT NOT NULL,
    bytes        INTEGER NOT NULL,
    added        TEXT NOT NULL,
    -- What reading the file told: derived, may be told again.
    format       TEXT,
    pages        INTEGER,
    text_source  TEXT,
    mark         TEXT,
    UNIQUE (item, position)
) STRICT;
CREATE INDEX file_by_sha256 ON file (sha256);

-- A year's arrangement as a whole; `volume` and `entry` repeat its numbers and places.
CREATE TABLE arrangement (
    fonds    INTEGER NOT NULL REFERENCES fonds,
    year     INTEGER NOT NULL,
    saved    TEXT NOT NULL,
    document TEXT NOT NULL CHECK (json_valid(document)),
    PRIMARY KEY (fonds, year)
) STRICT;

-- Volumes (案卷).
CREATE TABLE volume (
    id           INTEGER PRIMARY KEY,
    fonds        INTEGER NOT NULL,
    year         INTEGER NOT NULL,
    position     INTEGER NOT NULL,
    side         TEXT NOT NULL,
    period       TEXT NOT NULL,
    section      TEXT,
    title        TEXT NOT NULL,
    catalogue_no TEXT,
    volume_no    INTEGER,
    code         TEXT,
    FOREIGN KEY (fonds, year) REFERENCES arrangement ON DELETE CASCADE,
    UNIQUE (fonds, year, position),
    -- K3: one volume number in the catalogue, one code in the fonds (NULL until numbered).
    UNIQUE (fonds, catalogue_no, volume_no),
    UNIQUE (fonds, code)
) STRICT;

-- An item's place in a volume; an item stands in one volume only.
CREATE TABLE entry (
    item      INTEGER PRIMARY KEY REFERENCES item,
    volume    INTEGER NOT NULL REFERENCES volume ON DELETE CASCADE,
    position  INTEGER NOT NULL,
    item_no   INTEGER,
    page_from INTEGER,
    page_to   INTEGER,
    -- Item numbers may repeat: by the item method a document and its parts are one 件 (DA/T 22-2015, 5.1.1).
    UNIQUE (volume, position)
) STRICT;

-- What a person decided about the arrangement of a fonds.
CREATE TABLE decisions (
    fonds    INTEGER PRIMARY KEY REFERENCES fonds,
    saved    TEXT NOT NULL,
    document TEXT NOT NULL CHECK (json_valid(document))
) STRICT;

-- Packages sent (移交), and what came back.
CREATE TABLE transfer (
    id       INTEGER PRIMARY KEY,
    fonds    INTEGER NOT NULL REFERENCES fonds,
    year     INTEGER NOT NULL,
    package  TEXT NOT NULL UNIQUE,
    digest   TEXT NOT NULL UNIQUE,
    receiver TEXT NOT NULL,
    sent     TEXT NOT NULL,
    who      TEXT NOT NULL,
    volumes  INTEGER NOT NULL,
    items    INTEGER NOT NULL,
    files    INTEGER NOT NULL,
    receipt  TEXT CHECK (receipt IS NULL OR json_valid(receipt))
) STRICT;

-- Numbers that were handed over, for good (K4): a volume, and the number of each of its items.
CREATE TABLE issued_volume (
    fonds        INTEGER NOT NULL REFERENCES fonds,
    catalogue_no TEXT NOT NULL,
    volume_no    INTEGER NOT NULL,
    code         TEXT NOT NULL,
    year         INTEGER NOT NULL,
    transfer     INTEGER REFERENCES transfer,
    accession    INTEGER REFERENCES accession,
    PRIMARY KEY (fonds, catalogue_no, volume_no),
    UNIQUE (fonds, code)
) STRICT;
CREATE TABLE issued_item (
    fonds        INTEGER NOT NULL,
    catalogue_no TEXT NOT NULL,
    volume_no    INTEGER NOT NULL,
    item_no      INTEGER NOT NULL,
    item         INTEGER PRIMARY KEY REFERENCES item,
    FOREIGN KEY (fonds, catalogue_no, volume_no) REFERENCES issued_volume
) STRICT;
CREATE INDEX issued_item_by_volume ON issued_item (fonds, catalogue_no, volume_no);
CREATE TRIGGER issued_volume_stays BEFORE DELETE ON issued_volume
    BEGIN SELECT raise(ABORT, 'a number that was handed over stays (K4)'); END;
CREATE TRIGGER issued_volume_unchanged BEFORE UPDATE ON issued_volume
    BEGIN SELECT raise(ABORT, 'a number that was handed over stays (K4)'); END;
CREATE TRIGGER issued_item_stays BEFORE DELETE ON issued_item
    BEGIN SELECT raise(ABORT, 'a number that was handed over stays (K4)'); END;
CREATE TRIGGER issued_item_unchanged BEFORE UPDATE ON issued_item
    BEGIN SELECT raise(ABORT, 'a number that was handed over stays (K4)'); END;

-- What every other table holds, as one sum over its rows that doesn't depend on their order (LtHash:
-- 1024 lanes of 16 bits). The audit chain carries the digest of all sums, so a row that was changed behind
-- the program's back shows.
CREATE TABLE seal (
    name  TEXT PRIMARY KEY,
    lanes BLOB NOT NULL CHECK (length(lanes) = 2048)
) STRICT;

-- The audit chain. The triggers stop accidents; the digests show the rest.
CREATE TABLE audit (
    seq     INTEGER PRIMARY KEY CHECK (seq > 0),
    time    TEXT NOT NULL,
    who     TEXT NOT NULL,
    act     TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail  TEXT NOT NULL CHECK (json_valid(detail)),
    before  TEXT,
    after   TEXT,
    -- The digest of all seals once the change was made: on the last entry of each change.
    state   TEXT,
    prev    TEXT NOT NULL,
    digest  TEXT NOT NULL
) STRICT;
CREATE TRIGGER audit_stays BEFORE DELETE ON audit
    BEGIN SELECT raise(ABORT, 'the audit chain is only added to'); END;
CREATE TRIGGER audit_unchanged BEFORE UPDATE ON audit
    BEGIN SELECT raise(ABORT, 'the audit chain is only added to'); END;

-- The office's registers of incoming and outgoing papers (收文登记簿, 发文登记簿), and what people said of them.

-- Books taken in: a file at a time.
CREATE TABLE office_book (
    id        INTEGER PRIMARY KEY,
    fonds     INTEGER NOT NULL REFERENCES fonds,
    direction TEXT NOT NULL CHECK (direction IN ('收文', '发文')),
    name      TEXT NOT NULL,
    digest    TEXT NOT NULL,
    imported  TEXT NOT NULL,
    entries   INTEGER NOT NULL,
    UNIQUE (fonds, direction, digest)
) STRICT;

-- Their lines. `description` is the whole line; the columns repeat what is searched and read. Of a classified paper it
-- holds numbers, dates, level, section and what became of it (S1).
CREATE TABLE office_entry (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    fonds       INTEGER NOT NULL REFERENCES fonds,
    book        INTEGER NOT NULL REFERENCES office_book,
    direction   TEXT NOT NULL,
    year        INTEGER NOT NULL,
    register_no TEXT NOT NULL,
    number      TEXT,
    registered  TEXT,
    title       TEXT NOT NULL,
    section     TEXT,
    secrecy     TEXT NOT NULL,
    must_return INTEGER NOT NULL CHECK (must_return IN (0, 1)),
    disposition TEXT,
    disposed_on TEXT,
    -- Whether a person settled it here: a later import of the book doesn't undo that.
    settled     INTEGER NOT NULL DEFAULT 0 CHECK (settled IN (0, 1)),
    description TEXT NOT NULL CHECK (json_valid(description)),
    UNIQUE (fonds, direction, year, register_no)
) STRICT;
CREATE INDEX office_entry_by_year ON office_entry (fonds, year);

-- What a person said of a line and an item: one paper, or not.
CREATE TABLE office_verdict (
    entry INTEGER NOT NULL REFERENCES office_entry,
    item  INTEGER NOT NULL REFERENCES item,
    same  INTEGER NOT NULL CHECK (same IN (0, 1)),
    who   TEXT NOT NULL,
    time  TEXT NOT NULL,
    PRIMARY KEY (entry, item)
) STRICT;
-- A line is one item at most, and an item one line.
CREATE UNIQUE INDEX office_entry_is_one_item ON office_verdict (entry) WHERE same = 1;
CREATE UNIQUE INDEX item_is_one_office_entry ON office_verdict (item) WHERE same = 1;

-- Clearings (清退): the day a superior called a year's papers in.
CREATE TABLE office_clearing (
    fonds INTEGER NOT NULL REFERENCES fonds,
    year  INTEGER NOT NULL,
    day   TEXT NOT NULL,
    who   TEXT NOT NULL,
    time  TEXT NOT NULL,
    PRIMARY KEY (fonds, year, day)
) STRICT;

-- Version 3: appraisal and destruction, the storeroom, what is kept about a fonds.

-- What appraisal decided short of destruction (鉴定): extended, or kept for good. Decisions are only added to.
CREATE TABLE appraisal (
    id      INTEGER PRIMARY KEY,
    fonds   INTEGER NOT NULL REFERENCES fonds,
    -- A volume by its code, or an item by its identifier.
    volume  TEXT,
    item    INTEGER REFERENCES item,
    -- Years it is kept longer; NULL for good.
    years   INTEGER CHECK (years > 0),
    reason  TEXT NOT NULL,
    who     TEXT NOT NULL,
    decided TEXT NOT NULL,
    CHECK ((volume IS NULL) <> (item IS NULL))
) STRICT;
CREATE INDEX appraisal_by_volume ON appraisal (fonds, volume);
CREATE TRIGGER appraisal_stays BEFORE DELETE ON appraisal
    BEGIN SELECT raise(ABORT, 'decisions of appraisal are only added to'); END;

-- Holds (暂停处置): a lawsuit, an inquiry. While one stands, nothing is destroyed.
CREATE TABLE hold (
    id         INTEGER PRIMARY KEY,
    fonds      INTEGER NOT NULL REFERENCES fonds,
    volume     TEXT,
    item       INTEGER REFERENCES item,
    reason     TEXT NOT NULL,
    who        TEXT NOT NULL,
    since      TEXT NOT NULL,
    lifted     TEXT,
    lifted_by  TEXT,
    lifted_why TEXT,
    CHECK ((volume IS NULL) <> (item IS NULL))
) STRICT;

-- Destruction lists (销毁清册). `document` is the whole list; the columns repeat what the triggers ask about.
CREATE TABLE destruction_list (
    id          INTEGER PRIMARY KEY,
    number      TEXT NOT NULL UNIQUE,
    fonds       INTEGER NOT NULL REFERENCES fonds,
    made_by     TEXT NOT NULL,
    -- The digest of what was approved, while the approval stands.
    approved    TEXT,
    approved_by TEXT,
    supervisors INTEGER NOT NULL DEFAULT 0,
    destroyed   TEXT,
    document    TEXT NOT NULL CHECK (json_valid(document))
) STRICT;
CREATE TRIGGER destruction_list_stays BEFORE DELETE ON destruction_list
    BEGIN SELECT raise(ABORT, 'a destruction list stays'); END;
CREATE TRIGGER destruction_list_carried_out BEFORE UPDATE ON destruction_list WHEN OLD.destroyed IS NOT NULL
    BEGIN SELECT raise(ABORT, 'what was carried out stays as it was (D5)'); END;
CREATE TRIGGER destruction_list_needs_leave BEFORE UPDATE ON destruction_list
    WHEN NEW.destroyed IS NOT NULL AND (NEW.approved IS NULL OR NEW.approved_by = NEW.made_by OR NEW.supervisors < 2)
    BEGIN SELECT raise(ABORT, 'destruction needs an approval and two supervisors (D1, D2)'); END;

-- What was destroyed, for good (D5). The catalogue line stays in `item` and `volume`; this is the evidence.
CREATE TABLE destroyed_item (
    item      INTEGER PRIMARY KEY REFERENCES item,
    list      INTEGER NOT NULL REFERENCES destruction_list,
    destroyed TEXT NOT NULL
) STRICT;
CREATE TABLE destroyed_volume (
    fonds     INTEGER NOT NULL REFERENCES fonds,
    code      TEXT NOT NULL,
    title     TEXT NOT NULL,
    year      INTEGER NOT NULL,
    period    TEXT NOT NULL,
    items     INTEGER NOT NULL,
    pages     INTEGER NOT NULL,
    list      INTEGER NOT NULL REFERENCES destruction_list,
    destroyed TEXT NOT NULL,
    PRIMARY KEY (fonds, code)
) STRICT;
-- The files that were: by their digests it can be proved what was destroyed, and nothing can be read from them.
CREATE TABLE destroyed_file (
    item     INTEGER NOT NULL REFERENCES destroyed_item,
    position INTEGER NOT NULL,
    name     TEXT NOT NULL,
    sha512   TEXT NOT NULL,
    sha256   TEXT NOT NULL,
    bytes    INTEGER NOT NULL,
    PRIMARY KEY (item, position)
) STRICT;
CREATE TRIGGER destroyed_item_stays BEFORE DELETE ON destroyed_item
    BEGIN SELECT raise(ABORT, 'a destruction is never undone (D5)'); END;
CREATE TRIGGER destroyed_item_unchanged BEFORE UPDATE ON destroyed_item
    BEGIN SELECT raise(ABORT, 'a destruction is never undone (D5)'); END;
CREATE TRIGGER destroyed_volume_stays BEFORE DELETE ON destroyed_volume
    BEGIN SELECT raise(ABORT, 'a destruction is never undone (D5)'); END;
CREATE TRIGGER destroyed_item_needs_leave BEFORE INSERT ON destroyed_item
    WHEN NOT EXISTS (SELECT 1 FROM destruction_list WHERE id = NEW.list AND destroyed IS NOT NULL)
    BEGIN SELECT raise(ABORT, 'nothing is destroyed but by a list that was carried out (D1, D2)'); END;
CREATE TRIGGER destroyed_item_gets_no_file BEFORE INSERT ON file
    WHEN EXISTS (SELECT 1 FROM destroyed_item WHERE item = NEW.item)
    BEGIN SELECT raise(ABORT, 'what was destroyed gets no files any more (D5)'); END;

-- No record is both lent and destroyed (U8).
CREATE TRIGGER lent_volume_is_not_destroyed BEFORE INSERT ON destroyed_volume
    WHEN EXISTS (SELECT 1 FROM loan WHERE fonds = NEW.fonds AND volume = NEW.code AND returned IS NULL)
    BEGIN SELECT raise(ABORT, 'a lent volume is not destroyed (U8)'); END;
CREATE TRIGGER lent_item_is_not_destroyed BEFORE INSERT ON destroyed_item
    WHEN EXISTS (SELECT 1 FROM entry JOIN volume ON volume.id = entry.volume
                 JOIN loan ON loan.fonds = volume.fonds AND loan.volume = volume.code
                 WHERE entry.item = NEW.item AND returned IS NULL)
    BEGIN SELECT raise(ABORT, 'an item of a lent volume is not destroyed (U8)'); END;
CREATE TRIGGER destroyed_volume_is_not_lent BEFORE INSERT ON loan
    WHEN EXISTS (SELECT 1 FROM destroyed_volume WHERE fonds = NEW.fonds AND code = NEW.volume)
    BEGIN SELECT raise(ABORT, 'a destroyed volume is not lent (D5)'); END;

-- The storeroom (库房): rooms, shelves (架, 柜), boxes (盒).
CREATE TABLE room (
    id    INTEGER PRIMARY KEY,
    code  TEXT NOT NULL UNIQUE,
    name  TEXT NOT NULL,
    -- The first day its climate is read, and the last if it is out of use (H1).
    since TEXT NOT NULL,
    until TEXT
) STRICT;
CREATE TABLE shelf (
    id       INTEGER PRIMARY KEY,
    room     INTEGER NOT NULL REFERENCES room,
    code     TEXT NOT NULL,
    levels   INTEGER NOT NULL DEFAULT 0 CHECK (levels >= 0),
    -- Volumes or boxes it holds; NULL if nobody counted.
    capacity INTEGER CHECK (capacity > 0),
    -- What stands there by intention, for its guide card (F5).
    note     TEXT NOT NULL DEFAULT '',
    UNIQUE (room, code)
) STRICT;
CREATE TABLE box (
    id    INTEGER PRIMARY KEY,
    code  TEXT NOT NULL UNIQUE,
    label TEXT NOT NULL DEFAULT '',
    shelf INTEGER NOT NULL REFERENCES shelf,
    level INTEGER CHECK (level > 0)
) STRICT;
-- Where each volume stands: in a box, or on a shelf by itself (H2). A place that was lost has neither.
CREATE TABLE place (
    fonds  INTEGER NOT NULL REFERENCES fonds,
    volume TEXT NOT NULL,
    box    INTEGER REFERENCES box,
    shelf  INTEGER REFERENCES shelf,
    level  INTEGER CHECK (level > 0),
    since  TEXT NOT NULL,
    PRIMARY KEY (fonds, volume),
    CHECK (box IS NULL OR shelf IS NULL)
) STRICT;
-- Every move (H2): what, whence, whither, who, when, why.
CREATE TABLE move (
    id    INTEGER PRIMARY KEY,
    -- `volume` with its fonds, or `box`.
    kind  TEXT NOT NULL CHECK (kind IN ('volume', 'box')),
    fonds INTEGER REFERENCES fonds,
    code  TEXT NOT NULL,
    whence TEXT NOT NULL,
    whither TEXT NOT NULL,
    reason TEXT NOT NULL,
    who   TEXT NOT NULL,
    moved TEXT NOT NULL
) STRICT;
CREATE TRIGGER move_stays BEFORE DELETE ON move
    BEGIN SELECT raise(ABORT, 'the record of moves is only added to'); END;
-- Readings of the air (H1).
CREATE TABLE reading (
    id          INTEGER PRIMARY KEY,
    room        INTEGER NOT NULL REFERENCES room,
    day         TEXT NOT NULL,
    time        TEXT,
    temperature REAL,
    humidity    REAL,
    source      TEXT NOT NULL,
    who         TEXT NOT NULL,
    UNIQUE (room, day, time)
) STRICT;
CREATE INDEX reading_by_day ON reading (day, room);
-- Disinfection (消毒) before shelving (X3): a volume, or a whole accession.
CREATE TABLE disinfection (
    id        INTEGER PRIMARY KEY,
    fonds     INTEGER REFERENCES fonds,
    volume    TEXT,
    accession TEXT,
    day       TEXT NOT NULL,
    method    TEXT NOT NULL,
    who       TEXT NOT NULL,
    CHECK ((volume IS NULL) <> (accession IS NULL))
) STRICT;
-- Stocktakings (清点, H3); `document` has the comparison and its differences.
CREATE TABLE stocktake (
    id       INTEGER PRIMARY KEY,
    number   TEXT NOT NULL UNIQUE,
    day      TEXT NOT NULL,
    complete INTEGER NOT NULL CHECK (complete IN (0, 1)),
    scope    TEXT NOT NULL,
    who      TEXT NOT NULL,
    closed   TEXT,
    document TEXT NOT NULL CHECK (json_valid(document))
) STRICT;
CREATE TRIGGER stocktake_closed BEFORE UPDATE ON stocktake WHEN OLD.closed IS NOT NULL
    BEGIN SELECT raise(ABORT, 'a count that was closed stays as it was'); END;

-- The history of an institution and its names (全宗沿革).
CREATE TABLE fonds_history (
    id      INTEGER PRIMARY KEY,
    fonds   INTEGER NOT NULL REFERENCES fonds,
    -- ISO dates cut to what is known.
    since   TEXT NOT NULL,
    until   TEXT,
    name    TEXT NOT NULL,
    event   TEXT NOT NULL,
    source  TEXT NOT NULL DEFAULT ''
) STRICT;
-- The materials of the fonds file (全宗卷, F4), numbered inside their class.
CREATE TABLE fonds_file (
    fonds    INTEGER NOT NULL REFERENCES fonds,
    class    TEXT NOT NULL,
    serial   INTEGER NOT NULL CHECK (serial > 0),
    title    TEXT NOT NULL,
    maker    TEXT NOT NULL,
    date     TEXT NOT NULL,
    pages    INTEGER,
    copies   INTEGER NOT NULL DEFAULT 2,
    place    TEXT NOT NULL DEFAULT '',
    remarks  TEXT NOT NULL DEFAULT '',
    -- What the program itself filed there, as JSON: a destruction list, a count.
    document TEXT CHECK (document IS NULL OR json_valid(document)),
    added    TEXT NOT NULL,
    who      TEXT NOT NULL,
    PRIMARY KEY (fonds, class, serial)
) STRICT;
CREATE TRIGGER fonds_file_stays BEFORE DELETE ON fonds_file
    BEGIN SELECT raise(ABORT, 'the fonds file is only added to'); END;

-- What readers ask for from the reading room's pages (查档申请, 意见): made by anyone, answered by who works here.
CREATE TABLE reader_request (
    no       TEXT PRIMARY KEY,
    -- The record it is about; none for words about the whole.
    item     INTEGER REFERENCES item,
    made     TEXT NOT NULL,
    answered INTEGER NOT NULL DEFAULT 0 CHECK (answered IN (0, 1)),
    document TEXT NOT NULL CHECK (json_valid(document))
) STRICT;
CREATE INDEX reader_request_waiting ON reader_request (answered, no);

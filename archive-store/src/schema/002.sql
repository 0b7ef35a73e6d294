-- The catalogue of a repository, version 2: the people at work.

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

-- SPDX-FileCopyrightText: 2026 The Allmende authors
--
-- SPDX-License-Identifier: EUPL-1.2

-- The log. Rows are only ever appended.
CREATE TABLE change (
    rev    INTEGER PRIMARY KEY,
    id     TEXT NOT NULL,
    kind   TEXT NOT NULL,
    former TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT '',
    time   TEXT NOT NULL -- RFC 3339 in UTC, as everywhere
) STRICT;

-- Entries, the removed ones too. n stays the same through every rename.
CREATE TABLE entry (
    n          INTEGER PRIMARY KEY,
    key        TEXT UNIQUE,            -- id with its case folded; NULL once another repository took its address
    id         TEXT NOT NULL,
    host       TEXT NOT NULL,
    forge_id   TEXT NOT NULL,
    removed    INTEGER NOT NULL DEFAULT 0,
    document   TEXT NOT NULL,          -- registry.Software as JSON, without what the store sets
    first_seen TEXT NOT NULL,
    changed    TEXT NOT NULL,
    rev        INTEGER NOT NULL REFERENCES change (rev)
) STRICT;
CREATE INDEX entry_live ON entry (id) WHERE removed = 0;
CREATE INDEX entry_forge ON entry (host, forge_id) WHERE forge_id <> '';

-- Former addresses. Pointing to the entry itself, they never form chains.
CREATE TABLE alias (
    key   TEXT PRIMARY KEY,
    id    TEXT NOT NULL,
    entry INTEGER NOT NULL REFERENCES entry (n)
) STRICT, WITHOUT ROWID;
CREATE INDEX alias_entry ON alias (entry);

-- Raw files by the SHA-256 of their bytes.
CREATE TABLE file (
    hash  TEXT PRIMARY KEY,
    size  INTEGER NOT NULL,            -- of the bytes as they were in the repository
    zlib  INTEGER NOT NULL,            -- 1 where content is compressed
    content BLOB NOT NULL
) STRICT;

-- Which file an entry rested on, from which revision on.
CREATE TABLE entry_file (
    entry       INTEGER NOT NULL REFERENCES entry (n),
    path        TEXT NOT NULL,
    rev         INTEGER NOT NULL REFERENCES change (rev),
    hash        TEXT NOT NULL REFERENCES file (hash),
    commit_hash TEXT NOT NULL,
    PRIMARY KEY (entry, path, rev)
) STRICT, WITHOUT ROWID;

-- The crawl log.
CREATE TABLE visit (
    key      TEXT PRIMARY KEY,
    source   TEXT NOT NULL,
    document TEXT NOT NULL             -- registry.Visit as JSON
) STRICT, WITHOUT ROWID;
CREATE INDEX visit_source ON visit (source, key);

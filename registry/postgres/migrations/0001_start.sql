-- SPDX-FileCopyrightText: 2026 The Allmende authors
--
-- SPDX-License-Identifier: EUPL-1.2

-- Text that is compared or ordered is so byte by byte, whatever the language of
-- the database. What a repository names as it likes need not be text: bytea.

-- The log. Rows are only ever appended, under the lock of package postgres.
CREATE TABLE change (
    rev    bigint PRIMARY KEY,
    id     text NOT NULL,
    kind   text NOT NULL,
    former text NOT NULL DEFAULT '',
    reason text NOT NULL DEFAULT '',
    time   timestamptz NOT NULL
);

-- Entries, the removed ones too. n stays the same through every rename.
CREATE TABLE entry (
    n          bigint PRIMARY KEY,       -- from 1 without a gap
    key        text COLLATE "C" UNIQUE,  -- id with its case folded; NULL once another repository took its address
    id         text COLLATE "C" NOT NULL,
    host       text COLLATE "C" NOT NULL,
    forge_id   bytea NOT NULL,
    folder     text COLLATE "C" NOT NULL, -- with its case folded; '' for a whole repository
    removed    boolean NOT NULL DEFAULT false,
    document   text NOT NULL,            -- registry.Software as JSON, without what the store sets
    first_seen timestamptz NOT NULL,
    changed    timestamptz NOT NULL,
    rev        bigint NOT NULL REFERENCES change (rev)
) WITH (fillfactor = 90);
CREATE INDEX entry_live ON entry (id) WHERE NOT removed;
CREATE INDEX entry_forge ON entry (host, forge_id, folder) WHERE forge_id <> '';

-- Former addresses. Pointing to the entry itself, they never form chains.
CREATE TABLE alias (
    key   text COLLATE "C" PRIMARY KEY,
    id    text NOT NULL,
    entry bigint NOT NULL REFERENCES entry (n)
);
CREATE INDEX alias_entry ON alias (entry);

-- Raw files by the SHA-256 of their bytes. They are compressed before they come.
CREATE TABLE file (
    hash    text COLLATE "C" PRIMARY KEY,
    size    integer NOT NULL,            -- of the bytes as they were in the repository
    zlib    boolean NOT NULL,            -- whether content is compressed
    content bytea NOT NULL
);

-- Which file an entry rested on, from which revision on. A file is named by its
-- path and the address it came from, which are too long for an index.
CREATE TABLE entry_file (
    entry       bigint NOT NULL REFERENCES entry (n),
    path        bytea NOT NULL,
    origin      bytea NOT NULL,          -- '' for the repository's tree
    rev         bigint NOT NULL REFERENCES change (rev),
    hash        text COLLATE "C" NOT NULL REFERENCES file (hash),
    commit_hash bytea NOT NULL
);
CREATE UNIQUE INDEX entry_file_name ON entry_file (entry, sha256(path), sha256(origin), rev);

-- What entries were: the revisions that a later one ended. The newest one of
-- each entry is its row in entry.
CREATE TABLE revision (
    rev     bigint PRIMARY KEY REFERENCES change (rev),
    entry   bigint NOT NULL REFERENCES entry (n),
    size    integer NOT NULL,            -- of the JSON in bytes
    zlib    boolean NOT NULL,
    content bytea                        -- as entry.document; NULL where the change removed the entry
);
CREATE INDEX revision_entry ON revision (entry, rev);

-- Bills of materials as they were read, by the hash of the raw file.
CREATE TABLE sbom (
    hash    text COLLATE "C" PRIMARY KEY,
    size    integer NOT NULL,            -- of the JSON in bytes
    zlib    boolean NOT NULL,
    content bytea NOT NULL -- sbom.Document as JSON
);

-- Documents about an entry at a moment. They are kept for good, and know the
-- entry by the ID that it had.
CREATE TABLE dossier (
    hash    text COLLATE "C" PRIMARY KEY, -- of the bytes
    key     text COLLATE "C" NOT NULL,   -- registry.ID.Key
    id      text NOT NULL,
    rev     bigint NOT NULL,
    made    timestamptz NOT NULL,
    size    integer NOT NULL,
    zlib    boolean NOT NULL,
    content bytea NOT NULL
);
CREATE INDEX dossier_key ON dossier (key, made, hash);

-- The crawl log. The document is without seen, so that a page of visits is
-- marked as seen without reading it.
CREATE TABLE visit (
    key      text COLLATE "C" PRIMARY KEY,
    source   text COLLATE "C" NOT NULL,
    outcome  text COLLATE "C" NOT NULL,
    document text NOT NULL,              -- registry.Visit as JSON
    seen     text NOT NULL DEFAULT ''    -- RFC 3339 in UTC, to the nanosecond; '' for never
) WITH (fillfactor = 80);
CREATE INDEX visit_source ON visit (source, key);
CREATE INDEX visit_outcome ON visit (outcome, key);
CREATE INDEX visit_source_outcome ON visit (source, outcome, key);

-- How far the crawl of each source has come.
CREATE TABLE source (
    name     text COLLATE "C" PRIMARY KEY,
    document text NOT NULL               -- registry.SourceState as JSON
) WITH (fillfactor = 80);

-- The statistics of days.
CREATE TABLE day (
    date     text COLLATE "C" PRIMARY KEY, -- 2026-11-22
    document text NOT NULL               -- registry.Day as JSON
);

-- What is compressed already is not compressed again, and entries are read often.
ALTER TABLE entry ALTER document SET STORAGE EXTERNAL;
ALTER TABLE file ALTER content SET STORAGE EXTERNAL;
ALTER TABLE revision ALTER content SET STORAGE EXTERNAL;
ALTER TABLE sbom ALTER content SET STORAGE EXTERNAL;
ALTER TABLE dossier ALTER content SET STORAGE EXTERNAL;

-- SPDX-FileCopyrightText: 2026 The Allmende authors
--
-- SPDX-License-Identifier: EUPL-1.2

-- Bills of materials as they were read, by the hash of the raw file.
CREATE TABLE sbom (
    hash    TEXT PRIMARY KEY,
    size    INTEGER NOT NULL,          -- of the JSON in bytes
    zlib    INTEGER NOT NULL,
    content BLOB NOT NULL              -- sbom.Document as JSON
) STRICT, WITHOUT ROWID;

-- Documents about an entry at a moment. They are kept for good, and know the
-- entry by the ID that it had.
CREATE TABLE dossier (
    hash    TEXT PRIMARY KEY,          -- of the bytes
    key     TEXT NOT NULL,             -- registry.ID.Key
    id      TEXT NOT NULL,
    rev     INTEGER NOT NULL,
    made    TEXT NOT NULL,             -- RFC 3339 in UTC
    size    INTEGER NOT NULL,
    zlib    INTEGER NOT NULL,
    content BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX dossier_key ON dossier (key, made DESC, hash);

-- SPDX-FileCopyrightText: 2026 The Allmende authors
--
-- SPDX-License-Identifier: EUPL-1.2

-- Entries that are parts of one repository share its forge_id.
ALTER TABLE entry ADD COLUMN folder TEXT NOT NULL DEFAULT ''; -- with its case folded; '' for a whole repository
DROP INDEX entry_forge;
CREATE INDEX entry_forge ON entry (host, forge_id, folder) WHERE forge_id <> '';

-- A file is named by its path and the address it came from.
CREATE TABLE entry_file_2 (
    entry       INTEGER NOT NULL REFERENCES entry (n),
    path        TEXT NOT NULL,
    origin      TEXT NOT NULL,         -- '' for the repository's tree
    rev         INTEGER NOT NULL REFERENCES change (rev),
    hash        TEXT NOT NULL REFERENCES file (hash),
    commit_hash TEXT NOT NULL,
    PRIMARY KEY (entry, path, origin, rev)
) STRICT, WITHOUT ROWID;
INSERT INTO entry_file_2 SELECT entry, path, '', rev, hash, commit_hash FROM entry_file;
DROP TABLE entry_file;
ALTER TABLE entry_file_2 RENAME TO entry_file;

-- The crawl log. The document is without seen, so that a page of visits is
-- marked as seen without reading it.
ALTER TABLE visit ADD COLUMN outcome TEXT NOT NULL DEFAULT '';
ALTER TABLE visit ADD COLUMN seen TEXT NOT NULL DEFAULT ''; -- RFC 3339 in UTC, to the nanosecond; '' for never
UPDATE visit SET outcome = json_extract(document, '$.outcome');
CREATE INDEX visit_outcome ON visit (outcome, key);
CREATE INDEX visit_source_outcome ON visit (source, outcome, key);

-- How far the crawl of each source has come.
CREATE TABLE source (
    name     TEXT PRIMARY KEY,
    document TEXT NOT NULL             -- registry.SourceState as JSON
) STRICT, WITHOUT ROWID;

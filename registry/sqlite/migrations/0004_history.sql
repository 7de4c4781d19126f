-- SPDX-FileCopyrightText: 2026 The Allmende authors
--
-- SPDX-License-Identifier: EUPL-1.2

-- What entries were: the revisions that a later one ended. The newest one of
-- each entry is its row in entry, so that an entry which never changes takes no
-- room here, and one from before this table needs no copy: its last state comes
-- here with its next change.
CREATE TABLE revision (
    rev     INTEGER PRIMARY KEY REFERENCES change (rev),
    entry   INTEGER NOT NULL REFERENCES entry (n),
    size    INTEGER NOT NULL,          -- of the JSON in bytes
    zlib    INTEGER NOT NULL,
    content BLOB                       -- as entry.document; NULL where the change removed the entry
) STRICT;
CREATE INDEX revision_entry ON revision (entry, rev);

-- Of entries that are removed already the row is the removal, and the last state
-- is kept uncompressed with the change before it that has the same ID: until it
-- was removed no other entry had it.
CREATE INDEX change_id ON change (id, rev);
INSERT INTO revision (rev, entry, size, zlib, content)
    SELECT last, n, length(content), 0, content FROM (
        SELECT n, CAST(document AS BLOB) AS content,
            (SELECT max(rev) FROM change WHERE change.id = entry.id AND change.rev < entry.rev AND kind <> 'removed') AS last
        FROM entry WHERE removed = 1)
    WHERE last IS NOT NULL;
DROP INDEX change_id;

-- The statistics of days.
CREATE TABLE day (
    date     TEXT PRIMARY KEY,         -- 2026-11-22
    document TEXT NOT NULL             -- registry.Day as JSON
) STRICT, WITHOUT ROWID;

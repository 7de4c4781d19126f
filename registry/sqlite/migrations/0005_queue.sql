-- SPDX-FileCopyrightText: 2026 The Allmende authors
--
-- SPDX-License-Identifier: EUPL-1.2

-- Tasks that wait or are being done; those that are done go.
CREATE TABLE task (
    n        INTEGER PRIMARY KEY AUTOINCREMENT, -- in the order in which they were asked for
    kind     TEXT NOT NULL,
    host     TEXT NOT NULL,            -- with its case folded
    key      TEXT NOT NULL,            -- repo with its case folded
    repo     TEXT NOT NULL,
    added    TEXT NOT NULL,            -- RFC 3339 in UTC
    attempts INTEGER NOT NULL DEFAULT 0, -- that came to an error
    due      TEXT NOT NULL,            -- when it may be done, RFC 3339 in UTC
    taken    INTEGER NOT NULL DEFAULT 0 -- 1 while it is being done, by who holds the lock of the host
) STRICT;
CREATE UNIQUE INDEX task_waits ON task (kind, host, key) WHERE taken = 0;
CREATE INDEX task_host ON task (host, taken, due);

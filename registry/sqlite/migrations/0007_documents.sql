-- SPDX-FileCopyrightText: 2026 The Allmende authors
--
-- SPDX-License-Identifier: EUPL-1.2

-- What is kept beside the catalogue: tokens, the audit log and the like.
CREATE TABLE document (
    kind    TEXT NOT NULL,
    key     TEXT NOT NULL,
    version INTEGER NOT NULL,
    body    TEXT NOT NULL,             -- JSON
    PRIMARY KEY (kind, key)
) STRICT;

-- The version given last, of documents that were removed too: one row.
CREATE TABLE document_version (given INTEGER NOT NULL) STRICT;
INSERT INTO document_version VALUES (0);

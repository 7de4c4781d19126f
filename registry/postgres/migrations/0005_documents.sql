-- SPDX-FileCopyrightText: 2026 The Allmende authors
--
-- SPDX-License-Identifier: EUPL-1.2

-- What is kept beside the catalogue: tokens, the audit log and the like.
CREATE TABLE document (
    kind    text COLLATE "C" NOT NULL,
    key     text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    body    text NOT NULL,               -- JSON
    PRIMARY KEY (kind, key)
) WITH (fillfactor = 90);

-- The version given last, of documents that were removed too: one row, which
-- whoever writes documents changes first.
CREATE TABLE document_version (given bigint NOT NULL) WITH (fillfactor = 10);
INSERT INTO document_version VALUES (0);

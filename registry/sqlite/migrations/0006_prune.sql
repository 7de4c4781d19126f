-- SPDX-FileCopyrightText: 2026 The Allmende authors
--
-- SPDX-License-Identifier: EUPL-1.2

-- Whether anything still rests on a file.
CREATE INDEX entry_file_hash ON entry_file (hash);
-- The few that were removed, among the many.
CREATE INDEX entry_removed ON entry (n) WHERE removed;

-- SPDX-FileCopyrightText: 2026 The Allmende authors
--
-- SPDX-License-Identifier: EUPL-1.2

-- The queue. Its tables are River's, which come before this.
CREATE INDEX river_job_live ON river_job (created_at, id)
    WHERE state IN ('available', 'pending', 'retryable', 'running', 'scheduled');

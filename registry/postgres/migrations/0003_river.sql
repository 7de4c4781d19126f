-- SPDX-FileCopyrightText: 2026 The Allmende authors
--
-- SPDX-License-Identifier: EUPL-1.2

-- The tables of the queue are River's: see migrate.go. This is the beginning of
-- them, which must be committed before the rest.

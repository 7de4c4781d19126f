// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

//go:build race

package conformance

// share is what part of their size large answers have: the race detector makes
// reading them ten times as slow, and finds no more in them than in small ones.
const share = 4

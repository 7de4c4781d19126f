// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

//go:build race

package api

// With the race detector each request takes many times as long; ./check makes the
// whole number without it.
func init() { fuzzRequests = 4000 }

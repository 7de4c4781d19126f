// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

//go:build !linux

package site

// exchange gives each of two directories the name of the other.
func exchange(a, b string) error { return swap(a, b) }

func isMount(string) bool { return false }

func isReadOnly(error) bool { return false }

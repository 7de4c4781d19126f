// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

//go:build !unix

package draft

import "testing"

func makePipe(*testing.T, string) {}

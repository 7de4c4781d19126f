// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registrytest_test

import (
	"testing"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/registrytest"
)

func TestDocuments(t *testing.T) {
	registrytest.TestDocuments(t, func(*testing.T) registry.Documents { return registrytest.NewDocuments() })
}

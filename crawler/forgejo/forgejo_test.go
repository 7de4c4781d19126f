// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package forgejo_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/forgejo"
	"github.com/allmende-registry/allmende/crawler/forgetest"
	"github.com/allmende-registry/allmende/crawler/forgetest/conformance"
)

func newForge(t *testing.T, client *http.Client, address string, opt forgejo.Options) *forgejo.Forge {
	t.Helper()
	base, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	f, err := forgejo.New(base, client, opt)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestForge(t *testing.T) {
	t.Run("plain client", func(t *testing.T) {
		conformance.TestForge(t, func(t *testing.T, w *forgetest.World) crawler.Forge {
			s := conformance.NewServer(t, forgetest.Forgejo, w)
			return newForge(t, s.Client(), s.URL, forgejo.Options{Now: conformance.Now})
		}, crawler.Forgejo)
	})
	t.Run("guarded client, path prefix", func(t *testing.T) {
		conformance.TestForge(t, func(t *testing.T, w *forgetest.World) crawler.Forge {
			s := conformance.NewServer(t, func(w *forgetest.World, base string) http.Handler {
				return http.StripPrefix("/git/forge", forgetest.Forgejo(w, base+"/git/forge"))
			}, w)
			return newForge(t, conformance.Guarded(t, s.URL).HTTP(), s.URL+"/git/forge/", forgejo.Options{Now: conformance.Now})
		}, crawler.Forgejo)
	})
}

func TestHostile(t *testing.T) {
	conformance.TestHostile(t, func(t *testing.T, w *forgetest.World) crawler.Forge {
		s := conformance.NewServer(t, forgetest.Forgejo, w)
		return newForge(t, conformance.Guarded(t, s.URL).HTTP(), s.URL, forgejo.Options{Now: conformance.Now})
	}, crawler.Forgejo)
}

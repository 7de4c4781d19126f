// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package bitbucket_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/bitbucket"
	"github.com/allmende-registry/allmende/crawler/forgetest"
	"github.com/allmende-registry/allmende/crawler/forgetest/conformance"
)

func newForge(t *testing.T, client *http.Client, address string, opt bitbucket.Options) *bitbucket.Forge {
	t.Helper()
	base, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	f, err := bitbucket.New(base, client, opt)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestForge(t *testing.T) {
	t.Run("plain client", func(t *testing.T) {
		conformance.TestForge(t, func(t *testing.T, w *forgetest.World) crawler.Forge {
			s := conformance.NewServer(t, forgetest.Bitbucket, w)
			return newForge(t, s.Client(), s.URL, bitbucket.Options{Now: conformance.Now})
		}, crawler.Bitbucket)
	})
	t.Run("guarded client, path prefix", func(t *testing.T) {
		conformance.TestForge(t, func(t *testing.T, w *forgetest.World) crawler.Forge {
			s := conformance.NewServer(t, func(w *forgetest.World, base string) http.Handler {
				return http.StripPrefix("/git/forge", forgetest.Bitbucket(w, base+"/git/forge"))
			}, w)
			return newForge(t, conformance.Guarded(t, s.URL).HTTP(), s.URL+"/git/forge/", bitbucket.Options{Now: conformance.Now})
		}, crawler.Bitbucket)
	})
}

func TestHostile(t *testing.T) {
	conformance.TestHostile(t, func(t *testing.T, w *forgetest.World) crawler.Forge {
		s := conformance.NewServer(t, forgetest.Bitbucket, w)
		return newForge(t, conformance.Guarded(t, s.URL).HTTP(), s.URL, bitbucket.Options{Now: conformance.Now})
	}, crawler.Bitbucket)
}

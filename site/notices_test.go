// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/licence"
)

// The list has the versions of go.mod; that it has all modules is held by the
// test of tools/notices.
func TestNoticesAreOfTheseVersions(t *testing.T) {
	s := newSite(t, sample(), Options{})
	mod, err := os.ReadFile("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	texts, err := noticeFiles.ReadFile("notices/" + noticeTexts)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range s.notices.Modules {
		if m.Version != "" && !bytes.Contains(mod, []byte("\t"+m.Name+" "+m.Version)) {
			t.Errorf("%s %s is not in go.mod: run go generate ./site", m.Name, m.Version)
		}
		if len(m.Licences) == 0 || !bytes.Contains(texts, []byte("\n"+m.Name+"\n")) {
			t.Errorf("%s: licences %v, or no text", m.Name, m.Licences)
		}
		for _, id := range m.Licences {
			if _, ok := licence.Lookup(id); !ok {
				t.Errorf("%s: %s is no licence", m.Name, id)
			}
		}
	}
}

func TestNoticesPage(t *testing.T) {
	server := serve(t, sample(), Options{})
	for _, path := range []string{"/notices/", "/en/notices/"} {
		got := fetch(t, server, "GET", path)
		checkPage(t, path, got.body)
		want := []string{"EUPL-1.2", "KERN", "Fira Sans", "github.com/yuin/goldmark", "modernc.org/sqlite"}
		for _, source := range licence.Sources() {
			want = append(want, source.Name)
			if strings.HasPrefix(source.Licence, "CC-BY") {
				want = append(want, strings.Fields(source.Attribution)[1])
			}
		}
		for _, w := range want {
			if !bytes.Contains(got.body, []byte(w)) {
				t.Errorf("%s: no %s", path, w)
			}
		}
	}
}

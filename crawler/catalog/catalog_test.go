// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package catalog

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/allmende-registry/allmende/registry"
)

// lines writes entries as a golden can show them.
func lines(entries []Entry) []string {
	list := []string{}
	for _, e := range entries {
		s := e.Where + ": "
		if e.Group {
			s += "group "
		}
		s += e.URL
		if e.Publisher.ID != "" {
			s += fmt.Sprintf(" (%s: %s)", e.Publisher.ID, e.Publisher.Name)
		}
		if e.Err != nil {
			s += " REFUSED"
		}
		list = append(list, s)
	}
	return list
}

// read takes all entries of a catalogue.
func read(t *testing.T, where string, opt Options) (*Catalogue, []Entry, error) {
	t.Helper()
	if opt.Client == nil {
		opt.Client = http.DefaultClient
	}
	c, err := Open(t.Context(), where, opt)
	if err != nil {
		t.Fatal(err)
	}
	var list []Entry
	for e, err := range c.Entries(t.Context()) {
		if err != nil {
			return c, list, err
		}
		list = append(list, e)
	}
	return c, list, nil
}

func file(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "catalogue")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const (
	inventory200 = `{
  "version": "2.0.0", "agency": "Amt für Beispiele", "measurementType": {"method": "projects"},
  "releases": [
    {"name": "a", "repositoryURL": "https://github.com/Amt/Offen.git", "permissions": {"usageType": "openSource", "licenses": null}},
    {"name": "b", "repositoryURL": "https://github.com/amt/intern", "permissions": {"usageType": "governmentWideReuse"}},
    {"name": "c", "repositoryURL": "https://github.com/amt/geheim", "permissions": {"usageType": "openSource"}, "repositoryVisibility": "private"},
    {"name": "d", "permissions": {"usageType": "exemptByLaw"}},
    {"name": "e", "repositoryURL": "https://github.com/amt", "permissions": {"usageType": "openSource"}},
    {"name": "f", "repositoryURL": 7, "permissions": {"usageType": "opensource"}},
    null, 3,
    {"name": "g", "repositoryURL": "https://github.com/AMT/offen/tree/main/x", "permissions": {"usageType": "openSource"}},
    {"name": "h", "repositoryURL": "http://git.example:8080/x/y", "permissions": {"usageType": "openSource"}}
  ]
}`
	inventory101 = `{
  "version": "1.0.1", "agency": "XYZ",
  "projects": [
    {"name": "a", "repository": "git@gitlab.example:gruppe/a.git", "openSourceProject": 1, "governmentWideReuseProject": 1},
    {"name": "b", "repository": "https://gitlab.example/gruppe/b", "openSourceProject": 0},
    {"name": "c", "repository": "https://gitlab.example/gruppe/c", "openSourceProject": true},
    {"name": "d", "repository": null, "openSourceProject": "1"}
  ]
}`
	plainList = "\xef\xbb\xbf# Hinweise\r\n\r\nhttps://github.com/o/r  # der erste\r\n\thttps://codeberg.org/o/r.git\r\nhttps://GITHUB.com/O/R\r\nkein Repository\r\nfile:///etc/passwd\r\nhttps://git.example/a#readme"
	jsonList  = `["https://github.com/o/r", null, 5, "https://gitlab.com/g/s/p/-/tree/main", ""]`
	// The forms that a list of publishers has had.
	publisherList = `---
- name: Comune di Esempio
  id: c_x123
  orgs:
    - https://github.com/esempio
    - https://gitlab.example/
  repos:
    - https://codeberg.org/altri/progetto
    - https://github.com/esempio
- id: "Stadt Musterhausen"
  codice-iPA: "c-x123"
  organizations:
    - https://gitlab.com/muster/hausen
- name: "_"
  repos: https://github.com/fremd/werk
- nur Text
- name: Ohne alles
- name: Kaputt
  orgs: {a: b}
  repos: [[x], https://github.com/k/p, ~]
`
)

func TestDocuments(t *testing.T) {
	for name, tt := range map[string]struct {
		kind Kind
		text string
		want []string
	}{
		"code.json 2.0.0": {CodeJSON, inventory200, []string{
			"releases[0]: https://github.com/Amt/Offen (amt-fuer-beispiele: Amt für Beispiele)",
			"releases[4]: https://github.com/amt REFUSED",
			"releases[5]:  REFUSED",
			"releases[6]: null REFUSED",
			"releases[7]: 3 REFUSED",
			"releases[9]: http://git.example:8080/x/y (amt-fuer-beispiele: Amt für Beispiele)",
		}},
		"code.json 1.0.1": {CodeJSON, "\xef\xbb\xbf" + inventory101, []string{
			"projects[0]: https://gitlab.example/gruppe/a (xyz: XYZ)",
			"projects[2]: https://gitlab.example/gruppe/c (xyz: XYZ)",
			"projects[3]:  REFUSED",
		}},
		"plain list": {List, plainList, []string{
			"line 3: https://github.com/o/r",
			"line 4: https://codeberg.org/o/r",
			"line 6: kein Repository REFUSED",
			"line 7: file:///etc/passwd REFUSED",
			"line 8: https://git.example/a",
		}},
		"JSON list": {List, jsonList, []string{
			"[0]: https://github.com/o/r",
			"[1]: null REFUSED",
			"[2]: 5 REFUSED",
			"[3]: https://gitlab.com/g/s/p",
			"[4]:  REFUSED",
		}},
		"publishers": {Publishers, publisherList, []string{
			"line 5: group https://github.com/esempio (c-x123: Comune di Esempio)",
			"line 6: https://gitlab.example/ REFUSED",
			"line 8: https://codeberg.org/altri/progetto (c-x123: Comune di Esempio)",
			"line 9: https://github.com/esempio REFUSED",
			"line 13: group https://gitlab.com/muster/hausen (c-x123-f9d9eb18: Stadt Musterhausen)",
			"line 15: https://github.com/fremd/werk",
			"line 16: nur Text REFUSED",
			"line 19: orgs REFUSED",
			"line 20: repos REFUSED",
			"line 20: https://github.com/k/p (kaputt: Kaputt)",
			"line 20: ~ REFUSED",
		}},
		"publishers in JSON": {Publishers, `[{"name": "A", "alternativeId": "x", "repositories": ["https://a.example/b"]}]`, []string{
			"line 1: https://a.example/b (x: A)",
		}},
		"empty list": {List, "# nichts\n", []string{}},
	} {
		t.Run(name, func(t *testing.T) {
			// As it is called in a configuration, and without saying what it is.
			for _, kind := range []Kind{tt.kind, ""} {
				if kind == "" && len(tt.want) == 0 {
					continue
				}
				path := file(t, tt.text)
				for _, where := range []string{path, "file://" + filepath.ToSlash(path)} {
					c, entries, err := read(t, where, Options{Kind: kind})
					if err != nil {
						t.Fatal(err)
					}
					if c.Kind() != tt.kind {
						t.Errorf("recognised as %s", c.Kind())
					}
					if diff := cmp.Diff(tt.want, lines(entries)); diff != "" {
						t.Error(diff)
					}
				}
			}
		})
	}
}

func TestRefusedSayWhy(t *testing.T) {
	_, entries, err := read(t, file(t, "https://github.com/org\n"+strings.Repeat("x", 5000)+"\n"), Options{Kind: List})
	if err != nil || len(entries) != 2 {
		t.Fatal(err, entries)
	}
	for _, e := range entries {
		if !errors.Is(e.Err, registry.ErrInvalid) || len(e.URL) > 300 || len(e.Err.Error()) > 600 {
			t.Errorf("%d bytes, %d bytes of %v", len(e.URL), len(e.Err.Error()), e.Err)
		}
	}
}

func TestBrokenDocuments(t *testing.T) {
	for name, tt := range map[string]struct {
		kind Kind
		text string
		is   error
		want string
	}{
		"no JSON":                   {CodeJSON, "{", registry.ErrInvalid, "JSON"},
		"no inventory":              {CodeJSON, `{"a": 1}`, registry.ErrInvalid, "releases"},
		"an array":                  {CodeJSON, `[]`, registry.ErrInvalid, "JSON"},
		"releases is no array":      {CodeJSON, `{"releases": {"a": 1}}`, registry.ErrInvalid, "releases: "},
		"cut off":                   {List, `["https://github.com/a/b", "https`, registry.ErrInvalid, "ends too early"},
		"more after it":             {List, `["https://github.com/a/b"] x`, registry.ErrInvalid, ""},
		"deep JSON":                 {List, strings.Repeat("[", 100_000), registry.ErrInvalid, "JSON"},
		"no YAML":                   {Publishers, "a: [", registry.ErrInvalid, "YAML"},
		"no list":                   {Publishers, "a: b", registry.ErrInvalid, "line 1"},
		"large YAML":                {Publishers, strings.Repeat("# lang\n", 1<<20), registry.ErrTooLarge, "4194304"},
		"dense YAML":                {Publishers, strings.Repeat("[{}],", 100_000), registry.ErrTooLarge, "divide it"},
		"an alias of itself":        {Publishers, "- &a {name: x, orgs: *a}\n", nil, ""},
		"a bomb of aliases":         {Publishers, "- &p {name: x, orgs: &o [" + strings.Repeat("x, ", 1000) + "]}\n" + strings.Repeat("- *p\n", 1000), registry.ErrTooLarge, "200000"},
		"too many in JSON":          {List, "[" + strings.Repeat("0,", maxEntries) + "0]", registry.ErrTooLarge, "200000"},
		"too many lines":            {List, strings.Repeat("x\n", maxEntries+1), registry.ErrTooLarge, "line 200001"},
		"larger than all documents": {List, strings.Repeat(" ", maxSize+1), registry.ErrTooLarge, "33554432"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := read(t, file(t, tt.text), Options{Kind: tt.kind})
			if tt.is == nil {
				return // it need only end
			}
			if !errors.Is(err, tt.is) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%.300v", err)
			}
		})
	}
}

func TestFilesThatAreNone(t *testing.T) {
	for _, where := range []string{t.TempDir(), "/dev/zero", filepath.Join(t.TempDir(), "missing")} {
		if _, _, err := read(t, where, Options{Kind: List}); err == nil {
			t.Errorf("%s was read", where)
		}
	}
}

func TestCheck(t *testing.T) {
	for where, kind := range map[string]Kind{
		"https://api.example/v1": DevelopersItalia, "http://x.example/list.txt?ref=main": List, "./list.txt": List, "../a/code.json": "",
		"file:///srv/list.txt": Publishers, "/srv/list.txt": "", "https://x.example": Allmende,
	} {
		if err := Check(where, kind); err != nil {
			t.Errorf("%s as %q: %v", where, kind, err)
		}
	}
	for where, kind := range map[string]Kind{
		"": List, "list.txt": List, "ftp://x.example/a": "", "https://u:secret@x.example/a": List, "https://": List, "https://x.example/#a": "",
		"file://host/a": List, "file:a": List, "%zz://": "", "./x": Allmende, "file:///x": DevelopersItalia, "https://x.example": "ckan",
	} {
		err := Check(where, kind)
		if !errors.Is(err, registry.ErrInvalid) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s as %q: %v", where, kind, err)
		}
		if _, openErr := Open(t.Context(), where, Options{Kind: kind, Client: http.DefaultClient}); openErr == nil {
			t.Errorf("%s as %q is opened", where, kind)
		}
	}
}

// A document that has not changed is not sent again.
func TestTagOfDocument(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"eins"`)
		if r.Header.Get("If-None-Match") == `"eins"` {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		fmt.Fprintln(w, "https://github.com/o/r")
	}))
	defer server.Close()
	c, entries, err := read(t, server.URL+"/list.txt", Options{Kind: List})
	if err != nil || len(entries) != 1 || c.Tag() != `"eins"` {
		t.Fatalf("%v, %v, tag %s", err, entries, c.Tag())
	}
	c, entries, err = read(t, server.URL+"/list.txt", Options{Kind: List, Tag: c.Tag()})
	if !errors.Is(err, ErrUnchanged) || len(entries) != 0 || c.Tag() != "" {
		t.Errorf("%v, %v, tag %s", err, entries, c.Tag())
	}
}

func TestStatus(t *testing.T) {
	for status, want := range map[int]error{404: registry.ErrNotFound, 410: registry.ErrGone, 401: registry.ErrForbidden, 403: registry.ErrForbidden, 451: registry.ErrForbidden, 304: registry.ErrInvalid, 418: nil} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }))
		_, _, err := read(t, server.URL+"/a.txt", Options{Kind: List})
		server.Close()
		if err == nil || want != nil && !errors.Is(err, want) || !strings.Contains(err.Error(), fmt.Sprint(status)) {
			t.Errorf("%d: %v", status, err)
		}
	}
}

// Who wants no more gets no more, and a reading that was cut off has no tag.
func TestStop(t *testing.T) {
	c, err := Open(t.Context(), file(t, strings.Repeat("x\n", 100)), Options{Kind: List})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for range c.Entries(t.Context()) {
		if n++; n == 3 {
			break
		}
	}
	if n != 3 || c.Tag() != "" {
		t.Errorf("%d entries, tag %s", n, c.Tag())
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	c, err = Open(t.Context(), "https://x.example/v1", Options{Kind: Allmende, Client: http.DefaultClient})
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range c.Entries(ctx) {
		if !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	}
}

// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/registrytest"
	"github.com/allmende-registry/allmende/registry/sqlite"
)

// filled makes a registry and the configuration that names it.
func filled(t *testing.T, fill func(registry.Store)) (config string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.db")
	store, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	fill(store)
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	return write(t, "config.yml", "store: sqlite:"+path+"\npublishers: []\n")
}

func TestHistoryCommand(t *testing.T) {
	const former, id = registry.ID("forge.example/a/alt"), registry.ID("forge.example/a/neu")
	var times []string
	changed := func(c registry.Change, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		times = append(times, c.Time.Format(time.RFC3339Nano))
		for !time.Now().After(c.Time.Add(time.Millisecond)) { // the next one is later
			continue
		}
	}
	config := filled(t, func(s registry.Store) {
		software := registrytest.Software(former, "1")
		software.Files = append(software.Files, registry.File{Path: "LICENSE", Commit: "0123abcd", Bytes: []byte("x")})
		changed(s.Put(t.Context(), software))
		software.PublicCode.Name = "Deich <&>\x1b[2J" + strings.Repeat("ß", 300)
		software.Repository.Topics = append([]string{"neu/~"}, software.Repository.Topics...)
		for i := range software.Files {
			software.Files[i].Commit = "4567cdef"
		}
		changed(s.Put(t.Context(), software))
		software.ID = id
		changed(s.Put(t.Context(), software))
		changed(s.Remove(t.Context(), id, registry.FileGone))
		software.PublicCode.Name, software.Rev = "Deich", 0
		changed(s.Put(t.Context(), software))
	})
	earlier := "2001-01-01T00:00:00+01:00"

	for name, tt := range map[string]struct {
		args []string
		code int
		want []string
	}{
		"all": {[]string{"https://" + string(id)}, 0, []string{
			string(id) + "\n\n" + times[4][:19],
			"revision 5  restored\n  /publiccode/name: \"Deich <&>\ufffd[2Jßß", "ß…\" → \"Deich\"\n",
			"revision 4  removed: The repository has no publiccode.yml any more.\n\n",
			"revision 3  renamed, formerly " + string(former) + "\n  /id: \"forge.example/a/alt\" → \"forge.example/a/neu\"\n\n",
			"revision 2  changed\n  /files/0/commit and 1 more: \"0123abcd\" → \"4567cdef\"\n  /publiccode/name: ",
			"  /repository/topics/0: (nothing) → \"neu/~\"\n",
			"revision 1  added\n",
		}},
		"German": {[]string{"--lang", "de", string(id)}, 0, []string{
			"Revision 5  wieder aufgenommen\n", "Revision 4  entfernt: Das Repository hat keine publiccode.yml mehr.\n",
			"Revision 3  umbenannt, vorher " + string(former), "/files/0/commit und 1 weitere", "(nichts) →",
		}},
		"former ID":          {[]string{string(former)}, 0, []string{string(id) + "\n"}},
		"then":               {[]string{string(id), "--at", times[0]}, 0, []string{`"id":"forge.example/a/alt"`, `"name":"Deichbuch"`, `"rev":1`}},
		"then, by former ID": {[]string{string(former), "--at", times[2]}, 0, []string{`"id":"forge.example/a/neu"`, `"rev":3`}},
		"the end of a day":   {[]string{string(id), "--at", "9999-12-31"}, 0, []string{`"name":"Deich"`}},
		"before it was":      {[]string{string(id), "--at", "2001-01-01"}, 1, []string{"not found"}},
		"while removed":      {[]string{string(id), "--at", times[3]}, 1, []string{"gone"}},
		"two dates": {[]string{string(id), "--between", times[0], times[4]}, 0, []string{
			"  /id: \"forge.example/a/alt\" → \"forge.example/a/neu\"\n", "  /publiccode/name: \"Deichbuch\" → \"Deich\"\n",
		}},
		"two dates before it": {[]string{"--between", times[0], times[1], string(id), "--lang", "en"}, 0, []string{"/repository/topics/0"}},
		"no difference":       {[]string{string(id), "--between", times[4], "9999-12-31"}, 0, []string{"No difference.\n"}},
		"it comes":            {[]string{string(id), "--between", earlier, times[0]}, 0, []string{"  the whole entry: (nothing) → {\"id\":"}},
		"it goes":             {[]string{string(id), "--between", times[2], times[3]}, 0, []string{"  the whole entry: {\"id\":", "→ (nothing)\n"}},
		"never there":         {[]string{"https://forge.example/a/nie"}, 1, []string{"not found"}},
		"never there, then":   {[]string{"https://forge.example/a/nie", "--between", earlier, times[0]}, 1, []string{"not found"}},
		"no address":          {nil, 2, []string{"name one repository"}},
		"two addresses":       {[]string{string(id), string(id)}, 2, []string{"name one repository"}},
		"not an address":      {[]string{"x"}, 2, []string{"no address of a repository"}},
		"not a date":          {[]string{string(id), "--at", "22.11.2026"}, 2, []string{"22.11.2026", "2026-11-22"}},
		"no second date":      {[]string{string(id), "--between", "2026-11-22"}, 2, []string{"two dates"}},
		"not a second date":   {[]string{string(id), "--between", "2026-11-22", "x"}, 2, []string{`"x" is no date`}},
		"dates turned round":  {[]string{string(id), "--between", "2026-11-22", "2026-11-21"}, 2, []string{"2026-11-22 is after 2026-11-21"}},
		"at and between":      {[]string{string(id), "--at", "2026-11-22", "--between", "2026-11-22", "2026-11-23"}, 2, []string{"two dates"}},
		"language":            {[]string{string(id), "--lang", "fr"}, 2, []string{"--lang"}},
	} {
		t.Run(name, func(t *testing.T) {
			out, errs, code := command(t, append([]string{"history", "--config", config, "--lang", "en"}, tt.args...)...)
			if code != tt.code {
				t.Errorf("code %d, want %d", code, tt.code)
			}
			for _, want := range tt.want {
				if !strings.Contains(out+errs, want) {
					t.Errorf("%q is missing", want)
				}
			}
			if strings.Contains(out+errs, "\x1b") {
				t.Error("a control character is printed")
			}
			if t.Failed() {
				t.Logf("%s%s", out, errs)
			}
		})
	}

	out, _, _ := command(t, "history", "--config", config, "--json", string(id))
	var all entryHistory
	if err := json.Unmarshal([]byte(out), &all); err != nil || all.ID != id || len(all.Revisions) != 5 {
		t.Fatalf("%v: %s", err, out)
	}
	for i, want := range []int{1, 0, 1, 4, 0} {
		if got := len(all.Revisions[i].Differences); got != want {
			t.Errorf("%d differences in revision %d, want %d", got, all.Revisions[i].Rev, want)
		}
	}
	out, _, _ = command(t, "history", "--config", config, "--json", string(id), "--between", times[4], "9999-12-31")
	if out != "[]\n" {
		t.Errorf("no differences as JSON are %q", out)
	}
}

// Of what was written before histories were kept it is said.
func TestHistoryIncomplete(t *testing.T) {
	var out strings.Builder
	entryHistory{"forge.example/a/b", []revisionLines{{Change: registry.Change{Rev: 7, Kind: registry.Updated}}}}.print(&out, "de")
	if !strings.Contains(out.String(), "Frühere Stände sind nicht aufbewahrt.") {
		t.Error(out.String())
	}
}

// Every kind and reason there is has words.
func TestHistoryWords(t *testing.T) {
	for lang, say := range historyTexts {
		for _, kind := range []registry.Kind{registry.Added, registry.Updated, registry.Renamed, registry.Removed, registry.Restored} {
			if say.kinds[kind] == "" {
				t.Errorf("%s: no words for %s", lang, kind)
			}
		}
		for _, reason := range []registry.Reason{
			registry.RepositoryGone, registry.FileGone, registry.NotCatalogued, registry.Merged, registry.Declined, registry.LeftOut,
		} {
			if say.reasons[reason] == "" {
				t.Errorf("%s: no words for %s", lang, reason)
			}
		}
	}
}

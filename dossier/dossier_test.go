// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package dossier_test

import (
	"bytes"
	"errors"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	spdxjson "github.com/spdx/tools-golang/json"
	"golang.org/x/net/html"

	"github.com/allmende-registry/allmende/dossier"
	"github.com/allmende-registry/allmende/licence"
	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/registrytest"
	"github.com/allmende-registry/allmende/registry/sqlite"
)

const id = registry.ID("forge.example/küste/deichbuch")

func desk(t *testing.T) (*dossier.Desk, *sqlite.Store, *time.Time) {
	t.Helper()
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "a.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	now := time.Date(2026, 11, 22, 23, 59, 0, 7, time.UTC)
	return &dossier.Desk{
		Store: store, Catalogue: dossier.Catalogue{Name: "Musterkatalog", URL: "https://katalog.example"},
		Now: func() time.Time { return now },
	}, store, &now
}

// entry is put into the store with every kind of value.
func entry(t *testing.T, store *sqlite.Store, change func(*registry.Software)) *registry.Software {
	t.Helper()
	s := registrytest.Software(id, "1")
	s.Files[0].Commit = strings.Repeat("0a", 20)
	s.Files = append(s.Files, registry.File{
		Path: "SECURITY.md", Role: registry.RoleSecurity,
		Bytes: []byte("Bitte an <sicherheit@amt.example> oder unter https://amt.example/security/melden; Handbuch: https://amt.example/handbuch.\n"),
	})
	if change != nil {
		change(s)
	}
	if _, err := store.Put(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	return s
}

func read(t *testing.T, d *registry.Dossier) *dossier.Document {
	t.Helper()
	document, err := dossier.Read(d.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return document
}

func TestDossierStaysAsItIs(t *testing.T) {
	desk, store, now := desk(t)
	s := entry(t, store, nil)
	visit := &registry.Visit{Repo: id, Source: "https://forge.example/küste", Outcome: registry.Entry, Time: now.Add(-time.Hour)}
	if err := store.PutVisit(t.Context(), visit); err != nil {
		t.Fatal(err)
	}
	first, err := desk.Make(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	d := read(t, first)
	if d.Identity.ID != id || d.Identity.Revision != s.Rev || !d.Identity.Visited.Equal(visit.Time) ||
		d.Identity.SWHID != "swh:1:rev:"+strings.Repeat("0a", 20) || d.Catalogue.Name != "Musterkatalog" {
		t.Errorf("identity: %+v", d.Identity)
	}
	if want := []string{"sicherheit@amt.example", "https://amt.example/security/melden"}; !slices.Equal(d.Security.Addresses, want) {
		t.Errorf("security contacts %q, want %q", d.Security.Addresses, want)
	}

	*now = now.Add(30 * time.Second)
	again, err := desk.Make(t.Context(), id)
	if err != nil || again.Hash != first.Hash {
		t.Errorf("made again on the same day: %v %v, want %v", again, err, first.Hash)
	}
	*now = now.Add(time.Hour)
	tomorrow, err := desk.Make(t.Context(), id)
	if err != nil || tomorrow.Hash == first.Hash {
		t.Errorf("made on the next day: %v %v, want another one", tomorrow, err)
	}
	entry(t, store, func(s *registry.Software) { s.PublicCode.SoftwareVersion = "9" })
	changed, err := desk.Make(t.Context(), id)
	if err != nil || changed.Hash == tomorrow.Hash || read(t, changed).Identity.Version != "9" {
		t.Errorf("made of the changed entry: %v %v", changed, err)
	}
	if _, err := store.Remove(t.Context(), id, registry.RepositoryGone); err != nil {
		t.Fatal(err)
	}
	kept, document, err := desk.Get(t.Context(), first.Hash)
	if err != nil || !bytes.Equal(kept.Bytes, first.Bytes) || document.Identity.Version != d.Identity.Version {
		t.Errorf("after the entry changed and went: %v", err)
	}
	if _, err := desk.Make(t.Context(), id); !errors.Is(err, registry.ErrGone) {
		t.Errorf("dossier of a removed entry: %v, want ErrGone", err)
	}
	if _, err := desk.Make(t.Context(), "forge.example/no/body"); !errors.Is(err, registry.ErrNotFound) {
		t.Errorf("dossier of no entry: %v, want ErrNotFound", err)
	}
}

func TestReadRefuses(t *testing.T) {
	for name, src := range map[string]string{"nothing": "", "no JSON": "x", "another form": `{"format":"allmende-dossier-0"}`, "null": "null"} {
		if _, err := dossier.Read([]byte(src)); !errors.Is(err, registry.ErrInvalid) {
			t.Errorf("%s: %v, want ErrInvalid", name, err)
		}
	}
	if _, err := dossier.Read(make([]byte, 17<<20)); !errors.Is(err, registry.ErrTooLarge) {
		t.Errorf("too much: %v, want ErrTooLarge", err)
	}
}

// cases are entries of which much, little, or nothing is known.
var cases = map[string]func(*registry.Software){
	"all": nil,
	"hostile": func(s *registry.Software) {
		s.PublicCode.Name = `<script>alert(1)</script>`
		s.Publisher.URI = "javascript:alert(1)"
		s.Repository.URL = "javascript:alert(1)"
		s.Licence.Detected[0].Path = `"><img src=x onerror=alert(1)>`
		s.SBOMs[0].Error = "</main><script>"
	},
	"bare": func(s *registry.Software) {
		*s = registry.Software{ID: s.ID, PublicCode: s.PublicCode, Files: []registry.File{}}
		s.PublicCode.Legal.License = ""
		s.PublicCode.SoftwareVersion = ""
	},
	"no declaration": func(s *registry.Software) {
		s.Licence.Declared = nil
		s.Licence.Verdict = registry.LicenceMissing
	},
	"reference": func(s *registry.Software) {
		s.Licence.Declared.SPDX = "LicenseRef-Haus OR (MIT AND LicenseRef-Haus)"
		s.Licence.Verdict = registry.LicenceMatch
	},
}

func TestHTML(t *testing.T) {
	for name, change := range cases {
		t.Run(name, func(t *testing.T) {
			desk, store, _ := desk(t)
			entry(t, store, change)
			made, err := desk.Make(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			d := read(t, made)
			for _, lang := range []string{"de", "en"} {
				var out bytes.Buffer
				err := d.HTML(&out, lang, made.Hash, dossier.Links{Permanent: "https://katalog.example/dossiers/" + made.Hash + "/", JSON: "a.json", SPDX: "a.spdx.json", Other: "../en/"})
				if err != nil {
					t.Fatal(err)
				}
				page := out.String()
				advice := map[string]string{"de": "Keine Rechtsberatung", "en": "No legal advice"}[lang]
				for _, want := range []string{`lang="` + lang + `"`, made.Hash, advice, string(id)} {
					if !strings.Contains(page, want) {
						t.Errorf("%s: %q is not on the page", lang, want)
					}
				}
				for _, bad := range []string{"<script", "<img", "href=\"javascript:", "%!", "<no value>"} {
					if strings.Contains(page, bad) {
						t.Errorf("%s: %q is on the page", lang, bad)
					}
				}
				if raw := regexp.MustCompile(`<li>(gap|answer|state)\.`).FindString(page); raw != "" {
					t.Errorf("%s: a key instead of words: %q", lang, raw)
				}
				if _, err := html.Parse(&out); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

func TestSPDX(t *testing.T) {
	for name, change := range cases {
		t.Run(name, func(t *testing.T) {
			desk, store, _ := desk(t)
			entry(t, store, change)
			made, err := desk.Make(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			if err := read(t, made).SPDX(&out, made.Hash, ""); err != nil {
				t.Fatal(err)
			}
			doc, err := spdxjson.Read(&out)
			if err != nil {
				t.Fatal(err)
			}
			p := doc.Packages[0]
			report := read(t, made).Licence
			declared, concluded := "NOASSERTION", "NOASSERTION"
			if report != nil && report.Declared != nil {
				declared = report.Declared.SPDX
				if report.Verdict == registry.LicenceMatch {
					concluded = declared
				}
			}
			if p.PackageLicenseDeclared != declared || p.PackageLicenseConcluded != concluded {
				t.Errorf("declared %q, concluded %q; want %q and %q", p.PackageLicenseDeclared, p.PackageLicenseConcluded, declared, concluded)
			}
			if name == "reference" && len(doc.OtherLicenses) != 1 {
				t.Errorf("%d licences are described that are not on the list, want 1", len(doc.OtherLicenses))
			}
			if report != nil && len(doc.Annotations) != len(report.Evidence()) {
				t.Errorf("%d annotations for %d pieces of evidence", len(doc.Annotations), len(report.Evidence()))
			}
		})
	}
}

func TestUnknownIsSaid(t *testing.T) {
	desk, store, _ := desk(t)
	entry(t, store, cases["bare"])
	made, err := desk.Make(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{dossier.NoReport, dossier.NoSBOM, dossier.NoCommit, dossier.NoActivity, dossier.NoSecurity, dossier.NoContact, dossier.NoVersion} {
		if d := read(t, made); !slices.Contains(d.Unknown, want) {
			t.Errorf("%s is not among what is unknown: %v", want, d.Unknown)
		}
	}
}

func FuzzRead(f *testing.F) {
	software := registrytest.Software(id, "1")
	made, err := dossier.New(dossier.Input{Software: software, Policies: licence.Policies(), Made: time.Unix(0, 0)})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(made.Bytes)
	f.Fuzz(func(t *testing.T, src []byte) {
		d, err := dossier.Read(src)
		if err != nil {
			return
		}
		if err := d.HTML(new(bytes.Buffer), "de", made.Hash, dossier.Links{}); err != nil {
			t.Errorf("HTML: %v", err)
		}
		_ = d.SPDX(new(bytes.Buffer), made.Hash, "")
	})
}

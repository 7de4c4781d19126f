// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"context"
	"encoding/xml"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

// driveReading drives what needs parameters, into every status.
func driveReading(t *testing.T, handlers ...http.Handler) {
	for _, h := range handlers {
		for _, target := range []string{
			"/v1/listings?url=https://gitlab.com/sued/amt/ohne", "/v1/listings?url=gitlab.com/sued/amt/spiegel", "/v1/vocabularies/outcomes",
		} {
			w := get(t, h, target)
			get(t, h, target, "If-None-Match", w.Header().Get("ETag"))
		}
	}
}

func TestVariants(t *testing.T) {
	h := handlerOf(t, newShelf(), Options{})
	list := decode[family](t, get(t, h, "/v1/variants/"+fullID), http.StatusOK)
	var got []string
	for _, r := range list.Items {
		got = append(got, string(r.Relation)+" "+string(r.ID))
	}
	want := []string{"base github.com/urland/Akte", "variant " + partID, "sibling " + siblingID}
	if !slices.Equal(got, want) || list.TechnicalForks != 4 || len(list.Locations) != 1 {
		t.Errorf("family %v, want %v; %d forks, locations %v", got, want, list.TechnicalForks, list.Locations)
	}
	if list.Items[0].Software != nil || list.Items[1].Software == nil || list.Items[1].Software.Name != "Formular" {
		t.Errorf("items %+v", list.Items)
	}
	if diff := cmp.Diff(&features{"de", []string{"Suche"}, []string{}, []string{"Druck"}}, list.Items[1].Features); diff != "" {
		t.Errorf("features (-want +got):\n%s", diff)
	}
	based := decode[softwareList](t, get(t, h, list.Links.Variants), http.StatusOK)
	if based.Total != 1 || based.Items[0].ID != partID {
		t.Errorf("the link to the variants leads to %+v", based.Items)
	}
	// From the other side the entry is the base.
	list = decode[family](t, get(t, h, "/v1/variants/"+partID), http.StatusOK)
	if len(list.Items) != 1 || list.Items[0].Relation != registry.Base || list.Items[0].Software == nil || list.Items[0].ID != fullID {
		t.Errorf("family of the variant %+v", list.Items)
	}
}

func TestListings(t *testing.T) {
	claims := func(_ context.Context, id registry.ID) (string, error) {
		switch id.Host() {
		case "gitlab.com":
			return southSource, nil
		case "broken.example":
			return "", errors.New("out of order")
		}
		return "", nil
	}
	h := handlerOf(t, newShelf(), Options{Claims: claims})
	for _, test := range []struct {
		url      string
		listed   bool
		entry    registry.ID
		outcome  registry.Outcome
		meaning  string
		findings int
		source   string
	}{
		{"https://github.com/nordland/Akte.git", true, fullID, "", "steht im Katalog", 1, ""},
		{movedID, true, fullID, "", "steht im Katalog", 1, ""},
		{"https://gitlab.com/sued/amt/ohne", false, "", registry.Unreadable, "lässt sich nicht lesen", 1, southSource},
		{"gitlab.com/sued/amt/spiegel", false, fullID, registry.AtOther, "weiterer Ort", 0, southSource},
		{"gitlab.com/sued/amt/neu", false, "", "", "Ist es öffentlich?", 0, southSource},
		{"https://git.example/niemand/nichts", false, "", "", "Keine eingetragene Quelle", 0, ""},
		{goneID, false, "", "", "Keine eingetragene Quelle", 0, ""},
	} {
		l := decode[listing](t, get(t, h, "/v1/listings?url="+test.url), http.StatusOK)
		if l.Listed != test.listed || l.Entry != test.entry || l.Outcome != test.outcome || !strings.Contains(l.Meaning, test.meaning) || len(l.Findings) != test.findings || l.Source != test.source {
			t.Errorf("%s: %+v", test.url, l)
		}
		if (l.Source != "") != (l.Next != "") {
			t.Errorf("%s: source %q is due %q", test.url, l.Source, l.Next)
		}
		again := decode[listing](t, get(t, h, l.Links.Self, "Accept-Language", "en"), http.StatusOK)
		if again.ID != l.ID || again.Meaning == l.Meaning {
			t.Errorf("%s in English: %+v", test.url, again)
		}
	}
	for _, target := range []string{"/v1/listings", "/v1/listings?url=", "/v1/listings?url=nonsense", "/v1/listings?url=ftp://a.example/b", "/v1/listings?url=a/b&url=c/d"} {
		get(t, h, target)
		decode[problem](t, get(t, h, target), http.StatusBadRequest)
	}
	decode[problem](t, get(t, h, "/v1/listings?url=https://broken.example/a/b"), http.StatusInternalServerError)
}

func TestVocabularies(t *testing.T) {
	h := handlerOf(t, newShelf(), Options{})
	for _, v := range decode[vocabularyList](t, get(t, h, "/v1/vocabularies"), http.StatusOK).Items {
		one := decode[vocabularyTerms](t, get(t, h, v.Links.Self), http.StatusOK)
		if len(one.Items) != v.Terms || v.Terms == 0 {
			t.Errorf("%s: %d words, said to be %d", v.Name, len(one.Items), v.Terms)
		}
		for _, term := range one.Items {
			if term.Names[german] == "" || term.Names[english] == "" {
				t.Errorf("%s: %q is called %v", v.Name, term.Code, term.Names)
			}
			if term.Links == nil {
				continue
			}
			if n := decode[softwareList](t, get(t, h, term.Links.Software), http.StatusOK).Total; n != *term.Entries {
				t.Errorf("%s %s: %d entries, said to be %d", v.Name, term.Code, n, *term.Entries)
			}
		}
	}
}

func TestStandards(t *testing.T) {
	s := newShelf()
	s.entries[0].PublicCode.Supports = []string{"alias:gdpr", "ISO 1234", "with, comma", "https://[odd"}
	h := handlerOf(t, s, Options{})
	uris := map[string]string{}
	for _, one := range decode[standardList](t, get(t, h, "/v1/standards"), http.StatusOK).Items {
		uris[one.ID] = one.URI
		if n := decode[softwareList](t, get(t, h, one.Links.Software), http.StatusOK).Total; n != one.Entries {
			t.Errorf("%s: %d entries, said to be %d", one.ID, n, one.Entries)
		}
	}
	want := map[string]string{
		"https://standard.example/": "https://standard.example/", "ISO 1234": "", "https://[odd": "",
		"alias:gdpr": publiccode.SupportURI("alias:gdpr"),
	}
	if diff := cmp.Diff(want, uris); diff != "" {
		t.Errorf("standards (-want +got):\n%s", diff)
	}
}

func TestBadges(t *testing.T) {
	h := handlerOf(t, newShelf(), Options{})
	for target, want := range map[string]string{
		fullID:                              "Allmende: im Katalog",
		fullID + "?lang=en":                 "Allmende: in the catalogue",
		fullID + "?kind=licence":            "Lizenz: EUPL-1.2",
		fullID + "?kind=publiccode":         "publiccode.yml: 1 Fehler",
		bareID + "?kind=publiccode&lang=en": "publiccode.yml: no errors",
		fullID + "?kind=status&lang=en":     "Status: Stable",
		bareID + "?kind=licence":            "Lizenz: keine Angabe",
		bareID + "?kind=adoptions":          "bestätigt genutzt von: 0 Verwaltungen",
		bareID + "?kind=adoptions&lang=en":  "confirmed in use by: 0 administrations",
		partID + "?kind=licence&lang=en":    "licence: not declared",
	} {
		w := get(t, h, "/v1/badges/"+target)
		var image struct {
			XMLName xml.Name `xml:"http://www.w3.org/2000/svg svg"`
			Title   string   `xml:"title"`
			Label   string   `xml:"aria-label,attr"`
		}
		if err := xml.Unmarshal(w.Body.Bytes(), &image); err != nil {
			t.Fatalf("%s: %v\n%s", target, err, w.Body)
		}
		if !strings.HasPrefix(image.Title, want) || image.Label != image.Title {
			t.Errorf("%s says %q, %q, want %q", target, image.Title, image.Label, want)
		}
	}
	if w := get(t, h, "/v1/badges/"+movedID+"?kind=status"); w.Code != http.StatusPermanentRedirect || !strings.HasSuffix(w.Header().Get("Location"), fullID+"?kind=status") {
		t.Errorf("a former id answers %d, %q", w.Code, w.Header().Get("Location"))
	}
	decode[problem](t, get(t, h, "/v1/badges/"+fullID+"?kind=gold"), http.StatusBadRequest)
}

// FuzzBadge holds that a badge is well-formed XML whatever an entry says.
func FuzzBadge(f *testing.F) {
	f.Add("MIT", "stable")
	f.Add("<script>alert(1)</script>", "\x00\xff\"'&")
	f.Add(strings.Repeat("漢", 500), "\u202e\u0085]]>")
	f.Fuzz(func(t *testing.T, licence, status string) {
		s := &registry.Software{PublicCode: publiccode.PublicCode{DevelopmentStatus: status, Legal: publiccode.Legal{License: licence}}}
		for kind, say := range badges {
			image, err := say(s, german, time.Now()).draw(german)
			if err != nil {
				t.Fatal(err)
			}
			var read struct {
				Title string `xml:"title"`
			}
			if err := xml.Unmarshal(image, &read); err != nil {
				t.Fatalf("%s of %q, %q: %v\n%s", kind, licence, status, err, image)
			}
			if len(image) > 3000 {
				t.Errorf("%s has %d bytes", kind, len(image))
			}
		}
	})
}

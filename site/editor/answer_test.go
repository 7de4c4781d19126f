// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package editor

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/publiccode"
)

// ask is what the page does, over JSON.
func ask(t *testing.T, q request) answer {
	t.Helper()
	src, err := json.Marshal(q)
	if err != nil {
		t.Fatal(err)
	}
	var a answer
	if err := json.Unmarshal(Answer(src), &a); err != nil {
		t.Fatal(err)
	}
	return a
}

func codes(a answer) []string {
	var out []string
	for _, f := range a.Findings {
		out = append(out, f.Code)
	}
	return out
}

func find(t *testing.T, a answer, code string) (int, finding) {
	t.Helper()
	i := slices.IndexFunc(a.Findings, func(f finding) bool { return f.Code == code })
	if i < 0 {
		t.Fatalf("no %s among %v", code, codes(a))
	}
	return i, a.Findings[i]
}

func TestTemplatesKeepTheStandard(t *testing.T) {
	for _, lang := range []string{"de", "en"} {
		a := ask(t, request{Do: "template", Lang: lang})
		if a.Error != "" || a.Text == nil || len(a.Findings) > 0 || !a.Readable {
			t.Errorf("%s: %q, %v", lang, a.Error, codes(a))
		}
		if !slices.Equal(a.Tags, []string{lang}) {
			t.Errorf("%s: described in %v", lang, a.Tags)
		}
	}
}

func TestCheckSaysWhatAndWhere(t *testing.T) {
	text := "# Übersicht\nname: x\ndevelopmentStatus: stabel\n"
	for lang, want := range map[string]string{"de": "am nächsten liegt", "en": "nearest"} {
		a := ask(t, request{Do: "check", Text: text, Lang: lang})
		_, f := find(t, a, "PC0302")
		if f.Line != 3 || f.Column != 20 || f.EndLine != 3 || f.EndColumn != 26 || f.Key != "developmentStatus" || f.Severity != publiccode.Error {
			t.Errorf("%+v", f)
		}
		if !strings.Contains(f.Message, want) || f.Help == "" || !strings.HasPrefix(f.Standard, "https://") {
			t.Errorf("%s: %q, %q, %q", lang, f.Message, f.Help, f.Standard)
		}
		if a.Text != nil {
			t.Errorf("a check changed the text to %q", *a.Text)
		}
	}
}

func TestProfileAddsFindings(t *testing.T) {
	text := *ask(t, request{Do: "template", Lang: "de"}).Text
	plain := ask(t, request{Do: "check", Text: text, Profile: "standard"})
	more := ask(t, request{Do: "check", Text: text, Profile: "reuse-ready", Lang: "de"})
	if len(more.Findings) <= len(plain.Findings) || len(more.Unchecked) == 0 || len(plain.Unchecked) > 0 {
		t.Errorf("standard: %v, %v; reuse-ready: %v, %v", codes(plain), plain.Unchecked, codes(more), more.Unchecked)
	}
	if other := ask(t, request{Do: "check", Text: text, Profile: "nobody's"}); !slices.Equal(codes(other), codes(plain)) {
		t.Errorf("an unknown profile is not the standard: %v", codes(other))
	}
}

func TestMendChangesOneThing(t *testing.T) {
	text := "name: x # so heißt sie\ndevelopmentStatus: stabel\nlegal:\n  license: EUPL 1.2\n"
	i, f := find(t, ask(t, request{Do: "check", Text: text}), "PC0302")
	if !f.Mendable {
		t.Fatalf("nobody mends %+v", f)
	}
	a := ask(t, request{Do: "mend", Text: text, Index: i, Lang: "de"})
	if want := strings.Replace(text, "stabel", "stable", 1); a.Text == nil || *a.Text != want {
		t.Errorf("%q, %v", a.Error, a.Text)
	}
	if len(a.Mended) != 1 || slices.Contains(codes(a), "PC0302") {
		t.Errorf("mended %v, left %v", a.Mended, codes(a))
	}
	for _, index := range []int{-1, 1000} {
		if a := ask(t, request{Do: "mend", Text: text, Index: index}); a.Error == "" || a.Text != nil {
			t.Errorf("index %d: %+v", index, a)
		}
	}
}

func TestFixMendsAllThatIsMechanical(t *testing.T) {
	text := "name: x # so heißt sie\ndevelopmentStatus: Stable\nplatforms: [Windows]\n"
	before := ask(t, request{Do: "check", Text: text})
	a := ask(t, request{Do: "fix", Text: text, Lang: "de"})
	if a.Text == nil || !strings.Contains(*a.Text, "# so heißt sie") || len(a.Mended) == 0 || len(a.Findings) >= len(before.Findings) {
		t.Errorf("%q: %v mended, %v left", a.Error, a.Mended, codes(a))
	}
}

func TestFormChangesTheText(t *testing.T) {
	text := "name: alt # bleibt\nplatforms:\n  - web\n"
	a := ask(t, request{Do: "set", Text: text, Path: "name", Value: "neu"})
	if a.Text == nil || *a.Text != "name: neu # bleibt\nplatforms:\n  - web\n" || a.Values["name"] != "neu" {
		t.Fatalf("%q, %+v", a.Error, a.Values)
	}
	a = ask(t, request{Do: "list", Text: *a.Text, Path: "platforms", Values: []string{"web", "linux"}})
	if a.Text == nil || !slices.Equal(a.Values["platforms"].([]any), []any{"web", "linux"}) {
		t.Errorf("%q, %+v", a.Error, a.Values)
	}
	a = ask(t, request{Do: "set", Text: "", Path: "maintenance.contacts[0].email", Value: "a@example.org"})
	if a.Values["maintenance.contacts[0].email"] != "a@example.org" {
		t.Errorf("%q, %+v", a.Error, a.Values)
	}
	if a := ask(t, request{Do: "set", Text: "a: [", Path: "name", Value: "x"}); a.Error == "" {
		t.Errorf("broken YAML was changed to %q", *a.Text)
	}
}

// The form shows what the file says, not what the model made of a key that is
// deprecated.
func TestValuesAreThoseOfTheFile(t *testing.T) {
	a := ask(t, request{Do: "check", Text: "legal:\n  repoOwner: Amt\nlocalisation:\n  availableLanguages: [de, en]\ndescription:\n  de-AT:\n    features: [a]\n"})
	if _, ok := a.Values["organisation.name"]; ok {
		t.Errorf("%v", a.Values)
	}
	if _, ok := a.Values["localisation.localisationReady"]; ok {
		t.Errorf("%v", a.Values)
	}
	if !slices.Equal(a.Tags, []string{"de-AT"}) || len(a.Values["description.de-AT.features"].([]any)) != 1 || a.Values["legal.repoOwner"] != "Amt" {
		t.Errorf("%v, %v", a.Tags, a.Values)
	}
}

// TestValuesAreAsWritten holds that the form hides nothing that is in the text.
func TestValuesAreAsWritten(t *testing.T) {
	a := ask(t, request{Do: "check", Text: "url: github.com/a/b\nlandingURL: www.example.org\nplatforms: web\nreleaseDate: 31.1.2026\nlocalisation:\n  localisationReady: ja\n"})
	for path, want := range map[string]any{"url": "github.com/a/b", "landingURL": "www.example.org", "releaseDate": "31.1.2026", "localisation.localisationReady": "ja"} {
		if got := a.Values[path]; got != want {
			t.Errorf("%s is %v, want %v", path, got, want)
		}
	}
	if list, ok := a.Values["platforms"].([]any); !ok || len(list) != 1 {
		t.Errorf("platforms are %v", a.Values["platforms"])
	}
}

func TestOpenReadsBytes(t *testing.T) {
	for _, tt := range []struct {
		name, bytes, text string
		mended            int
	}{
		{"UTF-8", "name: Ämter\r\n", "name: Ämter\r\n", 0},
		{"byte order mark", "\xef\xbb\xbfname: x\n", "name: x\n", 0},
		{"Windows-1252", "name: \xc4mter\n", "name: Ämter\n", 1},
		{"UTF-16", "\xff\xfen\x00:\x00 \x00x\x00", "n: x", 1},
		{"control characters", "name: a\x00b\n", "name: a\ufffdb\n", 1},
	} {
		a := ask(t, request{Do: "open", Bytes: []byte(tt.bytes), Lang: "de"})
		if a.Text == nil || *a.Text != tt.text || len(a.Mended) != tt.mended {
			t.Errorf("%s: %q, %v", tt.name, a.Error, a.Mended)
		}
	}
	if a := ask(t, request{Do: "open", Bytes: make([]byte, publiccode.MaxSize+1), Lang: "en"}); !strings.Contains(a.Error, "1 MiB") {
		t.Errorf("too large: %+v", a)
	}
}

func TestBadRequests(t *testing.T) {
	for _, src := range []string{"", "null", "[]", `{"do":"nothing"}`, `{"do":1}`, `{"do":"check","text":`} {
		var a answer
		if err := json.Unmarshal(Answer([]byte(src)), &a); err != nil || a.Error == "" {
			t.Errorf("%q: %+v, %v", src, a, err)
		}
	}
}

func TestPanicIsAnAnswer(t *testing.T) {
	actions["panic"] = func(request) ([]byte, []publiccode.Finding, error) { panic("oh") }
	t.Cleanup(func() { delete(actions, "panic") })
	if a := ask(t, request{Do: "panic"}); !strings.Contains(a.Error, "oh") {
		t.Errorf("%+v", a)
	}
}

// Whatever a text says, each action answers, and places are within it.
func FuzzAnswer(f *testing.F) {
	f.Add("name: x\n", "name", "y")
	f.Add("description:\n  de: {features: [a]}\n", "description.de.features", "b")
	f.Add("a: &a [*a]\n\x00\u2028", "maintenance.contacts[0].name", "|\n# ")
	f.Fuzz(func(t *testing.T, text, path, value string) {
		for name := range actions {
			a := ask(t, request{Do: name, Text: text, Bytes: []byte(text), Path: path, Value: value, Values: []string{value}, Profile: "reuse-ready"})
			if strings.HasPrefix(a.Error, "internal error") {
				t.Fatalf("%s: %s", name, a.Error)
			}
			for _, f := range a.Findings {
				if f.Line < 1 || f.Column < 1 || f.EndLine < f.Line || f.Message == "" {
					t.Errorf("%s: %+v", name, f)
				}
			}
		}
	})
}

// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package draft

import (
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/publiccode"
)

var update = flag.Bool("update", false, "write the golden files")

// keller is a repository that says much, but not all.
func keller() *Draft {
	return FromRepository(repo(
		".git/config", "[remote \"origin\"]\n\turl = git@git.example.org:stadt/radkeller.git\n",
		"README.md", "# Radkeller\n\n"+introduction+"\n\n## Funktionen\n\n- Freie Plätze: je Haus\n- \"Vergabe\" mit Schlüssel #1\n",
		"LICENSE", "GNU AFFERO GENERAL PUBLIC LICENSE\nVersion 3, 19 November 2007\n",
		"CHANGELOG.md", "## [1.10] - 2024-01-31\n",
		"package.json", `{"name": "radkeller", "license": "MIT", "author": "Ada Beispiel <ada@radkeller.example>", "dependencies": {"next": "14"}}`,
		"docker-compose.yml", "services:\n  db:\n    image: docker.io/library/postgres:16@sha256:0\n  cache: {image: 'redis:7'}\n  app: {build: .}\n",
	), "")
}

func TestYAML(t *testing.T) {
	for _, lang := range []string{"de", "en"} {
		got := keller().YAML(lang)
		golden := "testdata/keller." + lang + ".yml"
		if *update {
			if err := os.WriteFile(golden, got, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != string(want) {
			t.Errorf("%s is not as it was; -update writes it anew:\n%s", golden, got)
		}
	}
}

// complete answers all that keller leaves open.
var complete = map[string][]string{
	"platforms": {"web", "linux"}, "developmentStatus": {"stable"}, "legal.license": {"AGPL-3.0-or-later"}, "maintenance.type": {"community"},
	"localisation.localisationReady": {"false"}, "localisation.availableLanguages": {"de"},
}

func TestComplete(t *testing.T) {
	d := keller()
	for path, texts := range complete {
		if err := d.Set(path, texts...); err != nil {
			t.Fatal(err)
		}
	}
	src := d.YAML("de")
	res := publiccode.Parse(src, publiccode.Options{})
	for _, f := range res.Findings {
		t.Errorf("%d:%d %s %s\n%s", f.Line, f.Column, f.Code, f.Message("en"), src)
	}
	p := res.PublicCode
	if p.SoftwareVersion != "1.10" || p.ReleaseDate != "2024-01-31" || p.Localisation.LocalisationReady || len(p.Maintenance.Contacts) != 1 ||
		p.Maintenance.Contacts[0].Email != "ada@radkeller.example" || !slices.Equal(p.Description["de"].Features, []string{"Freie Plätze: je Haus", `"Vergabe" mit Schlüssel #1`}) {
		t.Errorf("%+v", p)
	}
	for _, v := range d.Values("de") {
		if v.Confidence == Missing {
			t.Errorf("%s is missing", v.Path)
		}
	}
}

// What is missing must be what Parse finds missing.
func TestMissing(t *testing.T) {
	d := FromRepository(repo(), "")
	var missing []string
	for _, v := range d.Values("de") {
		if v.Required {
			missing = append(missing, v.Path)
		}
	}
	want := []string{
		"name", "url", "platforms", "developmentStatus", "softwareType", "description.de.shortDescription", "description.de.longDescription",
		"description.de.features", "legal.license", "maintenance.type", "localisation.localisationReady", "localisation.availableLanguages",
	}
	if !slices.Equal(missing, want) {
		t.Errorf("missing %v", missing)
	}
	for path, kind := range map[string]string{"maintenance.contractors[0].until": "contract", "maintenance.contacts[0].name": "internal"} {
		if err := d.Set("maintenance.type", kind); err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(d.Values("de"), func(v Value) bool { return v.Path == path && v.Required }) {
			t.Errorf("%s does not ask for %s", kind, path)
		}
	}
	if err := d.Set("maintenance.type", "none"); err != nil {
		t.Fatal(err)
	}
	if slices.ContainsFunc(d.Values("de"), func(v Value) bool { return strings.HasPrefix(v.Path, "maintenance.c") }) {
		t.Error("nobody maintains it, and a contact is asked for")
	}
	if err := d.Set("organisation.name", "Stadt Beispielhausen"); err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(d.Values("de"), func(v Value) bool { return v.Path == "organisation.uri" && v.Required }) {
		t.Error("an organisation needs its address")
	}
}

func TestSet(t *testing.T) {
	for _, path := range Paths() {
		d := FromRepository(repo(), "")
		if err := d.Set(path, "Beispiel"); err != nil {
			t.Errorf("%s: %v", path, err)
		}
		if !publiccode.Parse(d.YAML("de"), publiccode.Options{}).Has(path) {
			t.Errorf("%s is not in the file:\n%s", path, d.YAML("de"))
		}
	}
	d := FromRepository(repo(), "")
	for _, path := range []string{"", "farbe", "description.shortDescription", "description.d:e.shortDescription", "description.de", "legal", "monochromeLogo", "publiccodeYmlVersion"} {
		if err := d.Set(path, "x"); err == nil || !strings.Contains(err.Error(), "developmentStatus") {
			t.Errorf("%q: %v", path, err)
		}
	}
	if err := d.Set("name", "a", "b"); err == nil {
		t.Error("two names")
	}
	if err := d.Set("developmentStatus", "fertig"); err != nil {
		t.Fatal(err)
	}
	if problems := d.Check("developmentStatus", "de"); len(problems) != 1 || problems[0].Code != "PC0301" {
		t.Errorf("%+v", problems)
	}
	if err := d.Set("developmentStatus"); err != nil || d.has("developmentStatus") {
		t.Error("the value is still there")
	}
}

func TestScalar(t *testing.T) {
	for _, text := range []string{
		"Radkeller", "true", "No", "~", "null", "1.10", "2024-01-02", "0x10", "1e3", "12:30", "a: b", "a #b", "#a", "- a", "? a", "*a", "&a", "!a", "@a", "`a", "%a", "|", ">",
		"[a]", "{a}", "a, b", "'a'", "\"a\"", "\\a", "a\\", "https://a.example/b#c", "https://a.example/b?c=d&e", "a:", "...", "---", "<<", "=", "Ä ö – „x“ …", "(a) b", "a'b", "-1", ".5", "+1", "y",
	} {
		d := &Draft{values: map[string]Value{}}
		if err := d.Set("name", text); err != nil {
			t.Fatal(err)
		}
		res := publiccode.Parse(d.YAML("en"), publiccode.Options{})
		if res.PublicCode == nil || res.PublicCode.Name != text || len(d.Check("name", "en")) > 0 {
			t.Errorf("%q becomes %q, %v", text, publiccode.YAMLText(text), res.Findings)
		}
	}
}

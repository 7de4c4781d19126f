// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package evidence

import (
	"slices"
	"strings"
	"testing"
)

func TestParseREUSE(t *testing.T) {
	for name, c := range map[string]struct {
		src  string
		want []assignment
		err  string
	}{
		"one":               {"version = 1\n[[annotations]]\npath = \"**\"\nSPDX-License-Identifier = \"MIT\"", []assignment{{"MIT", true}}, ""},
		"lists":             {"version = 1\n[[annotations]]\npath = [\"a\", \"./*\"]\nSPDX-License-Identifier = [\"MIT\", \"ISC\"]", []assignment{{"MIT", true}, {"ISC", true}}, ""},
		"a folder":          {"version = 1\n[[annotations]]\npath = \"src/**\"\nSPDX-License-Identifier = \"MIT\"", []assignment{{"MIT", false}}, ""},
		"no licence":        {"version = 1\n[[annotations]]\npath = \"**\"", nil, ""},
		"no text":           {"version = 1\n[[annotations]]\npath = 3\nSPDX-License-Identifier = [1, {a = 2}]", nil, ""},
		"another version":   {"version = 2", nil, "version 2"},
		"no version":        {"", nil, "version 0"},
		"no TOML":           {"version = ", nil, "REUSE.toml"},
		"annotations alone": {"version = 1\nannotations = \"MIT\"", nil, "REUSE.toml"},
	} {
		got, err := parseREUSE([]byte(c.src))
		check(t, name, got, c.want, err, c.err)
	}
}

func TestParseDep5(t *testing.T) {
	const head = "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\n"
	for name, c := range map[string]struct {
		src  string
		want []assignment
		err  string
	}{
		"all files":        {head + "Files: *\nCopyright: 2026 Amt\nLicense: MIT\n", []assignment{{"MIT", true}}, ""},
		"continued files":  {head + "Files: a\n b/*\n *\nLicense: MIT", []assignment{{"MIT", true}}, ""},
		"Debian's names":   {head + "Files: a\nLicense: GPL-2+ or LGPL-2.1\n\nFiles: b\nLicense: Expat", []assignment{{"GPL-2.0-or-later or LGPL-2.1-only", false}, {"MIT", false}}, ""},
		"SPDX's stay":      {head + "Files: a\nLicense: GPL-2.0-or-later", []assignment{{"GPL-2.0-or-later", false}}, ""},
		"a text alone":     {head + "License: MIT\n The text.\n", nil, ""},
		"text of licence":  {head + "Files: a\nLicense: ISC\n First line.\n .\n License: none of it\n", []assignment{{"ISC", false}}, ""},
		"comment and CRLF": {head + "# no\r\nFiles: *\r\nLicense: MIT\r\n\r\n", []assignment{{"MIT", true}}, ""},
		"no format":        {"Files: *\nLicense: MIT\n", nil, "Format"},
		"no field":         {head + "something\n", nil, "something"},
	} {
		got, err := parseDep5([]byte(c.src))
		check(t, name, got, c.want, err, c.err)
	}
}

func check(t *testing.T, name string, got, want []assignment, err error, wantErr string) {
	t.Helper()
	switch {
	case wantErr != "":
		if err == nil || !strings.Contains(err.Error(), wantErr) {
			t.Errorf("%s: error %v, want %q", name, err, wantErr)
		}
	case err != nil:
		t.Errorf("%s: %v", name, err)
	case !slices.Equal(got, want):
		t.Errorf("%s: %v, want %v", name, got, want)
	}
}

func TestParseMetadata(t *testing.T) {
	for _, c := range []struct {
		parse     func([]byte) (string, error)
		src, want string
	}{
		{parseCitation, "license: MIT", "MIT"},
		{parseCitation, "license: [MIT, GPL-2.0-only WITH Classpath-exception-2.0]", "MIT OR (GPL-2.0-only WITH Classpath-exception-2.0)"},
		{parseCitation, "license:\n  a: b", ""},
		{parseCitation, "title: Karte", ""},
		{parseCodemeta, `{"license":"https://spdx.org/licenses/EUPL-1.2.html"}`, "EUPL-1.2"},
		{parseCodemeta, `{"license":{"@type":"CreativeWork","url":"https://spdx.org/licenses/MIT"}}`, "MIT"},
		{parseCodemeta, `{"license":["https://spdx.org/licenses/MIT",{"name":"ISC"},null,7]}`, "MIT AND ISC"},
		{parseCodemeta, `{"license":null}`, ""},
		{parseCodemeta, `{}`, ""},
	} {
		if got, err := c.parse([]byte(c.src)); err != nil || got != c.want {
			t.Errorf("%s: %q, %v; want %q", c.src, got, err, c.want)
		}
	}
	for name, err := range map[string]error{
		"CITATION.cff":  second(parseCitation([]byte("license: [")))(),
		"codemeta.json": second(parseCodemeta([]byte("[]")))(),
	} {
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func second(_ string, err error) func() error { return func() error { return err } }

// TestHostileMetadata holds that a file of full length ends soon, whatever it is.
func TestHostileMetadata(t *testing.T) {
	for name, src := range map[string]string{
		"brackets":      strings.Repeat("[", maxProse),
		"a list":        "license: " + strings.Repeat("[", maxProse-9),
		"braces":        "license: " + strings.Repeat("{a: ", maxProse/4-3),
		"a TOML value":  "a = " + strings.Repeat("[", maxProse-4),
		"TOML inline":   "a = " + strings.Repeat("{a=", maxProse/3-2),
		"dotted":        strings.Repeat("a.", maxProse/2-1) + "a=1",
		"tables":        strings.Repeat("[[annotations]]\n", maxProse/16),
		"aliases":       "a: &a [x,x,x,x,x,x,x,x]\n" + strings.Repeat("b: &b [*a,*a,*a,*a,*a]\n", 1000),
		"JSON":          `{"license":` + strings.Repeat("[", maxProse-11),
		"continuations": "Files: a\n" + strings.Repeat(" b\n", maxProse/3-3),
		"headings":      strings.Repeat("# License\n", maxProse/10),
		"one line":      strings.Repeat("license ", maxProse/8),
	} {
		if got, err := parseREUSE([]byte(src)); err == nil {
			t.Errorf("%s is a REUSE.toml: %v", name, got)
		}
		if got, err := parseDep5([]byte(src)); err == nil {
			t.Errorf("%s is a dep5: %v", name, got)
		}
		if got, err := parseCodemeta([]byte(src)); err == nil {
			t.Errorf("%s is a codemeta.json: %s", name, got)
		}
		if got, _ := parseCitation([]byte(src)); got != "" {
			t.Errorf("%s is a CITATION.cff: %s", name, got)
		}
		if got := aboutLicence([]byte(src)); len(got) > 2*len(src) {
			t.Errorf("%s: %d bytes about the licence", name, len(got))
		}
	}
}

func TestAboutLicence(t *testing.T) {
	for name, c := range map[string]struct{ src, has, hasNot string }{
		"section":       {"# A\n\nOur licence is dear to us.\n\n## License\n\nMIT\n\n## Thanks\n\nGPL", "MIT", "GPL"},
		"underlined":    {"A\n=\n\nLicenza\n-------\n\nEUPL\n\nGrazie\n------\n\nGPL", "EUPL", "GPL"},
		"AsciiDoc":      {"= A\n\n== Lizenz\n\nEUPL\n\n== Dank\n\nGPL", "EUPL", "GPL"},
		"badge":         {"# A\n\n[![License: MIT](https://img.example/MIT)](LICENSE)\n\ntext GPL", "License: MIT", "GPL"},
		"third parties": {"# A\n\n## Third-party licenses\n\nGPL\n", "", "GPL"},
		"none":          {"# A\n\nGPL\n", "", "GPL"},
	} {
		got := aboutLicence([]byte(c.src))
		if !strings.Contains(got, c.has) || strings.Contains(got, c.hasNot) {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func FuzzParseREUSE(f *testing.F) {
	f.Add([]byte("version = 1\n[[annotations]]\npath = [\"a\", \"**\"]\nSPDX-License-Identifier = \"MIT\""))
	f.Add([]byte("version = 1\nannotations = [1, {}, {path = {}}]"))
	f.Fuzz(func(t *testing.T, src []byte) {
		if got, err := parseREUSE(src); err != nil && got != nil {
			t.Errorf("%v beside %v", got, err)
		}
	})
}

func FuzzParseDep5(f *testing.F) {
	f.Add([]byte("Format: x\n\nFiles: *\n b\nLicense: GPL-2+ or Expat\n text\n .\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		got, err := parseDep5(src)
		if err != nil && got != nil {
			t.Errorf("%v beside %v", got, err)
		}
		for _, a := range got {
			if a.licence == "" {
				t.Errorf("no licence in %v", got)
			}
		}
	})
}

func FuzzParseMetadata(f *testing.F) {
	f.Add([]byte("license: [MIT, ISC]"))
	f.Add([]byte(`{"license":[{"@id":"https://spdx.org/licenses/MIT.html"},null]}`))
	f.Fuzz(func(t *testing.T, src []byte) {
		for _, parse := range []func([]byte) (string, error){parseCitation, parseCodemeta} {
			if got, err := parse(src); err != nil && got != "" {
				t.Errorf("%q beside %v", got, err)
			}
		}
	})
}

// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestHostile feeds what is made to break readers. Each input must be answered
// by the one finding that says why it cannot be read, or by a model.
func TestHostile(t *testing.T) {
	bomb := "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
	for i := 1; i < 12; i++ {
		bomb += fmt.Sprintf("a%d: &a%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d,", i-1), 10), ","))
	}
	many := func(s string) string { return strings.Repeat(s, MaxSize/len(s)) }
	for _, c := range []struct{ name, src, code string }{
		{"too large", strings.Repeat(" ", MaxSize+1), "PC0001"},
		{"nothing", "", "PC0005"},
		{"blank", " \n\n", "PC0005"},
		{"comment", "# publiccode\n", "PC0005"},
		{"null", "~\n", "PC0005"},
		{"empty document", "---\n---\nname: x\n", "PC0005"},
		{"byte order mark alone", "\ufeff", "PC0005"},
		{"text", "publiccode.yml", "PC0006"},
		{"list", "- name: x\n", "PC0006"},
		{"link to another file", "../main/publiccode.yml", "PC0006"},
		{"html", "<!DOCTYPE html>\n<p>not: here: at all</p>", "PC0004"},
		{"tab", "name: x\n\turl: y\n", "PC0004"},
		{"unknown anchor", "name: *x\n", "PC0004"},
		{"deep list", many("["), "PC0008"},
		{"deep list, short", strings.Repeat("[", 1000), "PC0007"},
		{"deep block", strings.Repeat("- ", 1000), "PC0007"},
		{"deep mapping", strings.Repeat("{a: ", 1000), "PC0007"},
		{"many keys", many("a: b\n"), "PC0008"},
		{"many entries", "a: {" + many("a,")[:1<<19] + "}", "PC0008"},
		{"many anchors", many("&a "), "PC0008"},
		{"many lines of old", many("-\r"), "PC0008"},
		{"alias bomb", bomb, "PC0009"},
		{"itself", "a: &a [*a]\n", "PC0009"},
		{"itself, merged", "a: &a\n  <<: *a\n", "PC0009"},
		{"zero bytes", string(make([]byte, 1<<16)), "PC0006"},
	} {
		t.Run(c.name, func(t *testing.T) {
			res := Parse([]byte(c.src), Options{})
			checkResult(t, []byte(c.src), res)
			if res.PublicCode != nil {
				t.Fatal("was read")
			}
			var codes []string
			for _, f := range res.Findings {
				if slices.Contains(unreadable, f.Code) {
					codes = append(codes, f.Code)
				}
			}
			if !slices.Equal(codes, []string{c.code}) {
				t.Errorf("findings %v, want %s", codes, c.code)
			}
		})
	}
}

// TestBrokenYAML holds that one place which is no YAML hides nothing else, and
// that nothing is said of keys in the part that could not be read.
func TestBrokenYAML(t *testing.T) {
	for _, c := range []struct {
		name, old, bad string
		want           []string
	}{
		{"colon", "name: Fahrradkeller", "name: Fahrrad: Keller", []string{"PC0004 6", "PC0302 21 developmentStatus"}},
		{"quotation mark", "landingURL: https", "landingURL: \"https", []string{"PC0004 9", "PC0302 21 developmentStatus"}},
		{"quotation mark at the end", "      optional: false\n", "      optional: false\nx-a: \"offen\n", []string{"PC0302 21 developmentStatus", "PC0004 69"}},
		{"indentation", "  license: EUPL-1.2\n", "    license: EUPL-1.2\n", []string{"PC0302 21 developmentStatus", "PC0004 53"}},
		{"tab", "  type: internal\n", "\ttype: internal\n", []string{"PC0302 21 developmentStatus", "PC0004 55"}},
		{"tab before a key", "url: https", "\turl: https", []string{"PC0004 7", "PC0302 21 developmentStatus"}},
		{"text at the margin", "      Fahrradkeller zeigt, wo", "Fahrradkeller zeigt, wo", []string{"PC0302 21 developmentStatus", "PC0004 43"}},
		{"two places", "name: Fahrradkeller\nurl: ", "name: Fahrrad: Keller\nurl: [", []string{"PC0004 6", "PC0004 7", "PC0302 21 developmentStatus"}},
		{"conflict", "name: Fahrradkeller\n", "<<<<<<< HEAD\nname: Fahrradkeller\n=======\nname: Radkeller\n>>>>>>> b\n", []string{"PC0004 6", "PC0004 8", "PC0010 9 name", "PC0004 10", "PC0302 25 developmentStatus"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			src := strings.Replace(strings.Replace(base, c.old, c.bad, 1), "developmentStatus: stable", "developmentStatus: stabel", 1)
			res := Parse([]byte(src), Options{})
			checkResult(t, []byte(src), res)
			var got []string
			for _, f := range res.Findings {
				got = append(got, strings.TrimSpace(fmt.Sprintf("%s %d %s", f.Code, f.Line, f.Key)))
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("findings %q, want %q", got, c.want)
			}
		})
	}
}

// TestReasons holds that what is said of broken YAML is not cut off.
func TestReasons(t *testing.T) {
	for _, r := range yamlReasons {
		for _, words := range []string{r.de, r.en} {
			if shorten(words) != words {
				t.Errorf("%q is cut off", words)
			}
		}
	}
}

// TestFullReport holds that a report stays short, and that a file with an
// error is never called valid for it.
func TestFullReport(t *testing.T) {
	var b strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&b, "unknown%d: x\n", i)
	}
	b.WriteString("name:\n")
	src := strings.Replace(base, "name: Fahrradkeller\n", b.String(), 1)
	res := Parse([]byte(src), Options{})
	checkResult(t, []byte(src), res)
	if res.Valid() || res.Findings[0].Code != "PC0014" {
		t.Errorf("valid %v, first %+v", res.Valid(), res.Findings[0])
	}
}

// TestLongKeys holds that paths below a key of hostile length stay short.
func TestLongKeys(t *testing.T) {
	src := "description:\n  " + strings.Repeat("x", MaxSize/2) + ":\n" + strings.Repeat("    y: z\n", 10_000)
	res := Parse([]byte(src), Options{})
	checkResult(t, []byte(src), res)
	for _, f := range res.Findings {
		if len(f.Key) > 3*maxArg {
			t.Fatalf("key of %d bytes", len(f.Key))
		}
	}
}

// TestTolerance holds how files are read that are not as they should be.
func TestTolerance(t *testing.T) {
	latin1 := strings.NewReplacer("ä", "\xe4", "ö", "\xf6", "ü", "\xfc", "ß", "\xdf").Replace(base)
	utf16 := "\xff\xfe"
	for _, c := range base {
		utf16 += string([]byte{byte(c), byte(c >> 8)})
	}
	for _, c := range []struct {
		name, src string
		findings  []string
		get       func(*PublicCode) string
		want      string
	}{
		{
			"byte order mark", "\ufeff" + base, nil,
			func(p *PublicCode) string { return p.Version }, "0.5",
		},
		{
			"CRLF", strings.ReplaceAll(base, "\n", "\r\n"), nil,
			func(p *PublicCode) string { return p.Description["de"].Features[1] }, "Vergabe mit Schlüsselcode",
		},
		{
			"Latin-1", latin1,
			[]string{"PC0002"},
			func(p *PublicCode) string { return p.Description["de"].Features[0] }, "Freie Plätze je Haus",
		},
		{
			"UTF-16", utf16,
			[]string{"PC0002"},
			func(p *PublicCode) string { return p.Description["de"].Features[0] }, "Freie Plätze je Haus",
		},
		{
			"directives", "%YAML 1.2\n%FOO bar\n---\n" + base, nil,
			func(p *PublicCode) string { return p.Name }, "Fahrradkeller",
		},
		{
			"line ends of YAML 1.1", strings.Replace(base, "name: Fahrradkeller", "name: Fahrrad\u2028keller # a\u0085b", 1), nil,
			func(p *PublicCode) string { return p.Name }, "Fahrrad keller",
		},
		{
			"tagged", strings.Replace(base, "localisationReady: true", "localisationReady: !!bool true", 1), nil,
			func(p *PublicCode) string { return fmt.Sprint(p.Localisation.LocalisationReady) }, "true",
		},
		{
			"duplicate key", base + "name: Radkeller\n",
			[]string{"PC0010"},
			func(p *PublicCode) string { return p.Name }, "Radkeller",
		},
		{
			"number as version", strings.Replace(base, "\"0.5\"", "0.5", 1),
			[]string{"PC0205"},
			func(p *PublicCode) string { return p.Version }, "0.5",
		},
		{
			"number as text", strings.Replace(base, "\"1.10\"", "1.10", 1),
			[]string{"PC0205"},
			func(p *PublicCode) string { return p.SoftwareVersion }, "1.10",
		},
		{
			"Norwegian", strings.Replace(base, "    - en-GB", "    - no", 1),
			[]string{"PC0503"},
			func(p *PublicCode) string { return p.Localisation.AvailableLanguages[1] }, "no",
		},
		{
			"Norway", strings.Replace(base, "    - AT", "    - NO", 1),
			[]string{"PC0503"},
			func(p *PublicCode) string { return p.IntendedAudience.Countries[1] }, "NO",
		},
		{
			"alias", strings.Replace(strings.Replace(base, "name: Fahrradkeller", "name: &n Fahrradkeller", 1), "localisedName: Fahrradkeller", "localisedName: *n", 1), nil,
			func(p *PublicCode) string { return p.Description["de"].LocalisedName }, "Fahrradkeller",
		},
		{
			"spelled otherwise", strings.Replace(base, "softwareType:", "softwaretype:", 1),
			[]string{"PC0103"},
			func(p *PublicCode) string { return p.SoftwareType }, "standalone/web",
		},
		{
			"flat Italian key", base + "it-riuso-codiceIPA: c_x\n",
			[]string{"PC0404"},
			func(p *PublicCode) string { return p.Organisation.URI }, "https://www.beispielhausen.example/",
		},
		{
			"other country", base + "NL:\n  gemma: yes\n", nil,
			func(p *PublicCode) string { return p.Name }, "Fahrradkeller",
		},
		{
			"bare support", strings.Replace(base, "\"0.5\"", "\"0.7\"", 1) + "supports: [alias:gdpr]\n",
			[]string{"PC0203"},
			func(p *PublicCode) string { return p.Supports[0] }, "alias:gdpr",
		},
		{
			"path from the root", strings.Replace(base, "docs/logo.svg", "/docs/../logo.svg", 1),
			[]string{"PC0313"},
			func(p *PublicCode) string { return p.Logo }, "logo.svg",
		},
		{
			"path out of the repository", strings.Replace(base, "docs/logo.svg", "docs/../../logo.svg", 1),
			[]string{"PC0313"},
			func(p *PublicCode) string { return p.Logo }, "",
		},
		{
			"address without scheme", strings.Replace(base, "docs/logo.svg", "//example.org/logo.svg", 1),
			[]string{"PC0313"},
			func(p *PublicCode) string { return p.Logo }, "",
		},
		{
			"dangerous link", strings.Replace(base, "landingURL: https://", "landingURL: javascript:alert()//", 1),
			[]string{"PC0311"},
			func(p *PublicCode) string { return p.LandingURL }, "",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			res := Parse([]byte(c.src), Options{})
			checkResult(t, []byte(c.src), res)
			if res.PublicCode == nil {
				t.Fatalf("not read: %+v", res.Findings)
			}
			var codes []string
			for _, f := range res.Findings {
				codes = append(codes, f.Code)
			}
			if !slices.Equal(codes, c.findings) {
				t.Errorf("findings %v, want %v", codes, c.findings)
			}
			if got := c.get(res.PublicCode); got != c.want {
				t.Errorf("read %q, want %q", got, c.want)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(base))
	f.Add([]byte(legacy))
	for _, c := range rules {
		src, _, _ := marked(c.bad)
		f.Add([]byte(src))
	}
	f.Add([]byte("a: &a {<<: *a, b: [*a]}\n"))
	f.Add([]byte("\xff\xfea\x00:\x00"))
	f.Fuzz(func(t *testing.T, src []byte) {
		res := Parse(src, Options{RepositoryURL: "https://git.example.org/a/b"})
		checkResult(t, src, res)
		if res.PublicCode != nil {
			res.PublicCode.Text("de")
		}
	})
}

// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package draft

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/allmende-registry/allmende/publiccode"
)

func TestHostileRepositories(t *testing.T) {
	many := repo("README.md", "# Keller\n")
	for i := range 3 * maxEntries {
		many[fmt.Sprintf("i18n/%d/%d.csproj", i%50, i)] = &fstest.MapFile{}
		if i < 2000 {
			many[fmt.Sprintf("LICENSE-%d", i)] = &fstest.MapFile{Data: []byte("MIT License")}
		}
	}
	const half = 100 << 10
	for name, files := range map[string]fs.FS{
		"many files":       many,
		"a deep folder":    repo(strings.Repeat("a/", 500)+"package.json", "{}"),
		"huge files":       repo("README.md", strings.Repeat("# a\n\nwort wort wort wort wort\n\n", half), "LICENSE", strings.Repeat("x", 10*half), "package.json", `{"name":"`+strings.Repeat("a", 10*half)+`"}`),
		"a long name":      repo("package.json", `{"name":"`+strings.Repeat("a", half)+`","version":"`+strings.Repeat("1", half)+`","license":"`+strings.Repeat("MIT AND ", half/10)+`MIT"}`),
		"deep JSON":        repo("package.json", strings.Repeat("[", half), "codemeta.json", strings.Repeat(`{"a":`, half/5)),
		"deep TOML":        repo("pyproject.toml", "a = "+strings.Repeat("[", half), "Cargo.toml", strings.Repeat("a.", half)+"b = 1"),
		"deep TOML tables": repo("pyproject.toml", "["+strings.Repeat("a.", maxBrackets-10)+"b]\nc = "+strings.Repeat("{d=", 4)),
		"deep YAML":        repo("CITATION.cff", strings.Repeat("[", half), "pubspec.yaml", strings.Repeat("- ", half), "Chart.yaml", "a: "+strings.Repeat("{b: ", half/5)),
		"YAML aliases":     repo("CITATION.cff", "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e]\ntitle: *f\nauthors: *f\n"),
		"deep XML":         repo("pom.xml", strings.Repeat("<a>", half), "a.csproj", strings.Repeat("<Project>", half/5)),
		"XML entities":     repo("pom.xml", `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]><project><name>&b;&c;</name></project>`),
		"XML encodings":    repo("pom.xml", `<?xml version="1.0" encoding="nowhere"?><project><name>a</name></project>`),
		"deep quotations":  repo("README.md", strings.Repeat("> ", half), "README.de.md", strings.Repeat("- ", half), "README.fr.md", strings.Repeat("[", half)+strings.Repeat("](", half)),
		"deep HTML":        repo("README.md", strings.Repeat("<div><table>", half), "README.de.md", "<!--"+strings.Repeat("-", half)),
		"emphasis":         repo("README.md", strings.Repeat("**a_", half), "README.rst", strings.Repeat("`<", half), "README.adoc", strings.Repeat("a[", half)),
		"no text":          repo("README.md", "\xff\xfe\x00\x01", "LICENSE", "\x00", "package.json", "\xef\xbb\xbf{}", "go.mod", "module \x00", ".git/config", "[remote \"origin\"]\nurl = \x00://\n"),
		"null where an object should be": repo("package.json", "null", "codemeta.json", `{"author":[null,1,"a",[]],"license":[null]}`, "composer.json", `{"authors":null,"license":{}}`, "pyproject.toml", "project = 1\n",
			"CITATION.cff", "authors: [null, 1]\ntitle: {a: b}\n", "docker-compose.yml", "services: [a]\n", "app.json", `{"expo":[]}`),
		"names that inject": fstest.MapFS{"a\n  name: evil\n#.csproj": {Data: []byte("<Project><PropertyGroup><Version>1</Version></PropertyGroup></Project>")}},
	} {
		t.Run(name, func(t *testing.T) {
			d := FromRepository(files, "x\u202e\ny")
			checkDraft(t, d, d.YAML("de"))
			checkDraft(t, d, d.YAML("en"))
		})
	}
}

// Texts of a repository must stay texts.
func TestInjection(t *testing.T) {
	const evil = "a\" # b: c\nname: evil\n---\nlegal: {license: MIT}\u2028url: x\u0085y: z \u202e*a &b !!c {{d}} \x1b[0m \\"
	d := FromRepository(fstest.MapFS{
		"package.json": {Data: fmt.Appendf(nil, `{"name": %q, "version": %q, "license": %q, "description": %q, "author": {"name": %q}}`, "n", "1", "MIT", "d", "p")},
		"README.md":    {Data: []byte("# " + strings.ReplaceAll(evil, "\n", " ") + "\n\n" + strings.Repeat(evil+" ", 10))},
	}, "")
	for _, path := range []string{"name", "softwareVersion", "description.en.shortDescription", "description.en.longDescription", "maintenance.contacts[0].name", "usedBy"} {
		text := evil
		if strings.HasSuffix(path, "longDescription") {
			text = strings.Repeat(evil+"\n", 3)
		}
		d.put(Value{Path: path, Texts: []string{text}, Source: evil, Confidence: Guess, Others: []Claim{{evil, evil}}})
	}
	for _, lang := range []string{"de", "en"} {
		src := d.YAML(lang)
		checkDraft(t, d, src)
		p := publiccode.Parse(src, publiccode.Options{}).PublicCode
		if p.URL != "" || p.Legal.License != "MIT" || !strings.HasPrefix(p.Name, `a" # b: c name: evil --- legal`) || strings.ContainsAny(string(src), "\x1b\u202e\u2028\u0085") {
			t.Errorf("%q, %q, %q in\n%s", p.Name, p.URL, p.Legal.License, src)
		}
	}
}

// What a link leads to outside of the folder stays unread, and what is no file
// is not waited for.
func TestLinks(t *testing.T) {
	outside := t.TempDir()
	if err := os.WriteFile(filepath.Join(outside, "secret"), []byte("# Geheim\n\nDas soll niemand lesen können.\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	inside := t.TempDir()
	for name, target := range map[string]string{"README.md": filepath.Join(outside, "secret"), "LICENSE": "/dev/zero", "locales": outside, "package.json": "package.json"} {
		if err := os.Symlink(target, filepath.Join(inside, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(inside, "go.mod"), 0o700); err != nil {
		t.Fatal(err)
	}
	makePipe(t, filepath.Join(inside, "pom.xml"))
	root, err := os.OpenRoot(inside)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	d := FromRepository(root.FS(), "")
	if got := flat(d); len(got) != 0 {
		t.Errorf("%v", got)
	}
}

func FuzzDraft(f *testing.F) {
	f.Add([]byte("# Keller\n\nPlätze für Räder.\n"), []byte(`{"name":"keller","license":"MIT"}`), uint8(2), "keller")
	f.Add([]byte("---\nx: y\n---\n<h1>a</h1>\n\n- b: c\n"), []byte("[project]\nname = 'a # b'\n"), uint8(3), "")
	f.Add([]byte("= a\n\n* b\n"), []byte("<project><name>a: b</name></project>"), uint8(7), "\x00")
	f.Fuzz(func(t *testing.T, text, data []byte, kind uint8, dir string) {
		name := strings.ReplaceAll(manifests[int(kind)%len(manifests)].pattern, "*", "a")
		readmes := []string{"README.md", "README.rst", "README.adoc", "README"}
		d := FromRepository(fstest.MapFS{
			readmes[int(kind)%len(readmes)]: {Data: text}, name: {Data: data}, "CHANGELOG.md": {Data: text}, "LICENSE": {Data: text}, ".git/config": {Data: data}, "compose.yml": {Data: data},
		}, dir)
		checkDraft(t, d, d.YAML("de"))
		if err := d.Set("name", string(text)); err != nil {
			t.Fatal(err)
		}
		if err := d.Set("description.de.longDescription", string(text)); err != nil {
			t.Fatal(err)
		}
		res := publiccode.Parse(d.YAML("en"), publiccode.Options{})
		if want := d.values["name"].Text(); res.PublicCode == nil || res.PublicCode.Name != want && len(want) <= 2000 {
			t.Errorf("%v", res.Findings)
		}
	})
}

// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package collect

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

// errNetwork is a failure that says nothing of what is there.
var errNetwork = errors.New("connection reset")

// forge is a repository that counts what is asked of it and fails where it is
// told to.
type forge struct {
	fstest.MapFS
	broken map[string]error
	listed []string
	opened []string
}

func (f *forge) Open(name string) (fs.File, error) {
	f.opened = append(f.opened, name)
	if err := f.broken[name]; err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return f.MapFS.Open(name)
}

func (f *forge) ReadDir(name string) ([]fs.DirEntry, error) {
	f.listed = append(f.listed, name)
	if err := f.broken[name]; err != nil {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: err}
	}
	return f.MapFS.ReadDir(name)
}

// outside is what lies at addresses: bytes, an error, or nothing.
type outside map[string]any

func (o outside) Get(ctx context.Context, url string, limit int64) ([]byte, string, error) {
	if ctx.Err() != nil {
		return nil, "", ctx.Err()
	}
	switch v := o[url].(type) {
	case string:
		if int64(len(v)) > limit {
			return nil, "", registry.ErrTooLarge
		}
		return []byte(v), "text/plain", nil
	case error:
		return nil, "", v
	}
	return nil, "", registry.ErrNotFound
}

const (
	spdx    = `{"spdxVersion":"SPDX-2.3"}`
	cyclone = `{"bomFormat":"CycloneDX"}`
	drawing = `<svg xmlns="http://www.w3.org/2000/svg"><script>1</script><title>Fach</title></svg>`
	cleaned = `<svg xmlns="http://www.w3.org/2000/svg"><title>Fach</title></svg>`
	commit  = "0123456789012345678901234567890123456789"
)

// files makes a repository of names with their content; without content a name
// stands for itself.
func files(list ...string) *forge {
	f := &forge{MapFS: fstest.MapFS{}, broken: map[string]error{}}
	for _, item := range list {
		name, content, ok := strings.Cut(item, "=")
		if !ok {
			content = "content of " + name + "\n"
		}
		f.MapFS[name] = &fstest.MapFile{Data: []byte(content)}
	}
	return f
}

// visitOf is a visit of a repository of nothing but files.
func visitOf(t testing.TB, f *forge) Visit {
	t.Helper()
	root, err := f.MapFS.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	return Visit{
		Tree: f, Commit: commit, Root: root, Folder: ".",
		PublicCode: &publiccode.PublicCode{},
		Repository: registry.Repository{URL: "https://github.com/muster/fach", DefaultBranch: "main"},
		Getter:     outside{},
	}
}

// collected runs a visit and lists the files, as role, path and origin, and the
// notes.
func collected(t testing.TB, v Visit) (result Result, list, notes []string) {
	t.Helper()
	result, err := Collect(context.Background(), v)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, f := range result.Files {
		line := strings.TrimSpace(fmt.Sprintf("%s %s %s", f.Role, f.Path, f.Origin))
		list = append(list, line)
		key := f.Path + "\n" + f.Origin
		if seen[key] {
			t.Errorf("%q twice", key)
		}
		seen[key] = true
		sum := sha256.Sum256(f.Bytes)
		if f.Bytes != nil && (f.Hash != hex.EncodeToString(sum[:]) || f.Size != len(f.Bytes)) || len(f.Hash) != 64 {
			t.Errorf("%s: hash %s of %d bytes", f.Path, f.Hash, f.Size)
		}
		if f.Bytes != nil && (f.Origin == "") != (f.Commit == commit) {
			t.Errorf("%s %s is of commit %q", f.Path, f.Origin, f.Commit)
		}
	}
	for _, n := range result.Notes {
		at, _, _ := strings.Cut(n.String(), ": ")
		if n.Detail == "" {
			t.Errorf("%s: no detail", at)
		}
		notes = append(notes, fmt.Sprintf("%s %s", n.Reason, at))
	}
	return result, list, notes
}

func want(t testing.TB, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n%s\nwant:\n%s", what, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestCollect(t *testing.T) {
	for name, tt := range map[string]struct {
		files  []string
		folder string
		want   []string
		notes  []string
		listed []string
	}{
		"nothing": {files: []string{"publiccode.yml", "main.go"}},
		"all": {
			files: []string{
				"publiccode.yml", "LICENSE", "LICENSES/EUPL-1.2.txt", "LICENSES/CC0-1.0.md", "LICENSES/x/MIT.txt", "LICENSES/logo.png",
				"REUSE.toml", "README.md", "SECURITY.md", "CONTRIBUTING.md", "CODEOWNERS", "codemeta.json", "CITATION.cff",
				"bom.json=" + cyclone, "sbom/all.json=" + spdx, "main.go",
			},
			want: []string{
				"licence LICENSE", "reuse REUSE.toml", "readme README.md", "security SECURITY.md", "contributing CONTRIBUTING.md",
				"codeowners CODEOWNERS", "codemeta codemeta.json", "citation CITATION.cff", "sbom bom.json",
				"licence LICENSES/CC0-1.0.md", "licence LICENSES/EUPL-1.2.txt", "sbom sbom/all.json",
			},
			listed: []string{"LICENSES", "sbom"},
		},
		"of GitHub": {
			files:  []string{".github/SECURITY.md", ".github/CODEOWNERS", ".github/contributing.rst", ".github/README.md", "docs/SECURITY.md", "README.md"},
			want:   []string{"readme README.md", "security .github/SECURITY.md", "contributing .github/contributing.rst", "codeowners .github/CODEOWNERS"},
			listed: []string{".github"},
		},
		"of GitLab": {
			files:  []string{".gitlab/CODEOWNERS", "docs/contributing.md", "docs/readme.md"},
			want:   []string{"codeowners .gitlab/CODEOWNERS", "contributing docs/contributing.md", "readme docs/readme.md"},
			listed: []string{".gitlab", "docs"},
		},
		"of Forgejo": {
			files:  []string{".forgejo/CODEOWNERS", ".gitea/SECURITY.md"},
			want:   []string{"codeowners .forgejo/CODEOWNERS", "security .gitea/SECURITY.md"},
			listed: []string{".forgejo", ".gitea"},
		},
		"REUSE as it was": {
			files:  []string{".reuse/dep5", ".reuse/templates/header.txt"},
			want:   []string{"reuse .reuse/dep5"},
			listed: []string{".reuse"},
		},
		"names in other letters": {
			files:  []string{"license.TXT", "ReadMe.MD", "Licenses/MIT.TXT", "reuse.toml", "Codeowners", "Citation.CFF", "SBOM/X.SPDX=" + spdx},
			want:   []string{"licence license.TXT", "reuse reuse.toml", "readme ReadMe.MD", "codeowners Codeowners", "citation Citation.CFF", "licence Licenses/MIT.TXT", "sbom SBOM/X.SPDX"},
			listed: []string{"Licenses", "SBOM"},
		},
		"folders named like files": {
			files: []string{"LICENSE/a", "README.md/a", "bom.json/a", "CODEOWNERS/a"},
		},
		"files named like folders": {
			files: []string{"LICENSES", "docs", ".github", ".reuse", "sbom"},
			want:  []string{"licence LICENSES"},
		},
		"folder of a part": {
			folder: "teile/eins",
			files: []string{
				"LICENSE", "README.md", "CODEOWNERS", "SECURITY.md", "docs/CONTRIBUTING.md", "sbom/a.json=" + spdx, "teile/eins/publiccode.yml",
				"teile/eins/LICENSE", "teile/eins/README.txt", "teile/eins/LICENSES/MIT.txt", "teile/eins/bom.xml=<bom xmlns='http://cyclonedx.org/schema/bom/1.5'/>", "teile/zwei/LICENSE",
			},
			want: []string{
				"licence teile/eins/LICENSE", "readme teile/eins/README.txt", "sbom teile/eins/bom.xml", "licence teile/eins/LICENSES/MIT.txt",
				"licence LICENSE", "security SECURITY.md", "codeowners CODEOWNERS", "sbom sbom/a.json", "contributing docs/CONTRIBUTING.md",
			},
			listed: []string{"teile/eins", "teile/eins/LICENSES", "sbom", "docs"},
		},
		"no SBOM in spite of its name": {
			files: []string{"sbom.json={}", "bom.json=[]"},
			notes: []string{"invalid bom.json", "invalid sbom.json"},
		},
		"empty files": {
			files: []string{"LICENSE=", "README.md="},
			want:  []string{"licence LICENSE", "readme README.md"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := files(tt.files...)
			v := visitOf(t, f)
			v.Folder = tt.folder
			result, list, notes := collected(t, v)
			want(t, "files", list, tt.want...)
			want(t, "notes", notes, tt.notes...)
			want(t, "listed", f.listed, tt.listed...)
			if result.Unsettled() {
				t.Error("unsettled")
			}
		})
	}
}

func TestLicenceNames(t *testing.T) {
	for _, name := range []string{
		"LICENSE", "LICENCE", "COPYING", "UNLICENSE", "NOTICE", "license.md", "LICENSE.txt", "Licence.rst", "LICENSES.txt",
		"LICENSE-MIT", "LICENSE_EN.txt", "LICENSE.GPL", "LICENSE.EUPL-1.2", "LICENSE-APACHE-2.0", "LICENSE-EUPL.txt", "License (deutsch).txt",
		"COPYING.LESSER", "COPYING3", "COPYING3.LIB", "COPYRIGHT", "MIT-LICENSE", "MIT-LICENSE.txt", "EUPL v1_2 EN-LICENSE.txt",
		"EUPL-1.2 EN.txt", "gpl-3.0.md", "agpl.txt", "OFL.txt", "LIZENZ", "Lizenzen.md", "LICENZA.txt", "NOTICE.md", "THIRD-PARTY-NOTICES.txt", "ThirdPartyNotices.md",
	} {
		if !isLicence(strings.ToLower(name)) {
			t.Errorf("%s is none", name)
		}
	}
	for _, name := range []string{
		"license_test.go", "license.py", "LICENSE.docx", "license.png", "license-checker.config.json", "license-header.txt",
		"licensing.md", "licensed.txt", "noticed.md", "copy.txt", "LICENSE.spdx", "LICENSE.license", "README.md", "gpl", "glibc.md", "mit.js", "eupl.go", "apache.md", "check-license",
	} {
		if isLicence(strings.ToLower(name)) {
			t.Errorf("%s is one", name)
		}
	}
}

func TestSBOMNames(t *testing.T) {
	for _, name := range []string{
		"bom.json", "bom.xml", "fach.cdx.json", "fach.cdx.xml", "sbom.json", "sbom.xml", "fach.spdx", "fach.spdx.json", "fach.spdx.yaml", "fach.spdx.yml",
		"fach.spdx.rdf", "fach.spdx.rdf.xml", "fach.spdx.xml", "fach.spdx3.json", "fach.spdx.jsonld", "fach-1.2.3-sbom.json", "sbom-cyclonedx.json",
		"fach_1.0_linux_amd64.sbom.json", "cyclonedx.json", "fach-1.0-cyclonedx.xml", "sbom.spdx", "fach.bom.json",
	} {
		if !sbomName.MatchString(name) {
			t.Errorf("%s is none", name)
		}
	}
	for _, name := range []string{"bombe.json", "bomen.config.json", "spdx.md", "fach.spdx.json.sig", "fach.cdx.json.gz", "sbom.go", "package.json", "sbom"} {
		if sbomName.MatchString(name) {
			t.Errorf("%s is one", name)
		}
	}
}

func TestBestReadme(t *testing.T) {
	for wanted, names := range map[string][]string{
		"README.md":    {"README", "README.txt", "README.rst", "README.md", "README.de.md", "readme.adoc"},
		"README.rst":   {"README.txt", "README.rst", "README.de.md"},
		"README":       {"README", "README.en.md"},
		"README.de.md": {"README.en.md", "README.de.md", "README.it.md", "README.de.rst"},
		"README-EN.md": {"README-EN.md", "README-DEV.md", "README.it.md"},
		"README.en-GB": {},
		"README_fr.md": {"README_fr.md", "README.py", "README.html", "README-installation.md"},
	} {
		if len(names) == 0 {
			names = []string{wanted}
			wanted = ""
		}
		_, list, _ := collected(t, visitOf(t, files(names...)))
		if got := strings.TrimPrefix(strings.Join(list, ", "), "readme "); got != wanted {
			t.Errorf("of %v: %q, want %q", names, got, wanted)
		}
	}
}

func TestSymbolicLinks(t *testing.T) {
	for name, tt := range map[string]struct{ files, want []string }{
		"to a neighbour":      {[]string{"LICENSE=recht.txt", "recht.txt=Recht"}, []string{"LICENSE Recht"}},
		"to a folder's file":  {[]string{"README.md=doc/de/start.md", "doc/de/start.md=Start"}, []string{"README.md Start"}},
		"up":                  {[]string{".github/SECURITY.md=../doc/x.md", "doc/x.md=X"}, []string{".github/SECURITY.md X"}},
		"only once":           {[]string{"LICENSE=a.txt", "a.txt=b.txt", "b.txt=Recht"}, []string{"LICENSE b.txt"}},
		"to itself":           {[]string{"LICENSE=LICENSE"}, []string{"LICENSE LICENSE"}},
		"to nothing":          {[]string{"LICENSE=doc/x", "doc/y"}, []string{"LICENSE doc/x"}},
		"to nothing listed":   {[]string{"LICENSE=MIT"}, []string{"LICENSE MIT"}},
		"to a folder":         {[]string{"LICENSE=doc", "doc/y"}, []string{"LICENSE doc"}},
		"out":                 {[]string{"LICENSE=../../etc/passwd"}, []string{"LICENSE ../../etc/passwd"}},
		"absolute":            {[]string{"LICENSE=/etc/passwd"}, []string{"LICENSE /etc/passwd"}},
		"a line is no target": {[]string{"LICENSE=a.txt\n", "a.txt=Recht"}, []string{"LICENSE a.txt\n"}},
	} {
		t.Run(name, func(t *testing.T) {
			f := files(tt.files...)
			result, _, _ := collected(t, visitOf(t, f))
			var got []string
			for _, file := range result.Files {
				got = append(got, file.Path+" "+string(file.Bytes))
			}
			want(t, "files", got, tt.want...)
			for _, name := range f.opened {
				if !fs.ValidPath(name) {
					t.Errorf("opened %q", name)
				}
			}
		})
	}
}

func TestBounds(t *testing.T) {
	large := strings.Repeat("x", MaxFile)
	many := func(n int, form string) (list []string) {
		for i := range n {
			list = append(list, fmt.Sprintf(form, i))
		}
		return list
	}
	for name, tt := range map[string]struct {
		files []string
		want  int
		notes []string
	}{
		"one that is just not too large": {[]string{"LICENSE=" + large}, 1, nil},
		"one too large":                  {[]string{"LICENSE=" + large + "x", "README.md"}, 1, []string{"too-large LICENSE"}},
		"too many bytes":                 {many(9, "LICENSE-%d="+large), 8, []string{"too-many LICENSE-8"}},
		"too many licences":              {many(30, "LICENSE-%d"), 20, []string{"too-many ."}},
		"too many texts":                 {many(1000, "LICENSES/L-%d.txt"), MaxLicenceTexts, []string{"too-many LICENSES"}},
		"too many SBOMs":                 {many(7, "%d.cdx.json="+cyclone), MaxSBOMs, []string{"too-many ."}},
		"too much that is no SBOM":       {many(7, "sbom/%d.json={}"), 0, append(many(5, "invalid sbom/%d.json"), "too-many sbom")},
		"too many files":                 {slices.Concat(many(20, "LICENSE-%d"), many(40, "LICENSES/%02d.txt"), many(20, "Licences/%02d.txt"), []string{"README.md", "SECURITY.md", "CODEOWNERS", "CONTRIBUTING", "codemeta.json", "CITATION.cff", "REUSE.toml"}, many(5, "%d.spdx="+spdx)), 60, nil},
	} {
		t.Run(name, func(t *testing.T) {
			_, list, notes := collected(t, visitOf(t, files(tt.files...)))
			if len(list) != tt.want {
				t.Errorf("%d files", len(list))
			}
			if tt.notes != nil {
				want(t, "notes", notes, tt.notes...)
			}
		})
	}
}

// formerly is a file of the visit before, as the store hands it back.
func formerly(role registry.Role, path, origin string) registry.File {
	sum := sha256.Sum256([]byte(path + origin))
	return registry.File{Path: path, Role: role, Origin: origin, Hash: hex.EncodeToString(sum[:]), Size: 7}
}

func TestKeepsWhatCannotBeRead(t *testing.T) {
	const release, logo = "https://example.org/v1/bom.json", "https://example.org/logo.svg"
	former := []registry.File{
		formerly(registry.RolePublicCode, "publiccode.yml", ""),
		formerly(registry.RoleLicence, "LICENSE", ""),
		formerly(registry.RoleLicence, "LICENSES/MIT.txt", ""),
		formerly(registry.RoleLicence, "LICENSES/EUPL-1.2.txt", ""),
		formerly(registry.RoleSecurity, ".github/SECURITY.md", ""),
		formerly(registry.RoleReadme, ".github/README.md", ""),
		formerly(registry.RoleSBOM, "bom.json", release),
		formerly(registry.RoleLogo, "logo.svg", logo),
	}
	activity := &registry.Activity{Releases: []registry.Release{{Assets: []registry.Asset{{Name: "bom.json", URL: release}}}}}
	for name, tt := range map[string]struct {
		change      func(*Visit, *forge, outside)
		want, notes []string
		unsettled   bool
	}{
		"gone": {
			change: func(_ *Visit, f *forge, _ outside) { f.broken["LICENSE"] = fs.ErrNotExist },
			want:   []string{"readme README.md"},
		},
		"not found": {
			change: func(_ *Visit, f *forge, _ outside) { f.broken["LICENSE"] = registry.ErrNotFound },
			want:   []string{"readme README.md"},
		},
		"grown too large": {
			change: func(_ *Visit, f *forge, _ outside) { f.broken["LICENSE"] = registry.ErrTooLarge },
			want:   []string{"readme README.md"}, notes: []string{"too-large LICENSE"},
		},
		"file": {
			change: func(_ *Visit, f *forge, _ outside) { f.broken["LICENSE"] = errNetwork },
			want:   []string{"licence LICENSE", "readme README.md"}, notes: []string{"kept LICENSE"}, unsettled: true,
		},
		"file that is new": {
			change: func(_ *Visit, f *forge, _ outside) { f.broken["README.md"] = errNetwork },
			want:   []string{"licence LICENSE"}, notes: []string{"failed README.md"}, unsettled: true,
		},
		"folder": {
			change: func(_ *Visit, f *forge, _ outside) { f.broken["LICENSES"] = errNetwork },
			want:   []string{"licence LICENSE", "readme README.md", "licence LICENSES/MIT.txt", "licence LICENSES/EUPL-1.2.txt"},
			notes:  []string{"kept LICENSES"}, unsettled: true,
		},
		"folder whose README is not wanted": {
			change: func(_ *Visit, f *forge, _ outside) { f.broken[".github"] = errNetwork },
			want:   []string{"licence LICENSE", "readme README.md", "security .github/SECURITY.md"},
			notes:  []string{"kept .github"}, unsettled: true,
		},
		"folder of nothing known": {
			change: func(_ *Visit, f *forge, _ outside) { f.broken["docs"] = errNetwork },
			want:   []string{"licence LICENSE", "readme README.md"}, notes: []string{"failed docs"}, unsettled: true,
		},
		"folder that went meanwhile": {
			change: func(_ *Visit, f *forge, _ outside) { f.broken["docs"] = fs.ErrNotExist },
			want:   []string{"licence LICENSE", "readme README.md"},
		},
		"release": {
			change: func(v *Visit, _ *forge, o outside) { v.Activity, o[release] = activity, errNetwork },
			want:   []string{"licence LICENSE", "readme README.md", "sbom bom.json " + release}, notes: []string{"kept " + release},
		},
		"release without it": {
			change: func(v *Visit, _ *forge, _ outside) { v.Activity = activity },
			want:   []string{"licence LICENSE", "readme README.md"},
		},
		"forge that was not asked": {
			change: func(v *Visit, _ *forge, _ outside) { v.Undescribed = true },
			want:   []string{"licence LICENSE", "readme README.md", "sbom bom.json " + release},
		},
		"logo": {
			change: func(v *Visit, _ *forge, o outside) { v.PublicCode.Logo, o[logo] = logo, registry.ErrForbidden },
			want:   []string{"licence LICENSE", "readme README.md", "logo logo.svg " + logo}, notes: []string{"kept " + logo},
		},
		"logo that is gone": {
			change: func(v *Visit, _ *forge, o outside) { v.PublicCode.Logo, o[logo] = logo, registry.ErrGone },
			want:   []string{"licence LICENSE", "readme README.md"}, notes: []string{"missing " + logo},
		},
		"logo that may not be asked for": {
			change: func(v *Visit, _ *forge, o outside) { v.PublicCode.Logo, o[logo] = logo, registry.ErrInvalid },
			want:   []string{"licence LICENSE", "readme README.md"}, notes: []string{"invalid " + logo},
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := files("publiccode.yml", "LICENSE", "README.md", "LICENSES/x", ".github/x", "docs/x")
			v := visitOf(t, f)
			v.Former = former
			o := outside{}
			v.Getter = o
			tt.change(&v, f, o)
			result, list, notes := collected(t, v)
			want(t, "files", list, tt.want...)
			want(t, "notes", notes, tt.notes...)
			if result.Unsettled() != tt.unsettled {
				t.Errorf("unsettled is %t", result.Unsettled())
			}
			for _, file := range result.Files {
				if (file.Bytes == nil) != slices.ContainsFunc(former, func(old registry.File) bool { return old.Hash == file.Hash && file.Size == 7 }) {
					t.Errorf("%s: hash %s, %d bytes", file.Path, file.Hash, len(file.Bytes))
				}
			}
		})
	}
}

func TestEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	f := files("LICENSE", "LICENSES/MIT.txt")
	if r, err := Collect(ctx, visitOf(t, f)); !errors.Is(err, context.Canceled) || r.Files != nil || r.Notes != nil {
		t.Errorf("got %v, %v", r, err)
	}
	if len(f.listed)+len(f.opened) > 0 {
		t.Errorf("asked for %v %v", f.listed, f.opened)
	}

	ctx, cancel = context.WithCancel(context.Background())
	v := visitOf(t, f)
	v.PublicCode.Logo = "https://example.org/logo.svg"
	v.Getter = getter(func() ([]byte, error) { cancel(); return nil, ctx.Err() })
	if _, err := Collect(ctx, v); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	// A time limit of one request is not that of the visit.
	v.Getter = getter(func() ([]byte, error) { return nil, context.DeadlineExceeded })
	if _, _, notes := collected(t, v); !slices.Equal(notes, []string{"failed https://example.org/logo.svg"}) {
		t.Errorf("notes %v", notes)
	}
}

type getter func() ([]byte, error)

func (g getter) Get(context.Context, string, int64) ([]byte, string, error) {
	b, err := g()
	return b, "", err
}

func TestSBOMsOutside(t *testing.T) {
	const at = "https://example.org/"
	asset := func(name string) registry.Asset { return registry.Asset{Name: name, URL: at + name} }
	o := outside{
		at + "a.spdx.json": spdx, at + "b.cdx.json": cyclone, at + "c.bom.xml": "<html/>", at + "d.spdx": spdx,
		at + "large.spdx": strings.Repeat("x", MaxAsset+1), at + "fach.zip": spdx, at + "old.spdx": spdx, at + "x/y.spdx": spdx,
	}
	for name, tt := range map[string]struct {
		releases    []registry.Release
		want, notes []string
	}{
		"newest stable release": {
			releases: []registry.Release{
				{Prerelease: true, Assets: []registry.Asset{asset("d.spdx")}},
				{Assets: []registry.Asset{asset("fach.zip"), asset("a.spdx.json"), asset("b.cdx.json")}},
				{Assets: []registry.Asset{asset("old.spdx")}},
			},
			want: []string{"sbom a.spdx.json " + at + "a.spdx.json", "sbom b.cdx.json " + at + "b.cdx.json"},
		},
		"newest without assets": {releases: []registry.Release{{}, {Assets: []registry.Asset{asset("old.spdx")}}}},
		"only previews":         {releases: []registry.Release{{Prerelease: true, Assets: []registry.Asset{asset("d.spdx")}}}},
		"too many": {
			releases: []registry.Release{{Assets: []registry.Asset{asset("a.spdx.json"), asset("b.cdx.json"), asset("c.bom.xml"), asset("d.spdx")}}},
			want:     []string{"sbom a.spdx.json " + at + "a.spdx.json", "sbom b.cdx.json " + at + "b.cdx.json"},
			notes:    []string{"invalid " + at + "c.bom.xml", "too-many " + at + "d.spdx"},
		},
		"too large": {
			releases: []registry.Release{{Assets: []registry.Asset{asset("large.spdx"), {Name: "said.spdx", URL: at + "said.spdx", Size: MaxAsset + 1}}}},
			notes:    []string{"too-large " + at + "large.spdx", "too-large " + at + "said.spdx"},
		},
		"hostile names": {
			releases: []registry.Release{{Assets: []registry.Asset{
				{Name: "x/y.spdx", URL: at + "x/y.spdx"},
				{Name: "../y.spdx", URL: at + "d.spdx"},
				{Name: "d.spdx", URL: "file:///etc/passwd"},
				{Name: "d.spdx", URL: "%zz"},
				{Name: "", URL: at + "d.spdx"},
				{Name: "a\x00.spdx", URL: at + "d.spdx"},
				asset("d.spdx"), asset("d.spdx"),
			}}},
			want: []string{"sbom d.spdx " + at + "d.spdx"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			v := visitOf(t, files("publiccode.yml"))
			v.Activity, v.Getter = &registry.Activity{Releases: tt.releases}, o
			_, list, notes := collected(t, v)
			want(t, "files", list, tt.want...)
			want(t, "notes", notes, tt.notes...)
		})
	}
}

func pixels(t testing.TB, width int) string {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, width, 1))); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestImages(t *testing.T) {
	one, two := pixels(t, 1), pixels(t, 2)
	const at = "https://example.org/"
	for name, tt := range map[string]struct {
		files          []string
		folder         string
		logo, one      string
		shots, english []string
		want, notes    []string
	}{
		"logo":                     {files: []string{"img/logo.svg=" + drawing}, logo: "./img/logo.svg", want: []string{"logo img/logo.svg"}},
		"logo by address":          {logo: at + "logo.svg?v=2", want: []string{"logo logo.svg " + at + "logo.svg?v=2"}},
		"logo by an address alone": {logo: at, want: []string{"logo logo " + at}},
		"logo by the page of it":   {files: []string{"logo.svg=" + drawing}, logo: "https://github.com/muster/fach/blob/main/logo.svg", want: []string{"logo logo.svg"}},
		"logo in one colour":       {files: []string{"mono.svg=" + drawing}, logo: "logo.svg", one: "mono.svg", want: []string{"logo mono.svg"}, notes: []string{"missing logo.svg"}},
		"one logo":                 {files: []string{"a.svg=" + drawing, "b.png=" + one}, logo: "a.svg", one: "b.png", want: []string{"logo a.svg"}},
		"logo of a part":           {files: []string{"teil/logo.svg=" + drawing}, folder: "teil", logo: "logo.svg", want: []string{"logo teil/logo.svg"}},
		"logo linked to":           {files: []string{"logo.svg=img/a.svg", "img/a.svg=" + drawing}, logo: "logo.svg", want: []string{"logo logo.svg"}},
		"logo that is none":        {files: []string{"logo.svg=<html/>"}, logo: "logo.svg", notes: []string{"invalid logo.svg"}},
		"logo that is a folder":    {files: []string{"img/a.svg=" + drawing}, logo: "img", notes: []string{"missing img"}},
		"logo elsewhere in LFS":    {files: []string{"logo.png=version https://git-lfs.github.com/spec/v1\n"}, logo: "logo.png", notes: []string{"invalid logo.png"}},
		"no address":               {logo: "javascript:alert(1)", notes: []string{"invalid javascript:alert(1)"}},
		"nothing at the address":   {logo: at + "no.png", notes: []string{"missing " + at + "no.png"}},
		"screenshots":              {files: []string{"a.png=" + one, "b.png=" + two}, shots: []string{"a.png", "b.png", "a.png", "/a.png", ""}, want: []string{"screenshot a.png", "screenshot b.png"}},
		"German first":             {files: []string{"a.png=" + one, "b.png=" + two}, english: []string{"a.png"}, shots: []string{"b.png"}, want: []string{"screenshot b.png", "screenshot a.png"}},
		"the same twice":           {files: []string{"a.png=" + one, "b.png=" + one}, shots: []string{"a.png", "b.png"}, want: []string{"screenshot a.png"}},
		"logo as a screenshot":     {files: []string{"a.png=" + one}, logo: "a.png", shots: []string{"a.png"}, want: []string{"logo a.png"}},
		"README as a logo":         {files: []string{"README.md=" + drawing}, logo: "README.md", want: []string{"readme README.md"}},
	} {
		t.Run(name, func(t *testing.T) {
			v := visitOf(t, files(append(tt.files, "publiccode.yml")...))
			v.Folder = tt.folder
			v.Getter = outside{at + "logo.svg?v=2": drawing, at: one}
			v.PublicCode.Logo, v.PublicCode.MonochromeLogo = tt.logo, tt.one
			v.PublicCode.Description = map[string]publiccode.Description{"en": {Screenshots: tt.english}, "de": {Screenshots: tt.shots}}
			result, list, notes := collected(t, v)
			want(t, "files", list, tt.want...)
			want(t, "notes", notes, tt.notes...)
			for _, f := range result.Files {
				if f.Role != registry.RoleReadme && (f.Media == "" || f.Media == "image/svg+xml" && string(f.Bytes) != cleaned) {
					t.Errorf("%s as %s: %s", f.Path, f.Media, f.Bytes)
				}
			}
		})
	}
}

func TestScreenshotsEnd(t *testing.T) {
	var list []string
	var shots []string
	for i := range 30 {
		list = append(list, fmt.Sprintf("%02d.png=%s", i, pixels(t, i+1)))
		shots = append(shots, fmt.Sprintf("%02d.png", i))
	}
	v := visitOf(t, files(list...))
	v.PublicCode.Description = map[string]publiccode.Description{"it": {Screenshots: shots}}
	_, got, notes := collected(t, v)
	if len(got) != MaxScreenshots || got[9] != "screenshot 09.png" {
		t.Errorf("collected %v", got)
	}
	want(t, "notes", notes, "too-many .")

	f := files("publiccode.yml")
	v.Tree = f
	if _, got, notes = collected(t, v); len(got) != 0 || len(notes) != maxTries+1 || len(f.opened) != maxTries {
		t.Errorf("%d files, %d notes, %d opened", len(got), len(notes), len(f.opened))
	}
}

func TestOptedOut(t *testing.T) {
	for name, wanted := range map[string]bool{
		".allmende-ignore": true, ".Allmende-Ignore": true, ".allmende-ignore/x": false, "x/.allmende-ignore": false, ".allmende-ignore.md": false,
	} {
		root, err := files(name).ReadDir(".")
		if err != nil {
			t.Fatal(err)
		}
		if OptedOut(root) != wanted {
			t.Errorf("%s: %t", name, !wanted)
		}
	}
}

// FuzzCollect holds that names and contents from outside break nothing.
func FuzzCollect(f *testing.F) {
	f.Add("LICENSE", "../x", "README.md", "LICENSE", "logo.svg", "sub")
	f.Add("LICENSES/MIT.txt", "MIT", "sbom/a.json", spdx, "https://github.com/muster/fach/blob/main/x", ".")
	f.Add("a\x00", "", "..", "\xff", "/", "..")
	f.Fuzz(func(t *testing.T, nameA, contentA, nameB, contentB, logo, folder string) {
		tree := files()
		tree.MapFS[nameA] = &fstest.MapFile{Data: []byte(contentA)}
		tree.MapFS[nameB] = &fstest.MapFile{Data: []byte(contentB)}
		root, err := tree.MapFS.ReadDir(".")
		if err != nil || !fs.ValidPath(folder) {
			t.Skip()
		}
		v := Visit{Tree: tree, Commit: commit, Root: root, Folder: folder, PublicCode: &publiccode.PublicCode{Logo: logo}, Getter: outside{}}
		result, _, _ := collected(t, v)
		for _, file := range result.Files {
			if !fs.ValidPath(file.Path) || file.Role == "" {
				t.Errorf("file %+v", file)
			}
		}
	})
}

func BenchmarkCollect(b *testing.B) {
	f := files("publiccode.yml", "LICENSE="+strings.Repeat("Recht ", 2000), "LICENSES/EUPL-1.2.txt", "LICENSES/CC0-1.0.txt", "REUSE.toml",
		"README.md="+strings.Repeat("Text ", 2000), ".github/SECURITY.md", ".github/CODEOWNERS", "CONTRIBUTING.md", "logo.svg="+drawing, "a.png="+pixels(b, 800))
	for i := range 40 {
		f.MapFS[fmt.Sprintf("src/%d.go", i)] = &fstest.MapFile{}
		f.MapFS[fmt.Sprintf("file-%d.json", i)] = &fstest.MapFile{}
	}
	v := visitOf(b, f)
	v.PublicCode.Logo = "logo.svg"
	v.PublicCode.Description = map[string]publiccode.Description{"de": {Screenshots: []string{"a.png"}}}
	b.ReportAllocs()
	for b.Loop() {
		if r, err := Collect(b.Context(), v); err != nil || len(r.Files) != 10 {
			b.Fatal(len(r.Files), err)
		}
	}
}

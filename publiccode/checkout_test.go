// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

func TestHeadings(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"# Eins\n## Zwei ##\nText\n#Drei\n", "eins|zwei|drei"},
		{"Eins\n====\n\nZwei\n---\nText\n", "eins|zwei"},
		{"====\nEins\n====\n\nZwei\n~~~~\n", "eins|zwei"}, // reStructuredText
		{"= Eins\n\n== Zwei\n", "eins|zwei"},              // AsciiDoc
		{"<h1 align=\"center\">Eins</h1>\n", "eins"},
		{"```sh\n# install\n```\n# Eins\n", "eins"},
		{"~~~\n```\n# install\n~~~\n# Eins\n", "eins"},
		{"```install```\n# Eins\n", "eins"},
		{"    # install\n# Eins\n", "eins"},
		{"\t# install\n", ""},
		{"install\n", ""},
		{"\n----\n", ""},
		{"# Eins\r\n\r\nZwei\r\n====\r\n", "eins|zwei"},
		{"", ""},
		{"#\n##\n===\n", ""},
	} {
		if got := strings.Join(headingsOf(c.text), "|"); got != c.want {
			t.Errorf("%q has the headings %q, want %q", c.text, got, c.want)
		}
	}
}

// hostile is a repository whose files and folders misbehave.
type hostile struct {
	open func(name string) (fs.File, error)
}

func (h hostile) Open(name string) (fs.File, error) { return h.open(name) }

// odd is a file, or a folder, that answers as it likes.
type odd struct {
	name    string
	folder  bool
	read    func([]byte) (int, error)
	readDir func(int) ([]fs.DirEntry, error)
}

func (o odd) Stat() (fs.FileInfo, error)           { return o, nil }
func (o odd) Close() error                         { return nil }
func (o odd) Read(b []byte) (int, error)           { return o.read(b) }
func (o odd) ReadDir(n int) ([]fs.DirEntry, error) { return o.readDir(n) }
func (o odd) Name() string                         { return o.name }
func (o odd) Size() int64                          { return 0 }
func (o odd) ModTime() time.Time                   { return time.Time{} }
func (o odd) IsDir() bool                          { return o.folder }
func (o odd) Sys() any                             { return nil }
func (o odd) Type() fs.FileMode                    { return o.Mode() }
func (o odd) Info() (fs.FileInfo, error)           { return o, nil }
func (o odd) Mode() fs.FileMode {
	if o.folder {
		return fs.ModeDir
	}
	return 0
}

// root opens the folder "." as one that lists what list returns, and every
// other name as a file that reads as read does.
func root(list func(int) ([]fs.DirEntry, error), read func([]byte) (int, error)) fs.FS {
	return hostile{func(name string) (fs.File, error) {
		if name == "." {
			return odd{name: ".", folder: true, readDir: list}, nil
		}
		return odd{name: name, read: read}, nil
	}}
}

func TestHostileFiles(t *testing.T) {
	broken := errors.New("broken")
	listed, bytesRead := 0, 0
	entries := func(names ...string) func(int) ([]fs.DirEntry, error) {
		return func(int) (out []fs.DirEntry, err error) {
			for _, n := range names {
				out = append(out, odd{name: n})
			}
			return out, io.EOF
		}
	}
	nothing := func([]byte) (int, error) { return 0, io.EOF }
	for _, c := range []struct {
		what  string
		files fs.FS
		want  verdict
	}{
		{"opens nothing", hostile{func(string) (fs.File, error) { return nil, broken }}, unknown},
		{"has no folders", hostile{func(string) (fs.File, error) { return nil, fs.ErrNotExist }}, unknown},
		{"cannot list", root(func(int) ([]fs.DirEntry, error) { return nil, broken }, nothing), unknown},
		{"lists nothing, for ever", root(func(int) ([]fs.DirEntry, error) { return nil, nil }, nothing), unknown},
		{"lists without end", root(func(n int) ([]fs.DirEntry, error) {
			out := make([]fs.DirEntry, n)
			for i := range out {
				listed++
				out[i] = odd{name: fmt.Sprint("file", listed)}
			}
			return out, nil
		}, nothing), unknown},
		{"lists more than it was asked for", root(func(int) ([]fs.DirEntry, error) {
			return slices.Repeat([]fs.DirEntry{odd{name: "x"}}, 100_000), nil
		}, nothing), unknown},
		{"lists names that are none", root(entries("../README.md", "a/README.md", "/README.md", "", "README.md/.."), nothing), no},
		{"fails to read", root(entries("README.md"), func([]byte) (int, error) { return 0, broken }), unknown},
		{"reads nothing, for ever", root(entries("README.md"), func([]byte) (int, error) { return 0, nil }), unknown},
		{"reads without end", root(entries("README.md"), func(b []byte) (int, error) {
			bytesRead += len(b)
			return copy(b, strings.Repeat("text\n", len(b)/5+1)), nil
		}), unknown},
		{"reads a line without end", root(entries("README.md"), func(b []byte) (int, error) {
			return copy(b, strings.Repeat("#", len(b))), nil
		}), unknown},
		{"is as it should be", root(entries("README.md"), func(b []byte) (int, error) { return copy(b, "# Install\n"), io.EOF }), yes},
		{"has too many texts", func() fs.FS {
			m := fstest.MapFS{}
			for i := range maxTexts + 1 {
				m[fmt.Sprint("README", i)] = file("# Text\n")
			}
			return m
		}(), unknown},
	} {
		look := &inspection{files: &checkout{files: c.files}}
		if got := hasHeading([]string{"README*"}, []string{"install"})(look); got != c.want {
			t.Errorf("a repository that %s: %d, want %d", c.what, got, c.want)
		}
	}
	if listed > maxEntries+256 || bytesRead > maxTextSize+32<<10 {
		t.Errorf("listed %d entries, read %d bytes", listed, bytesRead)
	}
}

// TestManyFolders: patterns with folders in them cannot make it look into ever
// more of them.
func TestManyFolders(t *testing.T) {
	opened := 0
	endless := hostile{func(name string) (fs.File, error) {
		opened++
		rest := 3
		return odd{name: name, folder: true, readDir: func(int) (out []fs.DirEntry, err error) {
			for i := range rest * 10 {
				out = append(out, odd{name: fmt.Sprint("d", i), folder: true})
			}
			return out, io.EOF
		}}, nil
	}}
	look := &inspection{files: &checkout{files: endless}}
	if got := hasFile([]string{"*/*/*/*/*/*/*/x"})(look); got != unknown {
		t.Errorf("= %d", got)
	}
	if opened > maxFolders+maxStats {
		t.Errorf("opened %d", opened)
	}
}

// TestNoListing: a repository that can only open files by name says yes, and
// otherwise that it does not know, since names may be written in another case.
func TestNoListing(t *testing.T) {
	files := fstest.MapFS{"SECURITY.md": file(""), "docs/INSTALL.md": file("# Install\n")}
	byName := hostile{func(name string) (fs.File, error) {
		if info, err := files.Stat(name); err == nil && info.IsDir() {
			return nil, fs.ErrNotExist
		}
		return files.Open(name)
	}}
	for pattern, want := range map[string]verdict{
		"SECURITY.md":     yes,
		"docs/INSTALL.md": yes,
		"security.md":     unknown,
		"docs/INSTALL*":   unknown,
		"docs":            unknown,
		"README":          unknown,
	} {
		if got := hasFile([]string{pattern})(&inspection{files: &checkout{files: byName}}); got != want {
			t.Errorf("%s: %d, want %d", pattern, got, want)
		}
	}
	look := &inspection{files: &checkout{files: byName}}
	if got := hasHeading([]string{"docs/INSTALL.md"}, []string{"install"})(look); got != yes {
		t.Errorf("heading: %d", got)
	}
}

// TestLinks: a symbolic link counts as what it leads to.
func TestLinks(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "text"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, target := range map[string]string{
		"LICENSE": "text", "README": "nowhere", "NEWS": ".", "CHANGES": "/etc/hostname", "docs": ".", "loop": "loop",
	} {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Skip(err)
		}
	}
	repository, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer repository.Close()
	for pattern, want := range map[string]verdict{
		"LICENSE": yes, "README": no, "NEWS": no, "CHANGES": unknown, "docs/text": yes, "docs/docs/docs/text": yes, "loop/x": unknown,
	} {
		if got := hasFile([]string{pattern})(&inspection{files: &checkout{files: repository.FS()}}); got != want {
			t.Errorf("%s: %d, want %d", pattern, got, want)
		}
	}
}

// TestFilesReadOnce: rules that look at the same files do not read them again.
func TestFilesReadOnce(t *testing.T) {
	opened := map[string]int{}
	counting := hostile{func(name string) (fs.File, error) {
		opened[name]++
		return rich.Open(name)
	}}
	p, _ := FindProfile("reuse-ready")
	Parse([]byte(base), Options{}).CheckProfile(p, Place{FileName: "publiccode.yml", Files: counting})
	for name, n := range opened {
		if n > 1 {
			t.Errorf("%s was opened %d times", name, n)
		}
	}
	if opened["README.md"] != 1 {
		t.Error("README.md was not read")
	}
}

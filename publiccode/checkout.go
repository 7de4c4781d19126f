// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"cmp"
	"errors"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

// What is looked at of a repository for one profile. Nothing of it need be
// trustworthy, or finite.
const (
	maxFolders   = 200
	maxEntries   = 10_000 // of one folder
	maxAllNames  = 50_000
	maxTextSize  = 256 << 10
	maxTexts     = 20
	maxStats     = 200
	maxIdleReads = 100 // in a row without a byte or an error
	maxHeading   = 300 // bytes
)

// checkout looks for files in a repository, and remembers what it has seen.
type checkout struct {
	files   fs.FS
	folders map[string]folder
	names   int // entries seen in all
	stats   int // files asked for by name
	texts   map[string]document
}

// folder is a list of names; whole is false where there may be more.
type folder struct {
	entries []entry
	whole   bool
}

type entry struct {
	name, small string      // as it is, and in small letters
	kind        fs.FileMode // the type bits
}

// document is a file by its headings; whole is false where there may be more.
type document struct {
	headings []string
	whole    bool
}

// find returns the files that fit a pattern, in any case, by their paths; all
// is false where there may be more.
func (c *checkout) find(pattern string) (found []string, all bool) {
	return c.below(".", strings.Split(pattern, "/"))
}

func (c *checkout) below(dir string, steps []string) (found []string, all bool) {
	f := c.list(dir)
	all = f.whole
	step, rest := strings.ToLower(steps[0]), steps[1:]
	for _, e := range f.entries {
		if fits, err := path.Match(step, e.small); err != nil || !fits {
			continue
		}
		name := path.Join(dir, e.name)
		switch {
		case len(rest) == 0:
			is := verdictOf(e.kind.IsRegular())
			if e.kind == fs.ModeSymlink {
				is = c.isFile(name)
			}
			if is == yes {
				found = append(found, name)
			}
			all = all && is != unknown
		case e.kind&(fs.ModeDir|fs.ModeSymlink) != 0:
			deeper, whole := c.below(name, rest)
			found, all = append(found, deeper...), all && whole
		}
	}
	if len(found) == 0 && !f.whole && !slices.ContainsFunc(steps, isPattern) {
		// Not every repository can list its folders.
		if name := path.Join(dir, path.Join(steps...)); c.isFile(name) == yes {
			return []string{name}, true
		}
	}
	return found, all
}

func isPattern(step string) bool { return strings.ContainsAny(step, `*?[\`) }

// isFile asks for a file by its very name.
func (c *checkout) isFile(name string) verdict {
	if c.stats++; c.stats > maxStats {
		return unknown
	}
	switch info, err := fs.Stat(c.files, name); {
	case err == nil:
		return verdictOf(info.Mode().IsRegular())
	case errors.Is(err, fs.ErrNotExist):
		return no
	}
	return unknown
}

func (c *checkout) list(dir string) folder {
	f, known := c.folders[dir]
	if !known && len(c.folders) < maxFolders {
		f = c.read(dir)
		if c.folders == nil {
			c.folders = map[string]folder{}
		}
		c.folders[dir] = f
	}
	return f
}

func (c *checkout) read(dir string) folder {
	file, err := c.files.Open(dir)
	if err != nil {
		return folder{}
	}
	defer file.Close()
	d, ok := file.(fs.ReadDirFile)
	if !ok {
		return folder{}
	}
	var f folder
	for len(f.entries) < maxEntries && c.names < maxAllNames {
		batch, err := d.ReadDir(256)
		for _, e := range batch[:min(len(batch), maxEntries-len(f.entries))] {
			if fs.ValidPath(e.Name()) && !strings.Contains(e.Name(), "/") {
				f.entries = append(f.entries, entry{e.Name(), strings.ToLower(e.Name()), e.Type()})
			}
		}
		c.names += len(batch)
		if err != nil || len(batch) == 0 {
			f.whole = err == io.EOF //nolint:errorlint // ReadDir returns it bare
			break
		}
	}
	slices.SortFunc(f.entries, func(a, b entry) int { return cmp.Compare(a.name, b.name) })
	return f
}

// headings returns the headings of a file in small letters; all is false where
// there may be more.
func (c *checkout) headings(name string) (headings []string, all bool) {
	t, known := c.texts[name]
	if !known && len(c.texts) < maxTexts {
		src, whole := c.text(name)
		t = document{headingsOf(src), whole}
		if c.texts == nil {
			c.texts = map[string]document{}
		}
		c.texts[name] = t
	}
	return t.headings, t.whole
}

// text reads the beginning of a file; whole tells whether that was all.
func (c *checkout) text(name string) (src string, whole bool) {
	file, err := c.files.Open(name)
	if err != nil {
		return "", false
	}
	defer file.Close()
	var b strings.Builder
	buffer := make([]byte, 32<<10)
	for idle := 0; b.Len() < maxTextSize && idle < maxIdleReads; idle++ {
		n, err := file.Read(buffer)
		if n > 0 {
			idle = 0
			b.Write(buffer[:min(n, len(buffer))])
		}
		if err != nil {
			return b.String(), err == io.EOF //nolint:errorlint // Read returns it bare
		}
	}
	return b.String(), false
}

var htmlHeading = regexp.MustCompile(`(?i)<h[1-6][^>]*>(.*?)</h[1-6]>`)

// headingsOf finds the headings of a text in Markdown, reStructuredText or
// AsciiDoc, in small letters. It takes rather too much for a heading than too
// little.
func headingsOf(src string) []string {
	var out []string
	add := func(h string) {
		if h = strings.ToLower(strings.Trim(h, "#= \t")); h != "" {
			out = append(out, h[:min(len(h), maxHeading)])
		}
	}
	fence, before := "", ""
	for line := range strings.Lines(src) {
		indented := strings.HasPrefix(line, "    ") || strings.HasPrefix(line, "\t")
		line = strings.TrimSpace(line)
		switch marker := fenceOf(line); {
		case fence == "" && before != "" && len(line) >= len(before) && isUnderline(line):
			// A line of ~ or ` is a fence, but for below a title of its length.
		case fence != "":
			if marker == fence {
				fence = ""
			}
			before = ""
			continue
		case marker != "" && !indented:
			fence, before = marker, ""
			continue
		}
		switch {
		case indented:
			line = ""
		case isUnderline(line):
			add(before)
			line = ""
		case line != "" && (line[0] == '#' || strings.HasPrefix(line, "= ") || strings.HasPrefix(line, "==")):
			add(line)
		default:
			if m := htmlHeading.FindStringSubmatch(line); m != nil {
				add(m[1])
			}
		}
		before = line
	}
	return out
}

// fenceOf returns the kind of fence that a line opens or closes code with.
func fenceOf(line string) string {
	for _, marker := range []string{"```", "~~~"} {
		if rest, ok := strings.CutPrefix(line, marker); ok && !strings.Contains(strings.TrimLeft(rest, marker[:1]), marker[:1]) {
			return marker
		}
	}
	return ""
}

// isUnderline reports a line of one repeated character, which makes the line
// above it a heading.
func isUnderline(line string) bool {
	return len(line) > 2 && strings.IndexByte("=-~^\"'*+#:._`", line[0]) >= 0 && strings.Trim(line, line[:1]) == ""
}

// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package evidence

import (
	"bufio"
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"github.com/allmende-registry/allmende/registry"
)

// assignment is a licence that REUSE assigns to files.
type assignment struct {
	licence string
	general bool // to all files
}

// parseREUSE reads a REUSE.toml
// (https://reuse.software/spec-3.3/#reusetoml).
func parseREUSE(src []byte) ([]assignment, error) {
	var file struct {
		Version     int
		Annotations []struct {
			Path    any `toml:"path"`
			Licence any `toml:"SPDX-License-Identifier"`
		} `toml:"annotations"`
	}
	if err := toml.Unmarshal(src, &file); err != nil {
		return nil, fmt.Errorf("REUSE.toml: %w", err)
	}
	if file.Version != 1 {
		return nil, fmt.Errorf("REUSE.toml: version %d; only version 1 is known", file.Version)
	}
	var out []assignment
	for _, a := range file.Annotations {
		for _, licence := range oneOrMore(a.Licence) {
			out = append(out, assignment{licence, slices.ContainsFunc(oneOrMore(a.Path), isAllFiles)})
		}
	}
	return out, nil
}

// oneOrMore are the texts of a value that may be a text or a list of texts.
func oneOrMore(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		var out []string
		for _, item := range v {
			if s, ok := item.(string); ok {
				out = append(out, s)
			}
		}
		return out
	}
	return nil
}

func isAllFiles(glob string) bool {
	switch strings.TrimPrefix(glob, "./") {
	case "**", "*", "**/*", "**/**":
		return true
	}
	return false
}

var (
	// debianGNU is how Debian's copyright files spell licences of GNU: GPL-2+.
	debianGNU = regexp.MustCompile(`(?i)\b([al]?gpl)-(\d)(?:\.(\d))?(\+?)(?:[\s,;]|$)`)
	expat     = regexp.MustCompile(`(?i)\bexpat\b`)
)

// parseDep5 reads a .reuse/dep5, which is in Debian's format for copyright files
// (https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/).
func parseDep5(src []byte) ([]assignment, error) {
	var out []assignment
	var licence, field string
	var files, general, known bool // the paragraph names files, and all of them; there is a Format
	addFiles := func(globs string) {
		files = true
		general = general || slices.ContainsFunc(strings.Fields(globs), isAllFiles)
	}
	end := func() {
		if files && licence != "" {
			out = append(out, assignment{licence, general})
		}
		licence, field, files, general = "", "", false, false
	}
	lines := bufio.NewScanner(bytes.NewReader(src))
	lines.Buffer(nil, maxProse+1)
	for lines.Scan() {
		line := strings.TrimRight(lines.Text(), " \t\r")
		name, value, isField := strings.Cut(line, ":")
		switch {
		case line == "":
			end()
		case strings.HasPrefix(line, "#"):
		case line[0] == ' ' || line[0] == '\t':
			if field == "files" {
				addFiles(line)
			}
		case !isField:
			return nil, fmt.Errorf(".reuse/dep5: %q is neither a field nor the continuation of one", said(line))
		default:
			field, value = strings.ToLower(name), strings.TrimSpace(value)
			switch field {
			case "format":
				known = true
			case "files":
				addFiles(value)
			case "license":
				licence = fromDebian(value)
			}
		}
	}
	end()
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf(".reuse/dep5: %w", err)
	}
	if !known {
		return nil, fmt.Errorf(".reuse/dep5: no field Format, which every copyright file begins with")
	}
	return out, nil
}

// fromDebian writes Debian's short names as SPDX does.
func fromDebian(s string) string {
	s = debianGNU.ReplaceAllStringFunc(s, func(m string) string {
		p := debianGNU.FindStringSubmatch(m)
		version, tail := p[2]+".0", "-only"
		if p[3] != "" {
			version = p[2] + "." + p[3]
		}
		if p[4] != "" {
			tail = "-or-later"
		}
		return strings.ToUpper(p[1]) + "-" + version + tail + m[len(strings.TrimRight(m, " \t,;")):]
	})
	return expat.ReplaceAllString(s, "MIT")
}

// assignments are what the REUSE files say, each licence once a file.
func (r *reading) assignments(f registry.File) []statement {
	src, err := r.read(&f, maxProse)
	parse := parseREUSE
	if !strings.HasSuffix(strings.ToLower(f.Path), ".toml") {
		parse = parseDep5
	}
	var all []assignment
	if err == nil {
		all, err = parse(src)
	}
	if err != nil {
		s := r.from(f, registry.FromREUSE)
		s.State, s.Written, s.unread = registry.LicenceInvalid, said(err.Error()), true
		return []statement{s}
	}
	// Where there are too many, what is said of all files is the last to go.
	slices.SortStableFunc(all, func(a, b assignment) int {
		switch {
		case a.general == b.general:
			return 0
		case a.general:
			return -1
		}
		return 1
	})
	var out []statement
	had := map[string]bool{}
	for _, a := range all {
		if had[a.licence] || len(out) == maxInFile {
			continue
		}
		had[a.licence] = true
		s := r.from(f, registry.FromREUSE)
		s.say(a.licence)
		s.binding = a.general
		out = append(out, s)
	}
	return out
}

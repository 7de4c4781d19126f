// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

const (
	maxSalvage = 64 << 10 // bytes; real files have 4 KiB
	maxRounds  = 8        // broken parts that are looked for
)

// salvage reads what can be read of a file that is no YAML, so that one wrong
// indentation hides no other mistake: it blanks the part of the file, from one
// key at the margin to the next, in which the YAML reader stumbles, until the
// rest can be read. The first error is reported by now, it reports the others.
// It returns the tree of the rest and the keys that are not in it; nil where
// nothing can be done.
func salvage(src []byte, r *report) (*yaml.Node, []string) {
	if len(src) > maxSalvage || !slices.ContainsFunc(r.findings, func(f Finding) bool { return f.Code == "PC0004" }) {
		return nil, nil
	}
	var broken []string
	_, err := loadFirst(src)
	for range maxRounds {
		at, context := errorPositions(err)
		var next []byte
		var keys []string
		var nextErr error
		var root *yaml.Node
		furthest := position{}
		// An unclosed quotation mark is noticed at the end of the file, a wrong
		// indentation on the line after: so each suspect is tried.
		for _, line := range []int{context.line, at.line, at.line - 1, context.line - 1} {
			without, names := blankPart(src, line)
			if without == nil {
				continue
			}
			rest, err := loadFirst(without)
			if err == nil {
				next, keys, root, nextErr = without, names, rest, nil
				break
			}
			if p, _ := errorPositions(err); p.line > furthest.line {
				next, keys, nextErr, furthest = without, names, err, p
			}
		}
		if next == nil {
			return nil, nil
		}
		broken = append(broken, keys...)
		if nextErr == nil {
			if root == nil || root.Kind != yaml.MappingNode || !aliasesBounded(root) {
				return nil, nil
			}
			return root, broken
		}
		if furthest.line <= at.line {
			return nil, nil // no way forward
		}
		src, err = next, nextErr
		r.noYAML(src, err)
	}
	return nil, nil
}

// unclosed is what the YAML reader says of a quotation mark or bracket that is not
// closed, which it notices far behind.
var unclosed = regexp.MustCompile(`end of stream|expected ',' or`)

// noYAML reports what the YAML reader complains about.
func (r *report) noYAML(src []byte, err error) {
	at := errorPosition(err)
	lines := bytes.Split(src, []byte("\n"))
	for n := at.line; n >= max(at.line-1, 1) && n <= len(lines); n-- {
		if isConflictMarker(lines[n-1]) {
			r.add("PC0004", position{n, 1}, "", "Die Zeile ist eine Konfliktmarkierung von Git", "the line is a conflict marker of Git")
			return
		}
	}
	if _, begin := errorPositions(err); begin.line > 0 && unclosed.MatchString(err.Error()) {
		at = begin
	}
	de, en := errorWords(err)
	r.add("PC0004", at, "", de, en)
}

func isConflictMarker(line []byte) bool {
	return slices.ContainsFunc([]string{"<<<<<<<", "=======", ">>>>>>>"}, func(marker string) bool {
		return bytes.HasPrefix(line, []byte(marker))
	})
}

// loadFirst reads the first document, nil where there is none.
func loadFirst(src []byte) (*yaml.Node, error) {
	loader, _, err := newLoader(src)
	if err != nil {
		return nil, err
	}
	var doc yaml.Node
	if err := loader.Load(&doc); err != nil {
		return nil, err
	}
	if doc.Kind != yaml.DocumentNode || len(doc.Content) == 0 {
		return nil, nil
	}
	return doc.Content[0], nil
}

// blankPart empties the part of a file that a line belongs to, and names all
// that can be keys in it, also where they only seem to be indented; nil where
// there is none. Lines keep their numbers.
func blankPart(src []byte, line int) (without []byte, keys []string) {
	lines := bytes.SplitAfter(src, []byte("\n"))
	if line < 1 || line > len(lines) {
		return nil, nil
	}
	first := line - 1
	for first > 0 && !beginsPart(lines[first]) {
		first--
	}
	if !beginsPart(lines[first]) {
		return nil, nil
	}
	end := first + 1
	for end < len(lines) && !beginsPart(lines[end]) {
		end++
	}
	for i, l := range lines {
		if i < first || i >= end {
			without = append(without, l...)
			continue
		}
		without = append(without, '\n')
		name, _, _ := strings.Cut(string(l), ":")
		keys = append(keys, strings.Trim(strings.TrimSpace(name), `"'`))
	}
	return without, keys
}

// beginsPart reports a key at the margin, or a conflict marker: not blank, no
// comment, no entry of a list, and no text that lost its indentation.
func beginsPart(line []byte) bool {
	if len(bytes.TrimSpace(line)) == 0 {
		return false
	}
	switch line[0] {
	case ' ', '\t', '#', '-', '}', ']':
		return false
	}
	return bytes.ContainsRune(line, ':') || isConflictMarker(line)
}

// forget drops what is said of keys that are in the file, but in a part that
// could not be read.
func (r *report) forget(keys []string) {
	r.findings = slices.DeleteFunc(r.findings, func(f Finding) bool {
		root, _, _ := strings.Cut(f.Key, ".")
		return f.Key != "" && slices.Contains(keys, root)
	})
}

// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/allmende-registry/allmende/spdx"
)

// verdict is one of three: what cannot be looked at is neither true nor false.
// The order makes "and" the least and "or" the greatest of several.
type verdict int

const (
	no verdict = iota
	unknown
	yes
)

func verdictOf(b bool) verdict {
	if b {
		return yes
	}
	return no
}

// condition is what a rule asks for.
type condition func(*inspection) verdict

// inspection is what conditions look at.
type inspection struct {
	result   *Result
	fileName string    // "" where unknown
	files    *checkout // nil where unknown
}

func allOf(conditions []condition) condition {
	return func(look *inspection) verdict {
		t := yes
		for _, c := range conditions {
			if t = min(t, c(look)); t == no {
				break
			}
		}
		return t
	}
}

func anyOf(conditions []condition) condition {
	return func(look *inspection) verdict {
		t := no
		for _, c := range conditions {
			if t = max(t, c(look)); t == yes {
				break
			}
		}
		return t
	}
}

func not(c condition) condition {
	return func(look *inspection) verdict { return yes - c(look) }
}

// inFile asks about the content of the publiccode.yml, which nobody can know
// where it is unreadable.
func inFile(ask func(*Result) bool) condition {
	return func(look *inspection) verdict {
		if look.result.root == nil || look.result.PublicCode == nil {
			return unknown
		}
		return verdictOf(ask(look.result))
	}
}

// hasKey asks for at least as many values at a path that say something.
func hasKey(path string, least int) condition {
	return inFile(func(r *Result) bool {
		n := 0
		for _, v := range find(r.root, splitPath(path)) {
			if !isEmpty(v) {
				n++
			}
		}
		return n >= least
	})
}

// hasValue asks for one value at a path that is in a list.
func hasValue(path string, list []string) condition {
	return inFile(func(r *Result) bool {
		return slices.ContainsFunc(r.values(path), func(v string) bool { return slices.Contains(list, v) })
	})
}

// matches asks for one value at a path that an expression fits.
func matches(path string, re *regexp.Regexp) condition {
	return inFile(func(r *Result) bool { return slices.ContainsFunc(r.values(path), re.MatchString) })
}

// values are the scalars at a path, as written.
func (r *Result) values(path string) []string {
	if r.root == nil || path == "" {
		return nil
	}
	var out []string
	for _, n := range find(r.root, splitPath(path)) {
		if n.Kind == yaml.ScalarNode && !isNull(n) {
			out = append(out, strings.TrimSpace(n.Value))
		}
	}
	return out
}

// hasLanguage asks for a description in a language, of whatever country.
func hasLanguage(tag string) condition {
	return inFile(func(r *Result) bool { return r.PublicCode.tag(tag) != "" })
}

// hasOSILicence asks for a declared licence that the OSI has approved. Of what
// is no SPDX expression nobody knows.
func hasOSILicence(look *inspection) verdict {
	if look.result.root == nil || look.result.PublicCode == nil {
		return unknown
	}
	licence := look.result.PublicCode.Legal.License
	e, _, err := spdx.Parse(licence)
	if err != nil && licence != "" {
		return unknown
	}
	return verdictOf(e.OSIApproved())
}

// declares asks for a version of the standard, or a later one. The major
// version alone, "0", stands for the newest.
func declares(least minor) condition {
	return inFile(func(r *Result) bool {
		m, state := parseVersion(r.Version)
		return state != versionUnknown && m >= least
	})
}

func isNamed(names []string) condition {
	return func(look *inspection) verdict {
		if look.fileName == "" {
			return unknown
		}
		return verdictOf(slices.Contains(names, look.fileName))
	}
}

// hasFile asks for a file in the repository that fits one of the patterns.
func hasFile(patterns []string) condition {
	return func(look *inspection) verdict {
		if look.files == nil {
			return unknown
		}
		t := no
		for _, p := range patterns {
			found, all := look.files.find(p)
			if len(found) > 0 {
				return yes
			}
			if !all {
				t = unknown
			}
		}
		return t
	}
}

// hasHeading asks for a heading with one of the words in a file that fits one
// of the patterns.
func hasHeading(patterns, words []string) condition {
	return func(look *inspection) verdict {
		if look.files == nil {
			return unknown
		}
		t := no
		for _, p := range patterns {
			found, all := look.files.find(p)
			if !all {
				t = unknown
			}
			for _, name := range found {
				headings, all := look.files.headings(name)
				if slices.ContainsFunc(headings, func(h string) bool { return containsAny(h, words) }) {
					return yes
				}
				if !all {
					t = unknown
				}
			}
		}
		return t
	}
}

func containsAny(s string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(s, w) })
}

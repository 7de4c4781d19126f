// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The functions of this file tell what a value was meant to be where that can
// be one thing only, and "" where a person must decide.

// dateForms are ways to write a date. What stands behind a date in the form of
// ISO 8601 is the time of day.
var dateForms = []struct {
	form             *regexp.Regexp
	year, month, day int // the groups; of slashes, day and month stay open
}{
	{regexp.MustCompile(`^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$`), 1, 2, 3},
	{regexp.MustCompile(`^(\d{4})-(\d{1,2})-(\d{1,2})[Tt ]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:[Zz]|[+-]\d{2}(?::?\d{2})?)?$`), 1, 2, 3},
	{regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})$`), 1, 2, 3},
	{regexp.MustCompile(`^(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})$`), 3, 2, 1},
	{regexp.MustCompile(`^(\d{1,2})(?:\.|st|nd|rd|th)?[ -](\pL{3,})\.?,?[ -](\d{4})$`), 3, 2, 1},
	{regexp.MustCompile(`^(\pL{3,})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})$`), 3, 1, 2},
}

var slashedDate = regexp.MustCompile(`^(\d{1,2})[/-](\d{1,2})[/-](\d{4})$`)

// months are the names of the months, each in German, English, Italian, French.
var months = [12][]string{
	{"januar", "jänner", "january", "gennaio", "janvier"},
	{"februar", "feber", "february", "febbraio", "février"},
	{"märz", "maerz", "march", "marzo", "mars"},
	{"april", "aprile", "avril"},
	{"mai", "may", "maggio"},
	{"juni", "june", "giugno", "juin"},
	{"juli", "july", "luglio", "juillet"},
	{"august", "agosto", "août"},
	{"september", "settembre", "septembre"},
	{"oktober", "october", "ottobre", "octobre"},
	{"november", "novembre"},
	{"dezember", "december", "dicembre", "décembre"},
}

// meantDate never guesses which of two numbers is the month.
func meantDate(s string) string {
	for _, f := range dateForms {
		if m := f.form.FindStringSubmatch(s); m != nil {
			return isoDate(m[f.year], m[f.month], m[f.day])
		}
	}
	if m := slashedDate.FindStringSubmatch(s); m != nil {
		dayFirst, monthFirst := isoDate(m[3], m[2], m[1]), isoDate(m[3], m[1], m[2])
		switch {
		case dayFirst == "" || dayFirst == monthFirst:
			return monthFirst
		case monthFirst == "":
			return dayFirst
		}
	}
	return ""
}

func isoDate(year, month, day string) string {
	y, _ := strconv.Atoi(year)
	d, _ := strconv.Atoi(day)
	m, err := strconv.Atoi(month)
	if err != nil {
		m = monthNumber(strings.ToLower(month))
	}
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	if m < 1 || y < 1900 || t.Year() != y || int(t.Month()) != m || t.Day() != d {
		return ""
	}
	return t.Format(time.DateOnly)
}

// monthNumber finds a month by its name, or by three or four letters that no
// other begins with; 0 where there is none.
func monthNumber(name string) int {
	found := 0
	for i, names := range months {
		for _, n := range names {
			if n == name {
				return i + 1
			}
		}
		if len([]rune(name)) <= 4 && slices.ContainsFunc(names, func(n string) bool { return strings.HasPrefix(n, name) }) {
			if found > 0 {
				return 0
			}
			found = i + 1
		}
	}
	return found
}

// fileEndings are endings of file names that are those of domains too.
var fileEndings = []string{
	"md", "rs", "sh", "py", "pl", "zip", "mov", "html", "htm", "pdf", "txt", "rst", "adoc", "json", "xml",
	"yml", "yaml", "svg", "png", "jpg", "jpeg", "gif", "php", "asp", "aspx", "jsp", "js", "css", "doc", "docx", "odt",
}

// meantAddress understands a web address whose scheme is missing.
func meantAddress(s string) string {
	if rest, ok := strings.CutPrefix(s, "//"); ok {
		s = rest
	}
	host, _, _ := strings.Cut(s, "/")
	host, _, _ = strings.Cut(host, "?")
	host, _, _ = strings.Cut(host, ":")
	labels := strings.Split(host, ".")
	top := strings.ToLower(labels[len(labels)-1])
	if len(labels) < 2 || !isHost(host) || len(top) < 2 || strings.Trim(top, "abcdefghijklmnopqrstuvwxyz") != "" ||
		slices.Contains(fileEndings, top) || !isWebAddress("https://"+s) {
		return ""
	}
	return "https://" + s
}

// webForges are the forges whose addresses for git and for the browser are
// known to agree.
var webForges = []string{"github.com", "gitlab.com", "codeberg.org", "bitbucket.org", "gitlab.opencode.de"}

// meantRepository understands an address for git in a place for browsers.
func meantRepository(s string) string {
	rest, ok := strings.CutPrefix(s, "git@")
	if ok {
		rest = strings.Replace(rest, ":", "/", 1)
	} else {
		for _, prefix := range []string{"ssh://git@", "git+ssh://git@", "git://", "git+https://"} {
			if rest, ok = strings.CutPrefix(s, prefix); ok {
				break
			}
		}
	}
	if !ok {
		return meantAddress(s)
	}
	host, repository, _ := strings.Cut(rest, "/")
	if !slices.Contains(webForges, host) || !strings.Contains(strings.Trim(repository, "/"), "/") || !isWebAddress("https://"+rest) {
		return ""
	}
	return "https://" + rest
}

// meantPath understands a path that begins at the root of the repository.
func meantPath(s string) string {
	if strings.HasPrefix(s, "//") {
		return meantAddress(s)
	}
	if !strings.HasPrefix(s, "/") || strings.Contains(s, "\\") {
		return ""
	}
	return strings.TrimPrefix(path.Clean(s), "/")
}

// meantEmail understands an address with a hidden @ sign, or in the form of a
// link.
func meantEmail(s string) string {
	s = strings.TrimSuffix(strings.TrimPrefix(s, "<"), ">")
	if len(s) > len("mailto:") && strings.EqualFold(s[:len("mailto:")], "mailto:") {
		s = s[len("mailto:"):]
	}
	if s = hiddenAt.Replace(s); isEmail(s) {
		return s
	}
	return ""
}

// meantFlag understands what stands for true or false.
func meantFlag(s string) string {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "true", "yes", "on", "y", "ja", "sì", "si", "oui":
		return "true"
	case "false", "no", "off", "n", "nein", "non":
		return "false"
	}
	return ""
}

// safeRename reports whether a key is so near to one of the standard that it
// can only be that.
func safeRename(from, to string) bool {
	fold := strings.NewReplacer("-", "", "_", "", " ", "")
	a, b := fold.Replace(strings.ToLower(from)), fold.Replace(strings.ToLower(to))
	limit := 2
	if len(b) < 6 {
		limit = 1
	} else if len(b) >= 9 {
		limit = 3
	}
	return !strings.ContainsAny(to, ".[") && (editDistance(a, b, limit) < limit || a == "url" && b == "uri")
}

// safeWord reports whether the value of a key is so near to a word of its closed
// list that it can only be that: a slip of the keyboard after the first letter,
// or a part of no other word.
func safeWord(key, from, to string) bool {
	a, b := foldWord(from), foldWord(to)
	if a == b || oldTypes[from] == to || a == "" {
		return a == b || oldTypes[from] == to
	}
	partOf := func(word string) bool {
		word = foldWord(word)
		return strings.HasSuffix(word, "/"+a) || strings.HasPrefix(word, a+"-")
	}
	if partOf(to) {
		list := softwareTypes
		if strings.HasPrefix(key, "categories") {
			list = categories
		} else if strings.HasPrefix(key, "intendedAudience") {
			list = scopes
		}
		return len(slices.DeleteFunc(slices.Clone(list), func(word string) bool { return !partOf(word) })) == 1
	}
	return slip(a, b)
}

// slip reports whether two words differ by a slip of the keyboard: in one part,
// long enough that another word is not as near, and after its first letter.
func slip(a, b string) bool {
	parts, others := strings.FieldsFunc(a, betweenParts), strings.FieldsFunc(b, betweenParts)
	if len(parts) != len(others) { // a hyphen too many or too few
		a, b = strings.Map(dropParts, a), strings.Map(dropParts, b)
		return a == b
	}
	different := 0
	for i, part := range parts {
		other := others[i]
		if part == other {
			continue
		}
		different++
		allowed := min(len(part), len(other)) / 5 // none in a short word, one in five letters
		if part[0] != other[0] || editDistance(part, other, allowed+1) > allowed {
			return false
		}
	}
	return different == 1
}

func betweenParts(c rune) bool { return c == '-' || c == '/' }

func dropParts(c rune) rune {
	if betweenParts(c) {
		return -1
	}
	return c
}

func foldWord(s string) string {
	return strings.NewReplacer(" ", "-", "_", "-").Replace(strings.ToLower(strings.TrimSpace(s)))
}

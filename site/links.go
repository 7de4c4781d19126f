// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"bytes"
	"cmp"
	"fmt"
	"html"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/allmende-registry/allmende/registry"
)

// maxBroken is how many broken links an error names.
const maxBroken = 20

// served are the paths that only a server answers.
var served = []string{"/v1/", "/compat/", "/api/", "/suggest", "/en/suggest"}

// linkCheck counts what the pages of the site lead to, so that a page that goes is
// missed by those that are not written anew. Pages write their links from the
// root of the site, which makes them easy to find.
type linkCheck struct {
	prefix string
	anew   bool // counted from nothing, not from where the build before left off

	mu     sync.Mutex
	counts map[string]int    // file, with #anchor where the link has one -> links to it
	from   map[string]string // -> a page that leads there, of those written now
	fresh  map[string]bool   // that no page led to before
	errors []string          // anchors that are not on the page itself
}

func newLinks(prefix string, counts map[string]int) *linkCheck {
	anew := counts == nil
	if anew {
		counts = map[string]int{}
	}
	return &linkCheck{prefix: prefix, anew: anew, counts: counts, from: map[string]string{}, fresh: map[string]bool{}}
}

// add counts the links of a page.
func (l *linkCheck) add(name string, page []byte) {
	targets := l.find(page)
	missing := missingAnchors(page)
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, t := range targets {
		if l.counts[t]++; l.counts[t] == 1 {
			l.fresh[t] = true
		}
		if l.from[t] == "" {
			l.from[t] = name
		}
	}
	for _, id := range missing {
		l.errors = append(l.errors, name+" leads to #"+id)
	}
}

// remove takes them back.
func (l *linkCheck) remove(page []byte) {
	targets := l.find(page)
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, t := range targets {
		if l.counts[t]--; l.counts[t] <= 0 {
			delete(l.counts, t)
		}
	}
}

// find yields the files that a page leads to.
func (l *linkCheck) find(page []byte) []string {
	var targets []string
	for rest := page; ; {
		i := bytes.Index(rest, []byte(`="/`))
		if i < 0 {
			return targets
		}
		before := rest[:i]
		rest = rest[i+2:]
		end := bytes.IndexByte(rest, '"')
		if end < 0 {
			return targets
		}
		if bytes.HasSuffix(before, []byte(" href")) || bytes.HasSuffix(before, []byte(" src")) {
			if t := l.target(string(rest[:end])); t != "" {
				targets = append(targets, t)
			}
		}
		rest = rest[end:]
	}
}

// target is the file that a link leads to; "" where it leads out of the site.
func (l *linkCheck) target(link string) string {
	if strings.Contains(link, "&") {
		link = html.UnescapeString(link)
	}
	link, anchor, _ := strings.Cut(link, "#")
	link, _, _ = strings.Cut(link, "?")
	path, ok := strings.CutPrefix(link, l.prefix)
	if !ok || !strings.HasPrefix(path, "/") || strings.HasPrefix(link, "//") || slices.ContainsFunc(served, func(p string) bool { return strings.HasPrefix(path, p) }) {
		return ""
	}
	name, err := filePath(path)
	if err != nil {
		name = path
	}
	if anchor != "" {
		name += "#" + anchor
	}
	return name
}

// missingAnchors are those that a page leads to on itself and does not have.
func missingAnchors(page []byte) (missing []string) {
	wanted := attributes(page, ` href="#`)
	if len(wanted) == 0 {
		return nil
	}
	has := attributes(page, ` id="`)
	for id := range wanted {
		if !has[id] && id != "" {
			missing = append(missing, id)
		}
	}
	slices.Sort(missing)
	return missing
}

// attributes are the values that stand behind something in a page.
func attributes(page []byte, before string) map[string]bool {
	values := map[string]bool{}
	for {
		i := bytes.Index(page, []byte(before))
		if i < 0 {
			return values
		}
		page = page[i+len(before):]
		if end := bytes.IndexByte(page, '"'); end >= 0 {
			values[html.UnescapeString(string(page[:end]))] = true
		}
	}
}

// check fails where a link leads to a file that is not there, naming the first
// ones. The error wraps registry.ErrInvalid.
func (l *linkCheck) check(s *stage, files map[string]string) error {
	broken := l.errors
	ids := map[string]map[string]bool{}
	for t := range l.counts {
		name, anchor, _ := strings.Cut(t, "#")
		hash, there := files[name]
		if there && !l.fresh[t] && s.files[name] == hash {
			continue // as it was when it was last looked at
		}
		if there = there || s.foreign[name]; there && anchor != "" {
			if ids[name] == nil {
				page, err := os.ReadFile(s.path(name))
				if err != nil {
					return err
				}
				ids[name] = attributes(page, ` id="`)
			}
			there = ids[name][anchor]
		}
		if !there {
			broken = append(broken, cmp.Or(l.from[t], "a page of an earlier build")+" leads to "+t)
		}
	}
	if len(broken) == 0 {
		return nil
	}
	slices.Sort(broken)
	more := ""
	if n := len(broken) - maxBroken; n > 0 {
		more = fmt.Sprintf("\nand %d more", n)
	}
	return fmt.Errorf("%w: links that lead nowhere:\n%s%s", registry.ErrInvalid, strings.Join(broken[:min(len(broken), maxBroken)], "\n"), more)
}

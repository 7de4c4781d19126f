// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package image

import (
	"regexp"
	"strings"
)

// reference finds what a value or a stylesheet addresses.
var reference = regexp.MustCompile(`(?i:url)\(\s*["']?#([^\s"'<>()\\]+)`)

// reach is how much is drawn for an element once references are followed.
type reach struct {
	elements, depth int
	done            bool
}

// reacher follows references.
type reacher struct {
	byID   map[string]*node
	styles []*node // what the stylesheets address, for any element at all
	known  map[*node]*reach
}

// checkReach refuses drawings whose references multiply.
func (n *node) checkReach() error {
	r := reacher{byID: map[string]*node{}, known: map[*node]*reach{}}
	n.index(&r)
	n.each(func(s *node) {
		if s.name == "style" {
			for _, c := range s.children {
				r.styles = append(r.styles, r.addressed(c.text)...)
			}
		}
	})
	if got := r.of(n); got.elements > maxDrawn || got.depth > maxReach {
		return tooLarge("a drawing whose references come to more than %d elements, or %d in one another", maxDrawn, maxReach)
	}
	return nil
}

func (n *node) each(visit func(*node)) {
	visit(n)
	for _, c := range n.children {
		c.each(visit)
	}
}

func (n *node) index(r *reacher) {
	n.each(func(e *node) {
		if id := e.attr("id"); id != "" && r.byID[id] == nil {
			r.byID[id] = e
		}
	})
}

// addressed are the elements that a text names. Gradients are colours: nothing
// is drawn for them.
func (r *reacher) addressed(text string) []*node {
	if !strings.Contains(text, "#") {
		return nil
	}
	var list []*node
	for _, m := range reference.FindAllStringSubmatch(text, -1) {
		if n := r.byID[m[1]]; n != nil && !strings.HasSuffix(n.name, "Gradient") {
			list = append(list, n)
		}
	}
	return list
}

// of counts; an element within itself is not drawn again.
func (r *reacher) of(n *node) *reach {
	if got := r.known[n]; got != nil {
		if got.done {
			return got
		}
		return &reach{}
	}
	got := &reach{elements: 1}
	r.known[n] = got
	var parts []*node
	parts = append(parts, n.children...)
	if n.name != "" {
		parts = append(parts, r.styles...)
	}
	for _, a := range n.attrs {
		if target, ok := strings.CutPrefix(a.Value, "#"); ok && a.Name.Local == "href" {
			if t := r.byID[target]; t != nil {
				parts = append(parts, t)
			}
		}
		parts = append(parts, r.addressed(a.Value)...)
	}
	for _, part := range parts {
		of := r.of(part)
		got.elements = min(got.elements+of.elements, maxDrawn+1)
		got.depth = max(got.depth, of.depth)
	}
	got.depth++
	got.done = true
	return got
}

// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"
)

// Set sets or adds one key by its path, such as maintenance.contacts[0].email,
// and leaves all else as it is. Quotation marks and comments stay; a new key
// comes where the order of the standard has it, with the sections around it
// where they are missing; an entry comes at the end of a list where the path
// names the next one. The value "" removes the key, and of a section that
// holds no other the section. The file comes back in UTF-8.
//
// Nothing is checked but that another reading gives that value and no other
// change: it is an error where that cannot be, because the file is no YAML, the
// path names a section or list, or an alias repeats the value elsewhere.
func Set(src []byte, path, value string) ([]byte, error) {
	value = storable(value)
	return change(src, path, value == "", func(w *rewrite, at *target) error {
		now := at.scalar(value)
		switch n := at.node; {
		case n == nil:
			return w.put(at, now)
		case n.Kind == yaml.ScalarNode && n.Value == value && sameTag(n.ShortTag(), now.ShortTag()):
			return nil
		case resolve(n).Kind != yaml.ScalarNode && !isEmpty(resolve(n)):
			_, kind := kindWords(resolve(n))
			return fmt.Errorf("it holds %s, no text", kind)
		case isEmpty(n):
			return done(w.fill(n, now))
		default:
			return done(w.replace(n, now))
		}
	})
}

// SetList is Set for a key that holds a list of texts. Entries that stay keep
// their comments and quotation marks; no values remove the key.
func SetList(src []byte, path string, values []string) ([]byte, error) {
	var texts []string
	for _, v := range values {
		if v = storable(v); v != "" {
			texts = append(texts, v)
		}
	}
	single := false
	out, err := change(src, path, len(texts) == 0, func(w *rewrite, at *target) error {
		list := listNode()
		for _, t := range texts {
			list.Content = append(list.Content, textNode(t))
		}
		switch n := at.node; {
		case n == nil:
			return w.put(at, list)
		case isEmpty(n):
			return done(w.fill(n, list))
		case n.Kind == yaml.SequenceNode:
			return w.refill(n, texts)
		case n.Kind != yaml.ScalarNode:
			return errors.New("it holds no list")
		case len(texts) == 1 && at.spec != nil && at.spec.single:
			if n.Value == texts[0] {
				return nil
			}
			return done(w.replace(n, textNode(texts[0])))
		default:
			single = true
			return done(w.enlist(n))
		}
	})
	if err == nil && single {
		return SetList(out, path, values)
	}
	return out, err
}

// storable is a text with the line ends of YAML, in UTF-8.
func storable(s string) string {
	return strings.ToValidUTF8(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s), "\ufffd")
}

func done(ok bool) error {
	if ok {
		return nil
	}
	return errIntertwined
}

var errIntertwined = errors.New("it cannot be changed without changing more: write it by hand")

// target is where a path leads.
type target struct {
	node *yaml.Node // what is there; nil where nothing is
	spec *keySpec   // the key of the standard; nil for others
	// around is the innermost section or list on the way that is there, keys what
	// the standard has in it, and missing the rest of the path from there.
	around  *yaml.Node
	keys    []keySpec
	missing []string
}

// scalar is a new value of the kind of the key.
func (t *target) scalar(s string) *yaml.Node {
	if t.spec != nil {
		switch t.spec.kind {
		case KindBoolean:
			if s == "true" || s == "false" {
				return flagNode(s)
			}
		case KindDate:
			if _, err := time.Parse(time.DateOnly, s); err == nil {
				return dateNode(s)
			}
		}
	}
	return textNode(s)
}

// maxPath bounds the steps of a path; the standard needs five.
const maxPath = 20

// change rewrites the value at a path and reads the outcome.
func change(src []byte, path string, remove bool, by func(*rewrite, *target) error) ([]byte, error) {
	fail := func(err error) ([]byte, error) { return nil, fmt.Errorf("publiccode.yml: setting %s: %w", path, err) }
	steps := splitPath(path)
	if len(steps) == 0 || len(steps) > maxPath {
		return fail(errors.New("that is no path such as legal.license"))
	}
	r := Parse(src, Options{})
	empty := r.root == nil && len(src) <= MaxSize && isBlankText(withoutComments(r.source))
	if empty {
		// A file to begin with: a first key gives it a root.
		if remove {
			return src, nil
		}
		return begin(r.source, steps, by)
	}
	if r.root == nil {
		return fail(errors.New("the file cannot be read; mend it by hand first"))
	}
	l := newLayout(r)
	if l.root == nil {
		return fail(errors.New("the file holds line ends that YAML readers disagree about; replace them first"))
	}
	at, err := l.target(steps)
	if err != nil {
		return fail(err)
	}
	w := l.rewrite()
	switch {
	case !remove:
		err = by(w, at)
	case at.node == nil:
	case l.alone(at.node):
		// Nothing stays of the file but what stands around its keys.
		end, ok := l.end(r.root)
		if !ok {
			return fail(errIntertwined)
		}
		_, end = l.bounds(l.place(end).line)
		return append(slices.Clone(l.src[:l.starts[r.root.Content[0].Line-1]]), l.src[end:]...), nil
	default:
		err = done(w.remove(l.owner(at.node)))
	}
	if err != nil {
		return fail(err)
	}
	if len(w.edits) == 0 {
		return src, nil
	}
	out, ok := w.apply()
	if !ok {
		return fail(errIntertwined)
	}
	if next := Parse(out, Options{}); next.root == nil || !w.matches(r.root, next.root) {
		return fail(errIntertwined)
	}
	if bytes.HasPrefix(src, byteOrderMark) {
		out = append(slices.Clone(byteOrderMark), out...)
	}
	return out, nil
}

var byteOrderMark = []byte("\xef\xbb\xbf")

// withoutComments empties the lines that are comments.
func withoutComments(src []byte) []byte {
	var out []byte
	for line := range bytes.Lines(src) {
		if !isComment(line) {
			out = append(out, line...)
		}
	}
	return out
}

// begin writes the first key of a file that holds comments at most.
func begin(src []byte, steps []string, by func(*rewrite, *target) error) ([]byte, error) {
	if len(src) > 0 && src[len(src)-1] != '\n' {
		src = append(slices.Clone(src), lineEnd(src)...)
	}
	// A key of no meaning stands where the first will be.
	const placeholder = "x-allmende-first"
	out := append(slices.Clone(src), placeholder+": x"+lineEnd(src)...)
	out, err := change(out, strings.Join(steps, "."), false, by)
	if err != nil {
		return nil, err
	}
	return Set(out, placeholder, "")
}

// alone reports whether a file holds nothing but one value.
func (l *layout) alone(n *yaml.Node) bool {
	for p := l.parent[n]; p != nil; p = l.parent[p] {
		if p.Kind == yaml.MappingNode && len(p.Content) > 2 || p.Kind == yaml.SequenceNode && len(p.Content) > 1 {
			return false
		}
	}
	return true
}

// target follows a path as far as it leads.
func (l *layout) target(steps []string) (*target, error) {
	t := &target{node: l.root, keys: topKeys}
	byLanguage := false
	for i, step := range steps {
		n := t.node
		if n.Kind == yaml.AliasNode {
			return nil, errors.New("a part of the way is a YAML alias; write it out first")
		}
		index, err := strconv.Atoi(step)
		isEntry := err == nil && n.Kind != yaml.MappingNode
		next := (*yaml.Node)(nil)
		switch {
		case isEmpty(n):
		case isEntry && n.Kind == yaml.SequenceNode && index >= 0 && index <= len(n.Content):
			if index < len(n.Content) {
				next = n.Content[index]
			}
		case !isEntry && n.Kind == yaml.MappingNode:
			for k := 0; k+1 < len(n.Content); k += 2 {
				if n.Content[k].Value == step {
					next = n.Content[k+1]
				}
			}
		default:
			_, kind := kindWords(n)
			return nil, fmt.Errorf("%q does not lead on: there is %s", step, kind)
		}
		t.around, t.missing = n, steps[i:]
		around := t.keys
		switch {
		case isEntry:
		case byLanguage:
			byLanguage = false
			around = nil
		default:
			t.spec, _ = exactKey(t.keys, step)
			t.keys = nil
			if t.spec != nil {
				t.keys, byLanguage = t.spec.keys, t.spec.kind == KindByLanguage
			}
		}
		if next == nil {
			for _, rest := range steps[i+1:] {
				if _, err := strconv.Atoi(rest); err != nil && !byLanguage {
					t.spec, _ = exactKey(t.keys, rest)
					t.keys = nil
					if t.spec != nil {
						t.keys, byLanguage = t.spec.keys, t.spec.kind == KindByLanguage
					}
				} else if err != nil {
					byLanguage = false
				}
			}
			t.node, t.keys = nil, around
			return t, nil
		}
		t.node = next
	}
	return t, nil
}

func exactKey(keys []keySpec, name string) (*keySpec, bool) {
	for i := range keys {
		if keys[i].name == name {
			return &keys[i], true
		}
	}
	return nil, false
}

// put adds a value where nothing is yet.
func (w *rewrite) put(at *target, v *yaml.Node) error {
	// The sections and lists between, from the inside out.
	for _, step := range slices.Backward(at.missing[1:]) {
		if index, err := strconv.Atoi(step); err != nil {
			v = sectionNode(textNode(step), v)
		} else if index == 0 {
			v = listNode(v)
		} else {
			return fmt.Errorf("a new list has no entry %d", index)
		}
	}
	name := at.missing[0]
	index, err := strconv.Atoi(name)
	switch n := at.around; {
	case n.Kind == yaml.MappingNode && !isEmpty(n):
		return done(w.insert(n, at.keys, name, v))
	case n.Kind == yaml.SequenceNode && !isEmpty(n):
		return done(w.append(n, v))
	case w.parent[n] == nil:
		return errIntertwined
	case err != nil:
		return done(w.fill(n, sectionNode(textNode(name), v)))
	case index == 0:
		return done(w.fill(n, listNode(v)))
	}
	return fmt.Errorf("an empty list has no entry %d", index)
}

// refill gives a list the entries that are wanted. Those it has stay as they
// are written, with the comments above them.
func (w *rewrite) refill(list *yaml.Node, texts []string) error {
	for _, c := range list.Content {
		if c.Kind != yaml.ScalarNode && c.Kind != yaml.AliasNode {
			return errors.New("its entries are no texts")
		}
	}
	if w.anchored[list] {
		return errIntertwined
	}
	wanted := listNode()
	wanted.Anchor = list.Anchor
	used := map[*yaml.Node]bool{}
	for _, t := range texts {
		entry := textNode(t)
		for _, c := range list.Content {
			if !used[c] && resolve(c).Value == t && sameTag(resolve(c).ShortTag(), "!!str") {
				entry = c
				used[c] = true
				break
			}
		}
		wanted.Content = append(wanted.Content, entry)
	}
	if slices.Equal(wanted.Content, list.Content) {
		return nil
	}
	w.becomes[list] = wanted
	if list.Style&yaml.FlowStyle != 0 {
		return done(w.refillFlow(list, wanted))
	}
	return done(w.refillLines(list, wanted, used))
}

func (w *rewrite) refillFlow(list, wanted *yaml.Node) bool {
	first, last := w.start(list.Content[0]), list.Content[len(list.Content)-1]
	end, ok := w.end(last)
	if !ok || bytes.ContainsRune(w.src[first:end], '#') {
		return false
	}
	separator := ", "
	if line := list.Content[0].Line; line != w.place(end).line {
		separator = "," + w.eol + strings.Repeat(" ", list.Content[0].Column-1)
	}
	var parts []string
	for _, entry := range wanted.Content {
		if w.parent[entry] != list {
			parts = append(parts, w.inline(entry))
			continue
		}
		to, ok := w.end(entry)
		if !ok {
			return false
		}
		parts = append(parts, string(w.src[w.start(entry):to]))
	}
	w.patch(first, end, strings.Join(parts, separator))
	return true
}

func (w *rewrite) refillLines(list, wanted *yaml.Node, used map[*yaml.Node]bool) bool {
	firstDash, ok := w.dashOf(list.Content[0])
	if !ok {
		return false
	}
	from := w.place(firstDash)
	if !isBlankText(w.src[w.starts[from.line-1]:firstDash]) {
		return false
	}
	margin := strings.Repeat(" ", from.column-1)
	// The lines of each entry, from those above it that follow the one before.
	lines := map[*yaml.Node][]string{}
	var kept []string // comments above entries that go
	next := from.line
	for _, entry := range list.Content {
		end, ok := w.end(entry)
		if !ok {
			return false
		}
		dash, ok := w.dashOf(entry)
		if !ok {
			return false
		}
		last, at := w.place(end).line, w.place(dash).line
		for line := next; line <= last; line++ {
			if line < at && !used[entry] {
				kept = append(kept, string(w.line(line)))
			} else {
				lines[entry] = append(lines[entry], string(w.line(line)))
			}
		}
		if used[entry] {
			lines[entry] = append(kept, lines[entry]...)
			kept = nil
		}
		next = last + 1
	}
	var out []string
	for _, entry := range wanted.Content {
		if w.parent[entry] == list {
			out = append(out, lines[entry]...)
		} else {
			out = append(out, margin+"- "+w.entry(entry, from.column-1))
		}
	}
	_, to := w.bounds(next - 1)
	w.patch(w.starts[from.line-1], to, strings.Join(append(out, kept...), w.eol))
	return true
}

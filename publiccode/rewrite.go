// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v4"
)

// rewrite is a change of a text and what it does to the tree of the text. So the
// outcome can be held against the intention: what another reading of the text
// gives must be the old tree with these changes and no others.
type rewrite struct {
	*layout
	edits   []patch
	becomes map[*yaml.Node]*yaml.Node
	removed map[*yaml.Node]bool // entries, and keys with their values
	added   map[*yaml.Node][]addition
}

// maxCompared bounds the pairs of edits that are compared, for hostile files.
const maxCompared = 1 << 20

// patch replaces bytes of the text.
type patch struct {
	from, to int
	text     string
}

// addition is a new entry, or key and value, of a list or mapping.
type addition struct {
	after *yaml.Node // the entry or key before it; nil for the first
	nodes []*yaml.Node
}

func (l *layout) rewrite() *rewrite {
	return &rewrite{
		layout: l, becomes: map[*yaml.Node]*yaml.Node{},
		removed: map[*yaml.Node]bool{}, added: map[*yaml.Node][]addition{},
	}
}

// join takes over another rewrite of the same text; false where both reach for
// the same place. The same change asked for twice is one.
func (w *rewrite) join(other *rewrite) bool {
	if len(w.edits)*len(other.edits) > maxCompared {
		return false
	}
	var fresh []patch
	for _, o := range other.edits {
		if slices.Contains(w.edits, o) && o.from < o.to {
			continue
		}
		for _, e := range w.edits {
			if e.from < o.to && o.from < e.to || e.from == o.from {
				return false
			}
		}
		fresh = append(fresh, o)
	}
	w.edits = append(w.edits, fresh...)
	for old, now := range other.becomes {
		w.becomes[old] = now
	}
	for n := range other.removed {
		w.removed[n] = true
	}
	for n, a := range other.added {
		w.added[n] = append(w.added[n], a...)
	}
	return true
}

func (w *rewrite) patch(from, to int, text string) {
	w.edits = append(w.edits, patch{from, to, text})
}

// sorted returns the edits in the order of the text; false where they overlap.
func (w *rewrite) sorted() ([]patch, bool) {
	slices.SortStableFunc(w.edits, func(a, b patch) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
	for i := 1; i < len(w.edits); i++ {
		if w.edits[i].from < w.edits[i-1].to {
			return nil, false
		}
	}
	return w.edits, true
}

// apply returns the changed text.
func (w *rewrite) apply() ([]byte, bool) {
	edits, ok := w.sorted()
	if !ok {
		return nil, false
	}
	out := make([]byte, 0, len(w.src)+64)
	done := 0
	for _, e := range edits {
		out = append(append(out, w.src[done:e.from]...), e.text...)
		done = e.to
	}
	return append(out, w.src[done:]...), true
}

// public returns the edits as others see them, in the order of the text.
func (w *rewrite) public() []Edit {
	edits, ok := w.sorted()
	if !ok {
		return nil
	}
	out := make([]Edit, 0, len(edits))
	for _, e := range edits {
		from, to := w.place(e.from), w.place(e.to)
		out = append(out, Edit{from.line, from.column, to.line, to.column, e.text})
	}
	return out
}

// matches reports whether a tree is what the rewrite was to make of the old one.
func (w *rewrite) matches(old, now *yaml.Node) bool {
	if wanted, ok := w.becomes[old]; ok {
		old = wanted
	}
	if old.Kind != now.Kind || old.Anchor != now.Anchor {
		return false
	}
	switch old.Kind {
	case yaml.ScalarNode:
		return old.Value == now.Value && sameTag(old.ShortTag(), now.ShortTag())
	case yaml.AliasNode:
		return old.Value == now.Value
	}
	expected := w.expected(old)
	return slices.EqualFunc(expected, now.Content, w.matches)
}

// sameTag takes a date for the text that it is with quotation marks.
func sameTag(a, b string) bool {
	text := func(tag string) string {
		if tag == "!!timestamp" {
			return "!!str"
		}
		return tag
	}
	return text(a) == text(b)
}

// expected is what a mapping or list shall hold.
func (w *rewrite) expected(n *yaml.Node) []*yaml.Node {
	by := 1
	if n.Kind == yaml.MappingNode {
		by = 2
	}
	var out []*yaml.Node
	add := func(after *yaml.Node) {
		for _, a := range w.added[n] {
			if a.after == after {
				out = append(out, a.nodes...)
			}
		}
	}
	add(nil)
	for i := 0; i+by <= len(n.Content); i += by {
		if !w.removed[n.Content[i]] {
			out = append(out, n.Content[i:i+by]...)
		}
		add(n.Content[i])
	}
	return out
}

// textNode, flagNode and dateNode are scalars that are still to be written.
func textNode(s string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s}
}

func flagNode(s string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: s}
}

func dateNode(s string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!timestamp", Value: s}
}

func sectionNode(pairs ...*yaml.Node) *yaml.Node {
	return &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Content: pairs}
}

func listNode(entries ...*yaml.Node) *yaml.Node {
	return &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Content: entries}
}

// replace writes a scalar, or an alias, anew. Its quotation marks stay.
func (w *rewrite) replace(n, now *yaml.Node) bool {
	if w.anchored[n] {
		return false
	}
	from := w.body(n)
	to, ok := w.end(n)
	if !ok {
		return false
	}
	now.Anchor = n.Anchor
	if n.Kind == yaml.AliasNode {
		now.Anchor = ""
	}
	w.becomes[n] = now
	style := n.Style & (yaml.SingleQuotedStyle | yaml.DoubleQuotedStyle | yaml.LiteralStyle | yaml.FoldedStyle)
	block := style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0
	if header, _, _ := bytes.Cut(w.src[from:to], []byte("\n")); block && bytes.ContainsRune(header, '#') {
		return false // a comment would go
	}
	several := strings.Contains(now.Value, "\n")
	if block && !several && len(now.Value) <= proseWidth || !block && several {
		style = 0
	}
	indent, flow := 0, w.inFlow(n) || w.keys[nodePosition(n)] == n
	if !flow {
		if indent, ok = w.indent(n); !ok {
			return false
		}
	}
	text := w.written(now, indent, flow, style)
	if from == to && from > 0 && !isBlank(w.src[from-1]) {
		text = " " + text
	}
	w.patch(from, to, text)
	return true
}

// quoted puts quotation marks around a scalar.
func (w *rewrite) quoted(n *yaml.Node) bool {
	to, ok := w.end(n)
	if !ok || w.anchored[n] {
		return false
	}
	now := textNode(n.Value)
	now.Anchor = n.Anchor
	w.becomes[n] = now
	w.patch(w.body(n), to, quotedText(n.Value, w.quote))
	return true
}

// remove deletes an entry, or a key with its value and the comments that are
// clearly its own. Of a section that would be left empty nothing stays.
func (w *rewrite) remove(n *yaml.Node) bool {
	p := w.parent[n]
	if p == nil || w.anchored[n] || w.removed[n] {
		return false
	}
	i, last, by := slices.Index(p.Content, n), n, 1
	if p.Kind == yaml.MappingNode {
		last, by = p.Content[i+1], 2
	}
	if w.holdsShared(n) || w.holdsShared(last) {
		return false
	}
	if left := len(w.expected(p)); left <= by {
		return left == by && w.parent[p] != nil && w.remove(w.owner(p))
	}
	w.removed[n] = true
	end, ok := w.end(last)
	if !ok {
		return false
	}
	var next *yaml.Node
	if i+by < len(p.Content) {
		next = p.Content[i+by]
	}
	if p.Style&yaml.FlowStyle != 0 {
		from, to := w.start(n), end
		if next != nil {
			to = w.start(next)
		} else if from, ok = w.end(p.Content[i-1]); !ok {
			return false
		}
		w.patch(from, to, "")
		return !bytes.ContainsRune(w.src[from:to], '#')
	}
	return w.removeLines(n, next, end)
}

// owner is the key that a section or list stands behind, or itself where it is
// an entry.
func (l *layout) owner(n *yaml.Node) *yaml.Node {
	p := l.parent[n]
	if p.Kind == yaml.SequenceNode {
		return n
	}
	return p.Content[slices.Index(p.Content, n)-1]
}

// removeLines deletes an entry, or key, that ends at a place and is followed by
// another, or by nil, from a list or mapping without brackets.
func (w *rewrite) removeLines(n, next *yaml.Node, end int) bool {
	from := w.start(n)
	isEntry := w.parent[n].Kind == yaml.SequenceNode
	if isEntry {
		var ok bool
		if from, ok = w.dashOf(n); !ok {
			return false
		}
	}
	first, last := w.place(from), w.place(end).line
	lineStart, _ := w.bounds(first.line)
	_, lineEnd := w.bounds(last)
	if rest := w.src[end:lineEnd]; !isBlankText(rest) && commentStart(bytes.TrimLeft(rest, " \t")) != 0 {
		return false
	}
	before := w.src[lineStart:from]
	if !isBlankText(before) {
		// The first key of an entry shares its line with the dash: the next one
		// moves there.
		if isEntry || next == nil || len(bytes.Trim(before, "- ")) > 0 {
			return false
		}
		to := w.start(next)
		_, gap, _ := bytes.Cut(w.src[end:to], []byte("\n"))
		w.patch(from, to, "")
		return isBlankText(gap)
	}
	indent := len(before)
	for line := first.line; line <= last; line++ {
		if commentStart(w.line(line)) >= 0 {
			return false // what a person has remarked stays
		}
	}
	top := first.line
	if !isEntry {
		top = w.ownComments(n.Value, top, indent)
	}
	blank := func(line int) bool { return isBlankText(w.line(line)) }
	to := len(w.src)
	switch {
	case last == len(w.starts) || last == len(w.starts)-1 && blank(last+1):
		for top > 1 && blank(top-1) {
			top--
		}
	case top > 1 && blank(top-1) && blank(last+1):
		to = w.starts[last+1]
	default:
		to = w.starts[last]
	}
	w.patch(w.starts[top-1], to, "")
	return true
}

// ownComments finds the first line of the comments that stand directly over a
// key and name it; others are left where they are. Comments at the top of a file
// speak of the file.
func (w *rewrite) ownComments(key string, first, indent int) int {
	top, named := first, false
	for top > 1 && isComment(w.line(top-1)) && indentation(w.line(top-1)) == indent {
		top--
		named = named || names(string(w.line(top)), key)
	}
	if top == 1 || !named {
		return first
	}
	return top
}

// names reports whether a comment names a key. The codes of countries are words of
// some language too, and tell nothing.
func names(comment, key string) bool {
	return len(key) > 2 && slices.ContainsFunc(strings.FieldsFunc(comment, func(c rune) bool {
		return c != '-' && c != '_' && !unicode.IsLetter(c) && !unicode.IsDigit(c)
	}), func(word string) bool { return strings.EqualFold(word, key) })
}

// enlist makes a list of a single value.
func (w *rewrite) enlist(n *yaml.Node) bool {
	key := w.owner(n)
	to, ok := w.end(n)
	if !ok || w.anchored[n] || w.parent[n].Kind != yaml.MappingNode {
		return false
	}
	keyEnd, ok := w.end(key)
	if !ok {
		return false
	}
	from := w.start(n)
	if n.Kind == yaml.ScalarNode && plain(n) && strings.HasPrefix(n.Value, "-") {
		return w.spaceDashes(n, from, to)
	}
	entry := *n
	w.becomes[n] = listNode(&entry)
	firstLine, lastLine, keyLine := w.place(from).line, w.place(to).line, w.place(keyEnd).line
	inBrackets := n.Style&yaml.FlowStyle != 0
	switch {
	case w.inFlow(n) || inBrackets && firstLine != lastLine:
		w.patch(from, from, "[")
		w.patch(to, to, "]")
	case firstLine == keyLine && lastLine == keyLine:
		colon := bytes.IndexByte(w.src[keyEnd:from], ':')
		if colon < 0 {
			return false
		}
		w.patch(keyEnd+colon+1, from, w.eol+strings.Repeat(" ", key.Column-1+w.dash)+"- ")
	case n.Kind == yaml.ScalarNode && firstLine != lastLine || firstLine == keyLine:
		return false
	case n.Column >= key.Column+w.dash+2 && isBlankText(w.src[from-2:from]):
		w.patch(from-2, from, "- ") // the dash has room where the section is
	default:
		w.patch(from, from, "- ")
		for line := firstLine + 1; line <= lastLine; line++ {
			if start, end := w.bounds(line); end > start {
				w.patch(start, start, "  ")
			}
		}
	}
	return true
}

// spaceDashes makes a list of lines that begin with a dash but no blank.
func (w *rewrite) spaceDashes(n *yaml.Node, from, to int) bool {
	list := listNode()
	for i, entry := range strings.Split(string(w.src[from:to]), "\n") {
		entry, dashed := strings.CutPrefix(strings.TrimSpace(entry), "-")
		if !dashed || entry == "" || !plainSafe(entry, true) {
			return false
		}
		at := from
		if i > 0 {
			at = w.starts[n.Line-1+i] + indentation(w.line(n.Line+i))
		}
		w.patch(at+1, at+1, " ")
		list.Content = append(list.Content, textNode(entry))
	}
	w.becomes[n] = list
	return isBlankText(w.src[w.starts[n.Line-1]:from])
}

func isBlankText(s []byte) bool { return len(bytes.TrimSpace(s)) == 0 }

// add puts a new key with its value into a mapping, after the key that is named
// or, where that is nil, before all others. A value that is a section comes
// after a blank line where the one before it has one after.
func (w *rewrite) add(section, after *yaml.Node, name string, v *yaml.Node) bool {
	if w.anchored[section] || len(section.Content) == 0 {
		return false
	}
	first := section.Content[0]
	lineStart, _ := w.bounds(first.Line)
	if after == nil && (section.Style&yaml.FlowStyle != 0 || !isBlankText(w.src[lineStart:w.start(first)])) {
		after = first
	}
	w.added[section] = append(w.added[section], addition{after, []*yaml.Node{textNode(name), v}})
	text := w.keyText(name, section.Style&yaml.FlowStyle != 0 || w.inFlow(section))
	indent := first.Column - 1
	if after == nil {
		w.patch(lineStart, lineStart, strings.Repeat(" ", indent)+text+w.below(v, indent)+w.eol)
		return true
	}
	end, ok := w.end(w.value(after))
	if !ok {
		return false
	}
	if section.Style&yaml.FlowStyle != 0 {
		w.patch(end, end, ", "+text+" "+w.inline(v))
		return true
	}
	if w.parent[section] != nil && w.inFlow(section) {
		return false
	}
	w.insertLine(end, indent, text+w.below(v, indent), v.Kind != yaml.ScalarNode)
	return true
}

// append puts new entries at the end of a list.
func (w *rewrite) append(list *yaml.Node, entries ...*yaml.Node) bool {
	if w.anchored[list] || len(list.Content) == 0 {
		return false
	}
	last := list.Content[len(list.Content)-1]
	end, ok := w.end(last)
	if !ok {
		return false
	}
	w.added[list] = append(w.added[list], addition{last, entries})
	if list.Style&yaml.FlowStyle != 0 {
		text := ""
		for _, e := range entries {
			text += ", " + w.inline(e)
		}
		w.patch(end, end, text)
		return true
	}
	dash, ok := w.dashOf(last)
	if !ok {
		return false
	}
	indent := w.place(dash).column - 1
	var lines []string
	for _, e := range entries {
		lines = append(lines, "- "+w.entry(e, indent))
	}
	w.insertLine(end, indent, strings.Join(lines, w.eol+strings.Repeat(" ", indent)), false)
	return true
}

// insertLine puts a new line after the one where a value ends, and after the
// comments below it that belong to it.
func (w *rewrite) insertLine(end, indent int, text string, spaced bool) {
	line := w.place(end).line
	for line < len(w.starts) && isComment(w.line(line+1)) && indentation(w.line(line+1)) > indent {
		line++
	}
	text = strings.Repeat(" ", indent) + text
	if line == len(w.starts) {
		w.patch(len(w.src), len(w.src), w.eol+text)
		return
	}
	if spaced && line+1 < len(w.starts) && isBlankText(w.line(line+1)) {
		text = w.eol + text
	}
	at := w.starts[line]
	w.patch(at, at, text+w.eol)
}

// fill makes a section, list or text of a value that says nothing.
func (w *rewrite) fill(n, now *yaml.Node) bool {
	if now.Kind == yaml.ScalarNode && n.Kind == yaml.ScalarNode {
		return w.replace(n, now)
	}
	from := w.body(n)
	to, ok := w.end(n)
	if !ok || w.anchored[n] || len(n.Content) > 0 {
		return false
	}
	now.Anchor = n.Anchor
	w.becomes[n] = now
	if w.inFlow(n) || w.parent[n].Kind != yaml.MappingNode {
		w.patch(from, to, " "+w.inline(now))
		return true
	}
	key := w.owner(n)
	if w.place(to).line != key.Line || n.Anchor != "" {
		return false
	}
	if from < to {
		for from > 0 && w.src[from-1] == ' ' {
			from--
		}
		w.patch(from, to, "")
	}
	_, lineEnd := w.bounds(key.Line)
	w.patch(lineEnd, lineEnd, w.below(now, key.Column-1))
	return true
}

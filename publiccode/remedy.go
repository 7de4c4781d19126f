// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v4"
)

// Remedy returns the edits of Source that mend a finding: nil where a person
// must decide, empty where Source is mended already, as with a wrong encoding.
// Fix tries each and drops what does not help; Remedy itself does not try. It
// can be called from several goroutines.
func (r *Result) Remedy(f Finding) []Edit {
	if _, ok := remedies[f.Code]; !ok {
		return nil
	}
	m := r.mending
	if m == nil {
		m = &mending{}
	}
	m.Lock()
	defer m.Unlock()
	if m.layout == nil {
		m.layout = newLayout(r)
	}
	if w := m.remedy(f); w != nil {
		return w.public()
	}
	return nil
}

// mending keeps the layout of a file from one remedy to the next.
type mending struct {
	sync.Mutex
	*layout
}

// ToConfirm reports whether the remedy of a finding rests on a convention or a
// likeness, or deletes what was said, so that a person should look at it: that
// of a licence named without "only" or "or later", of the nearest word of a
// list, of a deprecated key without successor.
func (f Finding) ToConfirm() bool {
	return slices.Contains([]string{"PC0208", "PC0302", "PC0319", "PC0325", "PC0403", "PC0416", "PC0418"}, f.Code)
}

// remedy is what to do about a finding; nil where a person must decide.
func (l *layout) remedy(f Finding) *rewrite {
	mend, ok := remedies[f.Code]
	if !ok {
		return nil
	}
	if w := l.rewrite(); mend(w, f) {
		return w
	}
	return nil
}

// remedies has the codes that can be mended. A remedy that returns false has
// done nothing of worth.
var remedies = map[string]func(*rewrite, Finding) bool{
	"PC0002": func(*rewrite, Finding) bool { return true }, // Source is UTF-8
	"PC0003": (*rewrite).dropControls,
	"PC0010": (*rewrite).dropRepeatedKey,
	"PC0012": yesOrNo,
	"PC0013": (*rewrite).dropInvisible,

	"PC0103": rename,
	"PC0203": (*rewrite).identify,
	"PC0204": yesOrNo,
	"PC0205": func(w *rewrite, f Finding) bool { n := w.text(f); return n != nil && w.quoted(n) },
	"PC0206": (*rewrite).makeList,
	"PC0208": func(w *rewrite, f Finding) bool { return safeRename(lastStep(f.Key), argument(f, 0)) && rename(w, f) },
	"PC0209": rename,
	"PC0210": (*rewrite).dropEntry,
	"PC0212": (*rewrite).dropRepeatedKey,
	"PC0213": (*rewrite).joinSections,

	"PC0302": (*rewrite).nearestValue,
	"PC0306": second,
	"PC0308": second,
	"PC0309": meant(meantDate, dateNode),
	"PC0310": meant(meantEmail, textNode),
	"PC0311": meant(meantAddress, textNode),
	"PC0312": meant(meantRepository, textNode),
	"PC0313": meant(meantPath, textNode),
	"PC0319": licence(mendLicence),
	"PC0322": meant(meantAddress, textNode),
	"PC0323": meant(strings.TrimSpace, textNode),
	"PC0324": meant(meantEmail, textNode),
	"PC0325": licence(mendLicence),

	"PC0401": (*rewrite).spellVersion,
	"PC0403": (*rewrite).dropKey,
	"PC0404": (*rewrite).succeed,
	"PC0405": func(w *rewrite, f Finding) bool { return w.declare(argument(f, 0)) },
	"PC0406": func(w *rewrite, f Finding) bool { return w.declare(argument(f, 1)) },
	"PC0407": second,
	"PC0408": second,
	"PC0409": func(w *rewrite, f Finding) bool { return !strings.Contains(argument(f, 0), ".") && rename(w, f) },
	"PC0410": licence(mendLicence),
	"PC0411": licence(mendLicence),
	"PC0412": licence(mendLicence),
	"PC0413": rename,
	"PC0414": (*rewrite).leaveCountry,
	"PC0416": licence(mendLicence),
	"PC0417": func(w *rewrite, _ Finding) bool { return w.declare(newest.String()) },
	"PC0418": (*rewrite).dropKey,
	"PC0419": (*rewrite).succeed,
	"PC0420": func(w *rewrite, _ Finding) bool { return w.declare(newest.String()) },

	"PC0501": second,
	"PC0502": (*rewrite).dropKey,
	"PC0503": func(w *rewrite, f Finding) bool { n := w.text(f); return n != nil && w.quoted(n) },
	"PC0507": meant(meantRepository, textNode),
	"PC0508": (*rewrite).dropEntry,
	"PC0509": func(w *rewrite, _ Finding) bool { return w.declare(newest.String()) },
	"PC0510": meant(func(s string) string { return "https://" + strings.TrimPrefix(s, "http://") }, textNode),
}

// aboutVersion are the codes whose remedy is another version of the standard.
var aboutVersion = []string{"PC0405", "PC0406", "PC0417", "PC0420", "PC0509"}

func argument(f Finding, i int) string {
	if i < len(f.Args) {
		return f.Args[i]
	}
	return ""
}

func lastStep(path string) string { return path[strings.LastIndexByte(path, '.')+1:] }

// key is the key that a finding stands at.
func (w *rewrite) key(f Finding) *yaml.Node { return w.keys[position{f.Line, f.Column}] }

// text is the value that a finding stands at.
func (w *rewrite) text(f Finding) *yaml.Node { return w.scalars[position{f.Line, f.Column}] }

// change writes a text that is new.
func (w *rewrite) change(n, now *yaml.Node) bool {
	return n != nil && now.Value != "" && now.Value != n.Value && w.replace(n, now)
}

func yesOrNo(w *rewrite, f Finding) bool {
	n := w.text(f)
	if n == nil || meantFlag(n.Value) == "" || w.anchored[n] || n.Style&yaml.TaggedStyle != 0 {
		return false
	}
	to, ok := w.end(n)
	now := flagNode(meantFlag(n.Value))
	now.Anchor = n.Anchor
	w.becomes[n] = now
	w.patch(w.body(n), to, now.Value)
	return ok
}

// second writes what the finding names second.
func second(w *rewrite, f Finding) bool {
	n := w.text(f)
	if n == nil {
		n = w.key(f) // a language
	}
	return n != nil && w.change(n, textNode(argument(f, 1)))
}

// rename gives a key the name that the finding names first.
func rename(w *rewrite, f Finding) bool {
	n := w.key(f)
	return n != nil && !w.has(w.parent[n], argument(f, 0)) && w.change(n, textNode(argument(f, 0)))
}

// has returns whether a mapping holds a key.
func (w *rewrite) has(section *yaml.Node, name string) bool {
	return len(find(section, []string{name})) > 0
}

// meant writes what a value was meant to be.
func meant(by func(string) string, as func(string) *yaml.Node) func(*rewrite, Finding) bool {
	return func(w *rewrite, f Finding) bool {
		n := w.text(f)
		return n != nil && w.change(n, as(by(n.Value)))
	}
}

// licence is meant, with the comment that stands behind the value.
func licence(by func(s, comment string) string) func(*rewrite, Finding) bool {
	return func(w *rewrite, f Finding) bool {
		n := w.text(f)
		if n == nil {
			return false
		}
		end, ok := w.end(n)
		if !ok {
			return false
		}
		_, lineEnd := w.bounds(w.place(end).line)
		comment := ""
		if rest := w.src[end:lineEnd]; commentStart(rest) >= 0 {
			comment = string(rest[commentStart(rest):])
		}
		return w.change(n, textNode(by(n.Value, comment)))
	}
}

// dropControls deletes the marks that stand in Source for control characters,
// where it holds no others.
func (w *rewrite) dropControls(f Finding) bool {
	const mark = "\ufffd"
	if n := bytes.Count(w.src, []byte(mark)); fmt.Sprint(n) != argument(f, 1) || n > maxBatch {
		return false // the file holds the mark itself, or is no text
	}
	for i, next := 0, 0; ; i += next + len(mark) {
		if next = bytes.Index(w.src[i:], []byte(mark)); next < 0 {
			break
		}
		w.patch(i+next, i+next+len(mark), "")
	}
	for n := range w.parent {
		if n.Kind == yaml.ScalarNode && strings.Contains(n.Value, mark) {
			now := *n
			now.Value = strings.ReplaceAll(n.Value, mark, "")
			w.becomes[n] = &now
		}
	}
	return true
}

// dropRepeatedKey deletes a key, or the section of a country, if the one before
// it, which counts then, has the same value.
func (w *rewrite) dropRepeatedKey(f Finding) bool {
	n := w.key(f)
	if n == nil {
		return false
	}
	section := w.parent[n]
	var before *yaml.Node
	for i := 0; i+1 < len(section.Content) && section.Content[i] != n; i += 2 {
		if name := section.Content[i].Value; name == n.Value || f.Code == "PC0212" && name == argument(f, 0) {
			before = section.Content[i+1]
		}
	}
	return before != nil && w.rewrite().matches(before, w.value(n)) && w.remove(n)
}

// dropInvisible mends a name or code with characters that cannot be seen.
func (w *rewrite) dropInvisible(f Finding) bool {
	n := w.key(f)
	if n == nil {
		n = w.text(f)
	}
	if n == nil {
		return false
	}
	clean := stripControls(n.Value)
	if clean == n.Value {
		clean = strings.TrimSpace(stripInvisible(n.Value))
	}
	return w.change(n, textNode(clean))
}

// makeList makes a list of a single text or section.
func (w *rewrite) makeList(f Finding) bool {
	if n := w.text(f); n != nil {
		return w.enlist(n)
	}
	if n := w.sections[position{f.Line, f.Column}]; n != nil {
		return w.enlist(n)
	}
	// A section begins where its first key does.
	if first := w.key(f); first != nil && w.parent[w.parent[first]] != nil && w.parent[first].Content[0] == first {
		return w.enlist(w.parent[first])
	}
	return false
}

// joinSections makes one section of a list of sections.
func (w *rewrite) joinSections(f Finding) bool {
	all := written(w.root, splitPath(f.Key))
	if len(all) != 1 || all[0].Kind != yaml.SequenceNode || all[0].Style&yaml.FlowStyle != 0 || w.anchored[all[0]] {
		return false
	}
	list, one := all[0], sectionNode()
	one.Anchor = list.Anchor
	for _, entry := range list.Content {
		dash, ok := w.dashOf(entry)
		if !ok || entry.Kind != yaml.MappingNode || entry.Style&yaml.FlowStyle != 0 || entry.Anchor != "" {
			return false
		}
		w.patch(dash, dash+1, " ")
		one.Content = append(one.Content, entry.Content...)
	}
	w.becomes[list] = one
	return eachPair(one, func(_, _ *yaml.Node) bool { return true })
}

// identify makes a section with the key id of an entry of supports that is no
// more than that.
func (w *rewrite) identify(f Finding) bool {
	n := w.text(f)
	if n == nil || w.anchored[n] || n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 ||
		w.parent[n].Kind != yaml.SequenceNode || w.parent[w.parent[n]] != w.root || w.owner(w.parent[n]).Value != "supports" {
		return false
	}
	from := w.start(n)
	to, ok := w.end(n)
	if !ok || w.place(to).line != n.Line {
		return false
	}
	id := *n
	w.becomes[n] = sectionNode(textNode("id"), &id)
	if w.inFlow(n) {
		w.patch(from, from, "{id: ")
		w.patch(to, to, "}")
	} else {
		w.patch(from, from, "id: ")
	}
	return true
}

func (w *rewrite) dropEntry(f Finding) bool {
	n := w.entries[position{f.Line, f.Column}]
	return n != nil && w.remove(n)
}

func (w *rewrite) dropKey(f Finding) bool {
	n := w.key(f)
	return n != nil && w.remove(n)
}

// nearestValue takes the nearest word of a list, unless it is there already.
func (w *rewrite) nearestValue(f Finding) bool {
	n := w.text(f)
	if n == nil || !safeWord(f.Key, n.Value, argument(f, 1)) {
		return false
	}
	if list := w.parent[n]; list.Kind == yaml.SequenceNode {
		for _, other := range list.Content {
			if other.Value == argument(f, 1) {
				return foldWord(n.Value) == foldWord(other.Value) && w.remove(n)
			}
		}
	}
	return w.change(n, textNode(argument(f, 1)))
}

// declare writes the version of the standard.
func (w *rewrite) declare(version string) bool {
	if w.root == nil || version == "" {
		return false
	}
	name := rootKeys[0].name
	for i := 0; i+1 < len(w.root.Content); i += 2 {
		if key, v := w.root.Content[i], w.root.Content[i+1]; key.Value == name {
			if isEmpty(v) {
				return w.fill(v, textNode(version))
			}
			return v.Kind == yaml.ScalarNode && w.change(v, textNode(version))
		}
	}
	return w.add(w.root, nil, name, textNode(version))
}

// spellVersion mends a version such as "v0.5".
func (w *rewrite) spellVersion(f Finding) bool {
	declared, checked := strings.TrimLeft(argument(f, 0), "vV "), argument(f, 1)
	if rest, ok := strings.CutPrefix(declared, checked); !ok || rest != "" && strings.ContainsAny(rest[:1], "0123456789") {
		return false
	}
	n := w.text(f)
	return n != nil && w.change(n, textNode(checked))
}

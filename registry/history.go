// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Revision is an entry as one change left it. A store keeps one for each line
// of the log, in the transaction of that line and for good: the Software as Get
// would have returned it then, but for FirstSeen, which belongs to the entry.
type Revision struct {
	Change
	// Software is nil where the change removed the entry.
	Software *Software `json:"software,omitempty"`
}

// Difference is one value that differs between two states of an entry.
type Difference struct {
	Path string          `json:"path"`          // JSON Pointer (RFC 6901) into the JSON of Software
	Old  json.RawMessage `json:"old,omitempty"` // nil where there was none
	New  json.RawMessage `json:"new,omitempty"` // nil where there is none any more
}

// Compare returns the values that differ between two states of an entry, in
// order of their paths: none where Put would find no difference. Objects are
// compared key by key. Of two arrays what is the same at the beginning and at
// the end is passed over, and what is left compared in order; so the index in a
// path is that in either array. A nil state is one that is not there, and
// differs as a whole, with the path "".
func Compare(before, after *Software) []Difference {
	var found differences
	found.value("", document(before), document(after))
	return found
}

// document is the JSON of an entry without what stores set; nil where there is
// none.
func document(s *Software) json.RawMessage {
	if s == nil {
		return nil
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if enc.Encode(s.Content()) != nil {
		return nil // no store takes it
	}
	return bytes.TrimSpace(out.Bytes())
}

type differences []Difference

// value compares two documents of encoding/json, which are equal byte by byte
// where their values are.
func (d *differences) value(path string, before, after json.RawMessage) {
	switch {
	case bytes.Equal(before, after):
	case begins(before, after, '{'):
		d.objects(path, before, after)
	case begins(before, after, '['):
		d.arrays(path, before, after)
	default:
		*d = append(*d, Difference{path, before, after})
	}
}

func begins(before, after json.RawMessage, with byte) bool {
	return len(before) > 0 && len(after) > 0 && before[0] == with && after[0] == with
}

// pointerEscapes are those of RFC 6901, section 3.
var pointerEscapes = strings.NewReplacer("~", "~0", "/", "~1")

func (d *differences) objects(path string, before, after json.RawMessage) {
	was, is := parts[map[string]json.RawMessage](before), parts[map[string]json.RawMessage](after)
	keys := maps.Clone(was)
	maps.Copy(keys, is)
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		d.value(path+"/"+pointerEscapes.Replace(key), was[key], is[key])
	}
}

func (d *differences) arrays(path string, before, after json.RawMessage) {
	was, is := parts[[]json.RawMessage](before), parts[[]json.RawMessage](after)
	start := 0
	for start < min(len(was), len(is)) && bytes.Equal(was[start], is[start]) {
		start++
	}
	for min(len(was), len(is)) > start && bytes.Equal(was[len(was)-1], is[len(is)-1]) {
		was, is = was[:len(was)-1], is[:len(is)-1]
	}
	at := func(list []json.RawMessage, i int) json.RawMessage {
		if i < len(list) {
			return list[i]
		}
		return nil
	}
	for i := start; i < max(len(was), len(is)); i++ {
		d.value(path+"/"+strconv.Itoa(i), at(was, i), at(is, i))
	}
}

// parts takes apart what document made.
func parts[T any](b json.RawMessage) (into T) {
	if err := json.Unmarshal(b, &into); err != nil {
		panic(err) // encoding/json cannot read what it wrote
	}
	return into
}

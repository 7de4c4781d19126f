// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// selection is the members that are wanted of an answer, by their names: of a member
// those that are wanted below it, or nil for all of it.
type selection map[string]selection

// The bound of the parameter fields.
const maxFields = 50

// What can be wanted of the items of the list, and of an entry.
var (
	listedForm = reflect.TypeFor[listed]()
	entryForm  = reflect.TypeFor[entry]()
)

// fields reads which members of a form are wanted; nil for all.
func (p *parameters) fields(name string, form reflect.Type) selection {
	before := len(p.faults)
	paths := p.split(name, maxFields, maxText)
	if len(p.faults) > before || len(paths) == 0 {
		return nil
	}
	wanted := selection{}
	for i, path := range paths {
		steps := strings.Split(path, ".")
		if under, known, ok := follow(form, steps); !ok {
			p.faultAt(name, i, codeForbidden, "%s has no member %q. %s", name, printable(path), knownMembers(under, known))
			continue
		}
		wanted.add(steps)
	}
	return wanted
}

// knownMembers says what there is under a path.
func knownMembers(under string, known []string) string {
	switch {
	case len(known) == 0:
		return fmt.Sprintf("There is nothing below %s.", under)
	case under == "":
		return "Known are " + strings.Join(known, ", ") + "."
	}
	return fmt.Sprintf("Below %s there are %s.", under, strings.Join(known, ", "))
}

// add wants the member that a path leads to, which must not be empty.
func (f selection) add(path []string) {
	name, rest := path[0], path[1:]
	below, there := f[name]
	switch {
	case there && below == nil: // all of it already
	case len(rest) == 0:
		f[name] = nil
	default:
		if below == nil {
			below = selection{}
			f[name] = below
		}
		below.add(rest)
	}
}

// paths are the wanted members in order of their names.
func (f selection) paths() []string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(f)) {
		if f[name] == nil {
			all = append(all, name)
		}
		for _, below := range f[name].paths() {
			all = append(all, name+"."+below)
		}
	}
	return all
}

// onto adds the parameter to an address that has others.
func (f selection) onto(address string) string {
	if len(f) == 0 {
		return address
	}
	return address + "&" + url.Values{"fields": f.paths()}.Encode()
}

// of leaves of an answer, if it is one, what is wanted.
func (f selection) of(ans *answer, err error) (*answer, error) {
	if f == nil || err != nil || ans.status != 0 {
		return ans, err
	}
	var b bytes.Buffer
	from := jsontext.NewDecoder(bytes.NewReader(ans.body))
	to := jsontext.NewEncoder(&b, jsontext.PreserveRawStrings(true))
	if err := f.pick(from, to); err != nil {
		return nil, fmt.Errorf("leave out members: %w", err)
	}
	ans.body, ans.etag = b.Bytes(), entityTag(b.Bytes())
	return ans, nil
}

// pick copies what is wanted of the next value. Of a list it is that of each
// element.
func (f selection) pick(from *jsontext.Decoder, to *jsontext.Encoder) error {
	kind := from.PeekKind()
	if f == nil || kind != '{' && kind != '[' {
		v, err := from.ReadValue()
		if err != nil {
			return err
		}
		return to.WriteValue(v)
	}
	if err := copyToken(from, to); err != nil {
		return err
	}
	for next := from.PeekKind(); next != '}' && next != ']'; next = from.PeekKind() {
		below := f
		if kind == '{' {
			name, err := from.ReadToken()
			if err != nil {
				return err
			}
			wanted := false
			if below, wanted = f[name.String()]; !wanted {
				if err := from.SkipValue(); err != nil {
					return err
				}
				continue
			}
			if err := to.WriteToken(name); err != nil {
				return err
			}
		}
		if err := below.pick(from, to); err != nil {
			return err
		}
	}
	return copyToken(from, to)
}

func copyToken(from *jsontext.Decoder, to *jsontext.Encoder) error {
	t, err := from.ReadToken()
	if err != nil {
		return err
	}
	return to.WriteToken(t)
}

// follow goes along a path of members. Where it does not lead on it says how far it
// came, and which members there are from there.
func follow(form reflect.Type, path []string) (under string, known []string, ok bool) {
	for i, name := range path {
		below, all := membersOf(form, name)
		if below == nil {
			return strings.Join(path[:i], "."), all, false
		}
		form = below
	}
	return "", nil, true
}

// membersOf is the form of a member, nil where there is none of that name, and the
// names of all. Of a list it is that of an element.
func membersOf(form reflect.Type, name string) (below reflect.Type, all []string) {
	for form.Kind() == reflect.Pointer || form.Kind() == reflect.Slice && form != reflect.TypeFor[json.RawMessage]() {
		form = form.Elem()
	}
	switch form.Kind() {
	case reflect.Map: // by language, and the like
		if name == "" {
			return nil, nil
		}
		return form.Elem(), nil
	case reflect.Struct:
		for _, f := range reflect.VisibleFields(form) {
			tag, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if tag == "" || tag == "-" || !f.IsExported() {
				continue // what is embedded has its members among these
			}
			if all = append(all, tag); tag == name {
				below = f.Type
			}
		}
	}
	return below, all
}

// below wants all members of a form, and of one of them f; nil where f is.
func (f selection) below(name string, form reflect.Type) selection {
	if f == nil {
		return nil
	}
	_, all := membersOf(form, "")
	whole := selection{}
	for _, member := range all {
		whole[member] = nil
	}
	whole[name] = f
	return whole
}

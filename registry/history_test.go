// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry_test

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/registrytest"
)

// resolve is the value at a JSON Pointer (RFC 6901, section 4), "" where there is
// none.
func resolve(t *testing.T, s *registry.Software, path string) string {
	t.Helper()
	b, err := json.Marshal(s.Content())
	if err != nil {
		t.Fatal(err)
	}
	var v any
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	for _, token := range strings.Split(path, "/")[1:] {
		token = strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~")
		switch in := v.(type) {
		case map[string]any:
			member, ok := in[token]
			if !ok {
				return ""
			}
			v = member
		case []any:
			i, err := strconv.Atoi(token)
			if err != nil {
				t.Fatalf("%s: %q is no index", path, token)
			}
			if i >= len(in) {
				return ""
			}
			v = in[i]
		default:
			return ""
		}
	}
	return canonical(t, v)
}

func canonical(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// holds checks that each difference is what it says: the values at its path.
func holds(t *testing.T, before, after *registry.Software, found []registry.Difference) {
	t.Helper()
	paths := map[string]bool{}
	for _, d := range found {
		if paths[d.Path] {
			t.Errorf("%s differs twice", d.Path)
		}
		paths[d.Path] = true
		for _, side := range []struct {
			in    *registry.Software
			value json.RawMessage
		}{{before, d.Old}, {after, d.New}} {
			if side.value == nil {
				continue // it may be further along in the array
			}
			var v any
			if err := json.Unmarshal(side.value, &v); err != nil {
				t.Fatalf("%s: %v in %q", d.Path, err, side.value)
			}
			if got, want := resolve(t, side.in, d.Path), canonical(t, v); got != want {
				t.Errorf("at %s is %s, the difference says %s", d.Path, got, want)
			}
		}
		if string(d.Old) == string(d.New) {
			t.Errorf("%s differs by nothing: %s", d.Path, d.Old)
		}
	}
}

func TestCompare(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(before, after *registry.Software)
		want   []string // path, old and new
	}{
		"nothing": {func(_, _ *registry.Software) {}, nil},
		"what stores set": {func(_, s *registry.Software) {
			s.FirstSeen, s.Changed, s.Rev = time.Unix(1, 0), time.Unix(2, 0), 7
		}, nil},
		"zones": {func(_, s *registry.Software) {
			in := time.FixedZone("", -3*3600)
			s.Repository.Created, s.Activity.Releases[0].Published = s.Repository.Created.In(in), s.Activity.Releases[0].Published.In(in)
		}, nil},
		"bytes, and no list for an empty one": {func(before, s *registry.Software) {
			before.Files, s.Files = nil, []registry.File{}
		}, nil},
		"values": {func(_, s *registry.Software) {
			s.Repository.Stars, s.PublicCode.Name, s.Repository.Archived = 8, `"Siel" <&>`, true
		}, []string{
			`/publiccode/name "Deichbuch" "\"Siel\" <&>"`,
			`/repository/archived  true`,
			`/repository/stars 7 8`,
		}},
		"a value that goes": {func(_, s *registry.Software) { s.Repository.DefaultBranch = "" }, []string{`/repository/defaultBranch "main"`}},
		"an instant": {func(_, s *registry.Software) { s.Repository.Created = s.Repository.Created.Add(1) }, []string{
			`/repository/created "2024-02-29T12:00:00Z" "2024-02-29T12:00:00.000000001Z"`,
		}},
		"numbers beyond what a float holds": {func(before, s *registry.Software) {
			before.Activity.Releases[0].Assets[0].Size, s.Activity.Releases[0].Assets[0].Size = math.MaxInt64-1, math.MaxInt64
		}, []string{`/activity/releases/0/assets/0/size 9223372036854775806 9223372036854775807`}},
		"an object that comes": {func(before, _ *registry.Software) { before.Licence, before.Activity = nil, nil }, []string{
			`/activity  {…`, `/licence  {…`,
		}},
		"keys that must be escaped": {func(before, s *registry.Software) {
			before.PublicCode.Description = map[string]publiccode.Description{
				"de/AT": {ShortDescription: "a"}, "~": {}, "~1": {ShortDescription: "b"}, "": {}, "a b\"\x00ß": {},
			}
			s.PublicCode.Description = map[string]publiccode.Description{
				"de/AT": {ShortDescription: "A"}, "~1": {ShortDescription: "B"}, "/~": {}, "~0~1": {},
			}
		}, []string{
			`/publiccode/description/ {…`,
			`/publiccode/description/~1~0  {…`,
			"/publiccode/description/a b\"\x00ß {…",
			`/publiccode/description/de~1AT/shortDescription "a" "A"`,
			`/publiccode/description/~0 {…`,
			`/publiccode/description/~00~01  {…`,
			`/publiccode/description/~01/shortDescription "b" "B"`,
		}},
		"an array that grows in front":   {topics("b", "c")("a", "b", "c"), []string{`/repository/topics/0  "a"`}},
		"an array that grows at the end": {topics("a", "b")("a", "b", "c"), []string{`/repository/topics/2  "c"`}},
		"an array that shrinks amid":     {topics("a", "b", "c", "d")("a", "d"), []string{`/repository/topics/1 "b"`, `/repository/topics/2 "c"`}},
		"an array with another element":  {topics("a", "b", "c")("a", "x", "c"), []string{`/repository/topics/1 "b" "x"`}},
		"an array of the same elements":  {topics("a", "a", "a")("a", "a"), []string{`/repository/topics/2 "a"`}},
		"an array in another order":      {topics("a", "b")("b", "a"), []string{`/repository/topics/0 "a" "b"`, `/repository/topics/1 "b" "a"`}},
		"an array that comes":            {topics()("a"), []string{`/repository/topics  ["a"]`}},
		"an array that goes":             {topics("a")(), []string{`/repository/topics ["a"]`}},
		"objects in an array": {func(before, s *registry.Software) {
			before.Locations = []registry.Location{{ID: "a", Forge: "git"}, {ID: "b", Forge: "git"}, {ID: "c"}}
			s.Locations = []registry.Location{{ID: "a", Forge: "git"}, {ID: "b", Forge: "gitlab"}, {ID: "d"}, {ID: "c"}}
		}, []string{`/locations/1/forge "git" "gitlab"`, `/locations/2  {…`}},
		"more than ten": {func(before, s *registry.Software) {
			before.Repository.Topics, s.Repository.Topics = strings.Split("abcdefghijkl", ""), strings.Split("aBcdefghijkL", "")
		}, []string{
			`/repository/topics/1 "b" "B"`, `/repository/topics/11 "l" "L"`,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			before, after := registrytest.Software("forge.example/a/b", "1"), registrytest.Software("forge.example/a/b", "1")
			tt.change(before, after)
			found := registry.Compare(before, after)
			holds(t, before, after, found)
			var got []string
			for _, d := range found {
				got = append(got, strings.TrimRight(d.Path+" "+short(d.Old)+" "+short(d.New), " "))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			// The other way round the same values differ.
			back := registry.Compare(after, before)
			for i := range back {
				back[i].Old, back[i].New = back[i].New, back[i].Old
			}
			if diff := cmp.Diff(found, back); diff != "" {
				t.Errorf("the other way round (-want +got):\n%s", diff)
			}
		})
	}
}

func topics(before ...string) func(after ...string) func(_, _ *registry.Software) {
	return func(after ...string) func(_, _ *registry.Software) {
		return func(b, a *registry.Software) { b.Repository.Topics, a.Repository.Topics = before, after }
	}
}

// short leaves the content of objects out.
func short(b json.RawMessage) string {
	if len(b) > 0 && b[0] == '{' {
		return "{…"
	}
	return string(b)
}

func TestCompareNothing(t *testing.T) {
	s := registrytest.Software("forge.example/a/b", "1")
	none := registrytest.Software("forge.example/a/b", "1")
	none.Activity.Languages[0].Share = math.NaN() // cannot be kept
	for _, nothing := range []*registry.Software{nil, none} {
		if found := registry.Compare(nothing, s); len(found) != 1 || found[0].Path != "" || found[0].Old != nil || !json.Valid(found[0].New) {
			t.Errorf("an entry that comes: %+v", found)
		}
		if found := registry.Compare(s, nothing); len(found) != 1 || found[0].Path != "" || found[0].New != nil || !json.Valid(found[0].Old) {
			t.Errorf("an entry that goes: %+v", found)
		}
		if found := registry.Compare(nothing, nil); found != nil {
			t.Errorf("nothing and nothing: %+v", found)
		}
	}
	if b := canonical(t, registry.Compare(nil, s)); strings.Contains(b, `"old"`) {
		t.Errorf("%s has an old value", b)
	}
}

// Whatever strings there are, a difference is at its path, and where there is
// none the entries are equal.
func FuzzCompare(f *testing.F) {
	f.Add("de", "a/b", "x,y", "y")
	f.Add("~", "~1", "", ",")
	f.Add("\x00", "\xff", "\",\\", "é,é")
	f.Fuzz(func(t *testing.T, one, other, list, otherList string) {
		entry := func(key, list string) *registry.Software {
			return &registry.Software{
				Repository: registry.Repository{Topics: strings.Split(list, ",")},
				PublicCode: publiccode.PublicCode{Description: map[string]publiccode.Description{key: {ShortDescription: list}}},
			}
		}
		before, after := entry(one, list), entry(other, otherList)
		found := registry.Compare(before, after)
		holds(t, before, after, found)
		if same := canonical(t, before) == canonical(t, after); same != (len(found) == 0) {
			t.Errorf("equal: %t, differences: %v", same, found)
		}
	})
}

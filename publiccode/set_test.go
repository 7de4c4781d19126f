// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"bytes"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

func TestSet(t *testing.T) {
	long := "Zeigt, wo in den Rathäusern und Schulen einer Stadt noch Stellplätze frei sind, und vergibt sie."
	for _, c := range []struct{ name, src, path, value, want string }{
		{"plain", "name: A # kurz\nurl: b\n", "name", "B", "name: B # kurz\nurl: b\n"},
		{"single quotes", "name: 'A'\n", "name", "B's", "name: 'B''s'\n"},
		{"double quotes", "name: \"A\"\n", "name", "B\"\\", "name: \"B\\\"\\\\\"\n"},
		{"the same", "name:   'A'\n", "name", "A", "name:   'A'\n"},
		{"needs quotes", "name: A\n", "name", "A: B", "name: \"A: B\"\n"},
		{"quotes as the file has them", "name: A\nurl: 'b'\n", "name", "no", "name: 'no'\nurl: 'b'\n"},
		{"number", "softwareVersion: A\n", "softwareVersion", "1.10", "softwareVersion: \"1.10\"\n"},
		{"number as text", "softwareVersion: 1.10\n", "softwareVersion", "1.10", "softwareVersion: \"1.10\"\n"},
		{"truth", "localisation:\n  localisationReady: no\n", "localisation.localisationReady", "true", "localisation:\n  localisationReady: true\n"},
		{"truth where it is text", "name: A\n", "name", "true", "name: \"true\"\n"},
		{"date", "releaseDate: 2024-01-01\n", "releaseDate", "2025-01-01", "releaseDate: 2025-01-01\n"},
		{"quoted date", "releaseDate: '2024-01-01'\n", "releaseDate", "2025-01-01", "releaseDate: '2025-01-01'\n"},
		{"telephone", "maintenance:\n  contacts:\n  - name: A\n", "maintenance.contacts[0].phone", "+49 30 1", "maintenance:\n  contacts:\n  - name: A\n    phone: \"+49 30 1\"\n"},
		{"carriage returns", "name: A\r\nurl: b\r\n", "landingURL", "c", "name: A\r\nurl: b\r\nlandingURL: c\r\n"},
		{"no last line end", "name: A", "url", "b", "name: A\nurl: b"},
		{"byte order mark", "\ufeffname: A\n", "name", "B", "\ufeffname: B\n"},
		{"tab", "name:\tA\n", "name", "B", "name:\tB\n"},
		{"over two lines", "name: A\n  B # c\nurl: b\n", "name", "C", "name: C # c\nurl: b\n"},
		{"anchor", "name: &n A\nurl: b\n", "name", "B", "name: &n B\nurl: b\n"},
		{"alias", "name: &n A\napplicationSuite: *n\n", "applicationSuite", "B", "name: &n A\napplicationSuite: B\n"},
		{"key in quotes", "\"name\" : A\n", "name", "B", "\"name\" : B\n"},
		{"brackets", "legal: {license: MIT}\n", "legal.license", "A, B", "legal: {license: \"A, B\"}\n"},
		{"into brackets", "legal: {license: MIT}\n", "legal.mainCopyrightOwner", "A", "legal: {license: MIT, mainCopyrightOwner: A}\n"},

		{"order", "url: b\n# Recht\nlegal:\n  license: MIT\n", "name", "A", "name: A\nurl: b\n# Recht\nlegal:\n  license: MIT\n"},
		{"order within", "legal:\n  license: MIT\n", "legal.authorsFile", "A", "legal:\n  license: MIT\n  authorsFile: A\n"},
		{"unknown key", "name: A\n", "x-team", "B", "name: A\nx-team: B\n"},
		{"new section", "name: A\n\nlegal:\n  license: MIT\n\nlocalisation:\n  localisationReady: true\n", "maintenance.type", "none", "name: A\n\nlegal:\n  license: MIT\n\nmaintenance:\n  type: none\n\nlocalisation:\n  localisationReady: true\n"},
		{"new sections and list", "name: A\n", "dependsOn.open[0].name", "B", "name: A\ndependsOn:\n  open:\n    - name: B\n"},
		{"indented as the file is", "legal:\n    license: MIT\nplatforms:\n- web\n", "fundedBy[0].name", "B", "fundedBy:\n- name: B\nlegal:\n    license: MIT\nplatforms:\n- web\n"},
		{"next entry", "fundedBy:\n  - name: A\n    uri: b\n  # Ende\nname: x\n", "fundedBy[1].name", "B", "fundedBy:\n  - name: A\n    uri: b\n  - name: B\n  # Ende\nname: x\n"},
		{"empty section", "legal: # Recht\nname: A\n", "legal.license", "MIT", "legal: # Recht\n  license: MIT\nname: A\n"},
		{"empty brackets", "legal: {} # Recht\n", "legal.license", "MIT", "legal: # Recht\n  license: MIT\n"},
		{"no value", "name:\nurl: b\n", "name", "A", "name: A\nurl: b\n"},
		{"no value, with comment", "name: # fehlt\nurl: b\n", "name", "A", "name: A # fehlt\nurl: b\n"},
		{"language", "description:\n  de:\n    shortDescription: A\n", "description.en.shortDescription", "B", "description:\n  de:\n    shortDescription: A\n  en:\n    shortDescription: B\n"},

		{"long text", "description:\n  de:\n    localisedName: A\n", "description.de.shortDescription", long, "description:\n  de:\n    localisedName: A\n    shortDescription: >-\n      Zeigt, wo in den Rathäusern und Schulen einer Stadt noch Stellplätze\n      frei sind, und vergibt sie.\n"},
		{"several lines", "name: A\n", "applicationSuite", "B\n\n- C\n", "name: A\napplicationSuite: |\n  B\n\n  - C\n"},
		{"block stays", "a: >\n  B\n  C\nb: c\n", "a", long, "a: >-\n  Zeigt, wo in den Rathäusern und Schulen einer Stadt noch Stellplätze frei\n  sind, und vergibt sie.\nb: c\n"},
		{"block becomes short", "a: |\n  B\n  C\n\nb: c\n", "a", "D", "a: D\n\nb: c\n"},
		{"browser's line ends", "a: b\n", "a", "B\r\nC", "a: |-\n  B\n  C\n"},
		{"not to be shown", "a: b\n", "a", "B\u0085\u0000\u2028", "a: \"B\\u0085\\u0000\\u2028\"\n"},

		{"remove", "name: A\n# Adresse der url\nurl: b\nlandingURL: c\n", "url", "", "name: A\nlandingURL: c\n"},
		{"remove, comment of another", "name: A\n# Adressen\nurl: b\nlandingURL: c\n", "url", "", "name: A\n# Adressen\nlandingURL: c\n"},
		{"remove the last of a section", "name: A\nlegal:\n  license: MIT\n", "legal.license", "", "name: A\n"},
		{"remove an entry", "fundedBy:\n  - name: A\n  - name: B\n", "fundedBy[0].name", "", "fundedBy:\n  - name: B\n"},
		{"remove what is not there", "name: A\n", "legal.license", "", "name: A\n"},
		{"remove all", "# c\nname: A # d\n# e\n", "name", "", "# c\n\n# e\n"},
		{"nothing", "", "name", "A", "name: A\n"},
		{"comments only", "# c", "legal.license", "MIT", "# c\nlegal:\n  license: MIT\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := Set([]byte(c.src), c.path, c.value)
			if err != nil || string(got) != c.want {
				t.Errorf("%v\ngot  %q\nwant %q", err, got, c.want)
			}
		})
	}
}

func TestSetRefuses(t *testing.T) {
	for _, c := range []struct{ name, src, path, value, says string }{
		{"no path", "name: A\n", "", "B", "path"},
		{"no YAML", "name: [\n", "name", "B", "by hand"},
		{"section", "legal:\n  license: MIT\n", "legal", "B", "section"},
		{"list", "platforms:\n  - web\n", "platforms", "B", "list"},
		{"below a text", "legal: MIT\n", "legal.license", "B", "single value"},
		{"far entry", "fundedBy:\n  - name: A\n", "fundedBy[2].name", "B", "list"},
		{"far entry of a new list", "name: A\n", "fundedBy[1].name", "B", "entry 1"},
		{"value of an alias", "name: &n A\napplicationSuite: *n\n", "name", "B", "by hand"},
		{"through an alias", "legal: &l\n  license: MIT\nx: *l\n", "x.license", "B", "alias"},
		{"line ends of old", "name: A\rurl: b\r", "name", "B", "line ends"},
		{"too large", strings.Repeat("#", MaxSize+1), "name", "B", "by hand"},
		{"too deep", "name: A\n", strings.Repeat("a.", 30) + "b", "B", "path"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := Set([]byte(c.src), c.path, c.value)
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v, want %q; got %q", err, c.says, got)
			}
		})
	}
}

func TestSetList(t *testing.T) {
	for _, c := range []struct {
		name, src, path string
		values          []string
		want            string
	}{
		{"new", "name: A\nlegal:\n  license: MIT\n", "platforms", []string{"web", "linux"}, "name: A\nplatforms:\n  - web\n  - linux\nlegal:\n  license: MIT\n"},
		{"comments stay", "platforms: # alle\n  # zuerst\n  - web # W\n  # dann\n  - 'linux'\n# Ende\n", "platforms", []string{"web", "linux", "mac"}, "platforms: # alle\n  # zuerst\n  - web # W\n  # dann\n  - 'linux'\n  - mac\n# Ende\n"},
		{"one goes", "platforms:\n  # zuerst\n  - web # W\n  # dann\n  - linux\n  - mac\n", "platforms", []string{"web", "mac"}, "platforms:\n  # zuerst\n  - web # W\n  # dann\n  - mac\n"},
		{"the last goes", "platforms:\n  - web\n  # dann\n  - linux\nname: A\n", "platforms", []string{"web"}, "platforms:\n  - web\n  # dann\nname: A\n"},
		{"other order", "platforms:\n- web # W\n- linux\nname: A\n", "platforms", []string{"linux", "web"}, "platforms:\n- linux\n- web # W\nname: A\n"},
		{"the same", "platforms: [ web,linux ]\n", "platforms", []string{"web", "linux"}, "platforms: [ web,linux ]\n"},
		{"brackets", "platforms: [ 'web',linux ] # x\n", "platforms", []string{"linux", "a, b", "web"}, "platforms: [ linux, 'a, b', 'web' ] # x\n"},
		{"brackets over lines", "platforms: [\n  web,\n  linux,\n]\n", "platforms", []string{"web", "mac"}, "platforms: [\n  web,\n  mac,\n]\n"},
		{"quotes", "name: A\n", "intendedAudience.countries", []string{"DE", "NO", ""}, "name: A\nintendedAudience:\n  countries:\n    - DE\n    - \"NO\"\n"},
		{"single stays single", "platforms: web # x\n", "platforms", []string{"linux"}, "platforms: linux # x\n"},
		{"single becomes list", "platforms: web # x\n", "platforms", []string{"web", "linux"}, "platforms:\n  - web # x\n  - linux\n"},
		{"empty", "platforms: []\n", "platforms", []string{"web"}, "platforms:\n  - web\n"},
		{"no value", "platforms:\nname: A\n", "platforms", []string{"web"}, "platforms:\n  - web\nname: A\n"},
		{"remove", "name: A\nplatforms:\n  - web\n", "platforms", nil, "name: A\n"},
		{"numbers", "usedBy:\n  - 1\n", "usedBy", []string{"1"}, "usedBy:\n  - \"1\"\n"},
		{"prose", "description:\n  de:\n    features:\n      - >\n        Eins\n        zwei\n      - Drei\n", "description.de.features", []string{"Drei", "Eins zwei\n", "A: B"}, "description:\n  de:\n    features:\n      - Drei\n      - >\n        Eins\n        zwei\n      - \"A: B\"\n"},
		{"no last line end", "platforms:\n  - web", "platforms", []string{"web", "mac"}, "platforms:\n  - web\n  - mac"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := SetList([]byte(c.src), c.path, c.values)
			if err != nil || string(got) != c.want {
				t.Errorf("%v\ngot  %q\nwant %q", err, got, c.want)
			}
		})
	}
	for _, src := range []string{"platforms:\n  - a: b\n", "platforms: {a: b}\n", "platforms: [a, # b\n c]\n"} {
		if got, err := SetList([]byte(src), "platforms", []string{"x"}); err == nil {
			t.Errorf("%q became %q", src, got)
		}
	}
}

// leaves are the texts of a tree by their paths.
func leaves(n *yaml.Node, path string, into map[string]string) {
	switch n = resolve(n); n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			leaves(n.Content[i+1], path+"."+resolve(n.Content[i]).Value, into)
		}
	case yaml.SequenceNode:
		for i, c := range n.Content {
			leaves(c, path+"."+strconv.Itoa(i), into)
		}
	default:
		into[path] = n.Value
	}
}

var setValues = []string{
	"A", "no", "1.10", "2024-01-02", "A: B # c", "- x", "'", "\"", "a\nb", "a\n\nb\n", " a", "a ", "[a]", "*x", "&x", "!x", "%x", "@x", "|", ">",
	"ä" + strings.Repeat(" wort", 40), strings.Repeat("a  b ", 40) + "c", "\ta", "a\tb", "\x00", "\u2028", "null", "~", "=", "<<", "a,b", "{", "a\r\nb", "a\rb",
}

var setPaths = []string{
	"name", "legal.license", "description.de.shortDescription", "description.fr.longDescription", "maintenance.contacts[0].email",
	"maintenance.contacts[1].name", "organisation.uri", "supports[0].id", "dependsOn.open[0].name", "landingURL", "x-other.a.b",
}

// checkSet holds that a value can be read back, and that nothing else changed.
func checkSet(t *testing.T, src []byte, path, value string) {
	t.Helper()
	before := Parse(src, Options{})
	out, err := Set(src, path, value)
	if err != nil || before.root == nil || strings.Contains(path, "allmende") {
		return
	}
	after := Parse(out, Options{})
	if after.root == nil {
		t.Fatalf("%s = %q cannot be read any more:\n%s", path, value, out)
	}
	was, is := map[string]string{}, map[string]string{}
	leaves(before.root, "", was)
	leaves(after.root, "", is)
	key := "." + strings.Join(splitPath(path), ".")
	value = storable(value)
	if value == "" {
		return // entries of lists move up
	}
	if is[key] != value {
		t.Errorf("%s is %q, want %q:\n%s", path, is[key], value, out)
	}
	maps.DeleteFunc(was, func(k, v string) bool {
		return k == key || v == "" && strings.HasPrefix(key, k)
	})
	delete(is, key)
	maps.DeleteFunc(is, func(k, v string) bool { _, ok := was[k]; return v == "" && !ok })
	if !maps.Equal(was, is) {
		t.Errorf("%s = %q changes more:\n%s", path, value, lineDiff(string(before.source), string(out)))
	}
	again, err := Set(out, path, value)
	if err != nil || !bytes.Equal(again, out) {
		t.Errorf("a second time %s = %q changes more: %v\n%s", path, value, err, lineDiff(string(out), string(again)))
	}
}

func TestSetSamples(t *testing.T) {
	for i, src := range fixSamples(t, corpus) {
		path := setPaths[i%len(setPaths)]
		checkSet(t, src, path, setValues[i%len(setValues)])
		checkSet(t, src, path, "")
	}
	for i, value := range setValues {
		for j := range 4 {
			path := setPaths[(i+3*j)%len(setPaths)]
			checkSet(t, []byte(base), path, value)
			if out, err := Set([]byte(base), path, value); err != nil {
				t.Errorf("%s = %q: %v in %s", path, value, err, out)
			}
		}
	}
}

func TestSetListReadsBack(t *testing.T) {
	for _, path := range []string{"platforms", "usedBy", "isBasedOn", "description.en.features", "intendedAudience.countries"} {
		for n := range setValues {
			values := setValues[n:min(n+4, len(setValues))]
			out, err := SetList([]byte(base), path, values)
			if err != nil {
				t.Errorf("%s %q: %v", path, values, err)
				continue
			}
			var got []string
			for _, v := range find(Parse(out, Options{}).root, splitPath(path+"[*]")) {
				got = append(got, v.Value)
			}
			want := slices.Clone(values)
			for i := range want {
				want[i] = storable(want[i])
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s: got %q, want %q", path, got, want)
			}
		}
	}
}

func FuzzSet(f *testing.F) {
	for i, src := range fixSamples(f) {
		f.Add(src, setPaths[i%len(setPaths)], setValues[i%len(setValues)])
	}
	f.Fuzz(func(t *testing.T, src []byte, path, value string) {
		if len(src)+len(path)+len(value) > 16<<10 {
			return
		}
		checkSet(t, src, path, value)
		SetList(src, path, strings.Split(value, ","))
	})
}

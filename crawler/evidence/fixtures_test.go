// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package evidence_test

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/crawler/evidence"
	"github.com/allmende-registry/allmende/registry"
)

// tag begins a line that names a licence. It is put together, as this is not one.
const tag = "SPDX-License-" + "Identifier: "

// now is when the tests' entries are visited.
var now = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// official is the text of a licence as its authors published it: of the project
// itself, or of those that package detect compares with.
func official(t testing.TB, id string) string {
	t.Helper()
	places := []string{"../../licence/detect/texts/" + id + ".txt", "../../LICENSES/" + id + ".txt"}
	for _, name := range places {
		if src, err := os.ReadFile(filepath.FromSlash(name)); err == nil {
			return string(src)
		}
	}
	all, err := packed()
	if err != nil {
		t.Fatal(err)
	}
	if all[id] == "" {
		t.Fatalf("no text of %s", id)
	}
	return all[id]
}

// packed are the texts that package detect compares with, as licence/detect/gen
// describes their file.
var packed = sync.OnceValues(func() (map[string]string, error) {
	f, err := os.Open("../../licence/detect/texts.gz")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	zip, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	lines := bufio.NewScanner(zip)
	lines.Buffer(nil, 1<<20)
	var sentences []string
	for lines.Scan() && lines.Text() != "" {
		sentences = append(sentences, lines.Text())
	}
	all := map[string]string{}
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		var text strings.Builder
		for _, field := range fields[1:] {
			var from, to int
			if n, _ := fmt.Sscanf(field, "%d-%d", &from, &to); n == 0 {
				continue
			} else if n == 1 {
				to = from
			}
			text.WriteString(strings.Join(sentences[from:to+1], "\n") + "\n")
		}
		all[fields[0]] = text.String()
	}
	return all, lines.Err()
})

// expand replaces {{text ID}} by the official text of a licence.
func expand(t testing.TB, s string) string {
	for {
		before, rest, ok := strings.Cut(s, "{{text ")
		if !ok {
			return s
		}
		id, after, _ := strings.Cut(rest, "}}")
		s = before + official(t, id) + after
	}
}

// role is what the crawler takes a file for.
func role(name string) registry.Role {
	base := strings.ToLower(path.Base(name))
	switch {
	case strings.HasPrefix(base, "publiccode."):
		return registry.RolePublicCode
	case base == "reuse.toml", base == "dep5":
		return registry.RoleREUSE
	case strings.HasPrefix(base, "readme"):
		return registry.RoleReadme
	case base == "codemeta.json":
		return registry.RoleCodemeta
	case base == "citation.cff":
		return registry.RoleCitation
	case strings.HasSuffix(base, ".json"):
		return registry.RoleSBOM
	}
	return registry.RoleLicence
}

var errUnreadable = errors.New("not a file")

// unreadable is the content of a file that cannot be read.
const unreadable = "\x00unreadable"

// entry is an entry whose files, alternately path and content, are given with
// their bytes. A path behind an address, "https://… sbom.json", has an Origin.
func entry(t testing.TB, declared, forge string, files ...string) *registry.Software {
	t.Helper()
	s := &registry.Software{ID: "git.example/amt/karte"}
	s.PublicCode.Name = "Karte"
	s.PublicCode.Legal.License = declared
	s.Repository.Licence = forge
	add := func(name, content string) {
		f := registry.File{Path: name, Role: role(name), Commit: "c0ffee", Bytes: []byte(expand(t, content))}
		if origin, name, ok := strings.Cut(name, " "); ok {
			f.Path, f.Origin, f.Commit = name, origin, ""
		}
		s.Files = append(s.Files, f)
	}
	hasPublicCode := false
	for i := 0; i < len(files); i += 2 {
		add(files[i], files[i+1])
		hasPublicCode = hasPublicCode || role(files[i]) == registry.RolePublicCode
	}
	if !hasPublicCode {
		add("publiccode.yml", "name: Karte\n")
	}
	return s
}

func read(f registry.File) ([]byte, error) {
	if string(f.Bytes) == unreadable {
		return nil, errUnreadable
	}
	return f.Bytes, nil
}

func report(s *registry.Software) (*registry.LicenceReport, []registry.SBOM) {
	return evidence.Report(evidence.Input{Software: s, Read: read, Now: now})
}

// bom is a CycloneDX document whose root is under a licence, and whose packages
// are under others; "" says nothing.
func bom(root string, packages ...string) string {
	type choice map[string]any
	licences := func(expression string) []choice {
		if expression == "" {
			return nil
		}
		return []choice{{"expression": expression}}
	}
	var components []map[string]any
	for i, p := range packages {
		ref := fmt.Sprintf("pkg:npm/part-%d@1", i)
		components = append(components, map[string]any{"type": "library", "name": ref, "bom-ref": ref, "version": "1", "licenses": licences(p)})
	}
	src, err := json.Marshal(map[string]any{
		"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
		"metadata":   map[string]any{"component": map[string]any{"type": "application", "name": "Karte", "bom-ref": "root", "licenses": licences(root)}},
		"components": components,
	})
	if err != nil {
		panic(err)
	}
	return string(src)
}

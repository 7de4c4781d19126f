// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package detect

import (
	"cmp"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/spdx"
)

// corpus is where files of real repositories may lie; they are not part of this one.
const corpus = "../../../shared/corpus/forge"

var (
	licenceFile = regexp.MustCompile(`(?i)^(?:licen[cs]e|copying|unlicense|eupl)[^/]*$`)
	declares    = regexp.MustCompile(`(?m)^legal:\s*(?:#.*)?\n(?:[ \t]+.*\n|\s*\n)*?[ \t]+license:[ \t]*["']?([^"'\n#]+)`)
)

// TestCorpus compares what licence files are with what publiccode.yml beside them
// declares. Disagreements are for people to judge: the declaration may be wrong.
func TestCorpus(t *testing.T) {
	if _, err := os.Stat(corpus); err != nil {
		t.Skip("no corpus: ", err)
	}
	counts := map[string]int{}
	var rows []string
	err := filepath.WalkDir(corpus, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !licenceFile.MatchString(d.Name()) || strings.HasSuffix(d.Name(), ".json") {
			return err
		}
		src, err := os.ReadFile(path) //nolint:gosec // found by walking
		if err != nil {
			return err
		}
		declared := declaredBeside(filepath.Dir(path))
		found := Text(src)
		outcome := agreement(declared, found)
		counts[outcome]++
		if outcome != "agree" && outcome != "undeclared" {
			name, _ := filepath.Rel(corpus, path)
			rows = append(rows, fmt.Sprintf("%-10s %s: declared %q, found %s", outcome, name, declared, brief(found)))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(rows)
	for _, row := range rows {
		t.Log(row)
	}
	total := 0
	for _, outcome := range slices.Sorted(maps.Keys(counts)) {
		t.Logf("%4d %s", counts[outcome], outcome)
		total += counts[outcome]
	}
	if agree := counts["agree"]; agree*10 < (total-counts["undeclared"])*7 {
		t.Errorf("only %d of %d texts agree with a declaration", agree, total-counts["undeclared"])
	}
}

func declaredBeside(folder string) string {
	for _, name := range []string{"publiccode.yml", "publiccode.yaml"} {
		for _, dir := range []string{folder, filepath.Dir(folder)} {
			if src, err := os.ReadFile(filepath.Join(dir, name)); err == nil { //nolint:gosec // beside a file of the corpus
				if m := declares.FindSubmatch(src); m != nil {
					return strings.TrimSpace(string(m[1]))
				}
				return ""
			}
		}
	}
	return ""
}

func agreement(declared string, found []Match) string {
	if len(found) == 0 {
		return "unknown"
	}
	e, _, err := spdx.Parse(declared)
	if err != nil {
		return "undeclared"
	}
	for l := range e.Licences() {
		for _, m := range found {
			if family(m.SPDX) == family(l.ID) {
				return cmp.Or(map[Kind]string{FullText: "agree", Modified: "modified"}[m.Kind], "named")
			}
		}
	}
	return "differ"
}

func brief(found []Match) string {
	var out []string
	for _, m := range found {
		out = append(out, fmt.Sprintf("%s %s %.3f (%d-%d)", m.Kind, m.SPDX, m.Confidence, m.Line, m.EndLine))
	}
	return strings.Join(out[:min(len(out), 6)], ", ")
}

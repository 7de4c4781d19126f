// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package adoption

import (
	"bytes"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/publiccode/report"
)

func seeds(f *testing.F) {
	for _, name := range []string{"testdata/base.yml", "testdata/mistakes.yml"} {
		src, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(src)
	}
	for _, rule := range Rules() {
		bad, good := rule.Example()
		f.Add([]byte(bad))
		f.Add([]byte(good))
	}
	f.Add([]byte(bomb()))
	f.Add([]byte("\xff\xfea\x00:\x00"))
	f.Add((&File{}).YAML("de"))
}

// FuzzParse: no file makes Parse panic, place a finding outside of it, or name more
// than is in it; and all formats can report what it says.
func FuzzParse(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, src []byte) {
		r := Parse(src, Options{Now: today})
		lines := bytes.Count(r.Report.Source(), []byte("\n")) + bytes.Count(r.Report.Source(), []byte("\r")) + 1
		before := publiccode.Finding{Line: 1, Column: 1}
		for _, f := range r.Findings {
			if f.Line < before.Line || f.Line == before.Line && f.Column < before.Column || f.EndLine < f.Line || f.EndLine == f.Line && f.EndColumn < f.Column || f.EndLine > lines {
				t.Fatalf("place %d:%d to %d:%d of %d lines after %d:%d", f.Line, f.Column, f.EndLine, f.EndColumn, lines, before.Line, before.Column)
			}
			if m := f.Message("de") + f.Help("de") + f.Message("en") + f.Help("en"); f.Message("de") == f.Code || !utf8.ValidString(m) || strings.ContainsAny(m, "\n\r") {
				t.Fatalf("%s says %q", f.Code, m)
			}
			before = f
		}
		if r.File == nil {
			if r.Valid() {
				t.Fatal("no file, and no error")
			}
			return
		}
		for _, s := range r.File.Adoptions {
			if s.Role == "" || s.Software == "" || s.Visibility != "" && s.Visibility != Public && s.Visibility != Restricted || len(s.Purpose) > 4*maxPurpose {
				t.Fatalf("statement %+v", s)
			}
		}
		for name, write := range report.Formats {
			var out bytes.Buffer
			if err := write(&out, []report.File{{Path: FileName, Result: r.Report}}, report.Options{Lang: "de"}); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
	})
}

// FuzzYAML: what was read can be written, and is read again as the same.
func FuzzYAML(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, src []byte) {
		first := Parse(src, Options{}).File
		if first == nil || len(first.Adoptions) == 0 || first.Version == "" {
			return
		}
		for _, lang := range []string{"de", "en"} {
			written := first.YAML(lang)
			if second := Parse(written, Options{}); !reflect.DeepEqual(second.File, first) {
				t.Fatalf("%+v\nwas written as\n%s\nand read as\n%+v: %v", first, written, second.File, second.Findings)
			}
		}
	})
}

// FuzzVisibility: no spelling of a key that asks for discretion is public without a
// finding.
func FuzzVisibility(f *testing.F) {
	for _, s := range []string{"visibility: restricted", "Visibility: x", "private: 1", "visibilty: restricted", "\"visib\\u200blity\": restricted"} {
		f.Add(s)
	}
	src, err := os.ReadFile("testdata/base.yml")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, line string) {
		if strings.ContainsAny(line, "\n\r#") {
			return
		}
		r := parse(string(src) + "    " + line + "\n")
		if r.File == nil || len(r.File.Adoptions) != 1 || r.File.Adoptions[0].Visibility == Restricted {
			return
		}
		name, value, _ := strings.Cut(line, ":")
		if strings.Trim(name, "\"' ") == "visibility" && strings.Trim(value, "\"' ") == "restricted" {
			t.Fatalf("%q is %+v: %v", line, r.File.Adoptions[0], r.Findings)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	for _, n := range []int{1, 100, 2000} {
		file := File{Version: Version, Organisation: Organisation{URI: "https://www.musterhafen.example", Name: "Stadt Musterhafen", Region: "DE-SH"}}
		for i := range n {
			file.Adoptions = append(file.Adoptions, Statement{
				Software: fmt.Sprintf("https://code.example.org/form/editor%d", i), Role: Uses, Version: "4.2", Since: "2024-04-01",
				ConfirmedUntil: "2027-10-31", Purpose: "Online-Anträge der Stadt", Contact: "opensource@musterhafen.example",
			})
		}
		src := file.YAML("de")
		b.Run(fmt.Sprint(n, " statements"), func(b *testing.B) {
			b.SetBytes(int64(len(src)))
			b.ReportAllocs()
			for b.Loop() {
				if r := Parse(src, Options{Now: today}); len(r.Findings) > 0 || len(r.File.Adoptions) != n {
					b.Fatal(r.Findings)
				}
			}
		})
	}
}

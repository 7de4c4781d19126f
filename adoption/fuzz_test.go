// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package adoption

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/publiccode/report"
)

func seeds(f *testing.F) {
	for _, name := range []string{"base.yml", "needs.yml", "mistakes.yml", "mistakes_comaintenance.yml", "mistakes_needs.yml"} {
		f.Add([]byte(file(f, name)))
	}
	for _, rule := range Rules() {
		bad, good := rule.Example()
		f.Add([]byte(with(ruleBase(f, rule), bad)))
		f.Add([]byte(good))
	}
	f.Add([]byte(bomb()))
	f.Add([]byte("\xff\xfea\x00:\x00"))
	f.Add((&File{}).YAML("de"))
	f.Add((&NeedsFile{}).YAML("de"))
}

// FuzzParse: no file makes a parser panic, place a finding outside of it, or name more
// than is in it; and all formats can report what it says.
func FuzzParse(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, src []byte) {
		r, n := Parse(src, Options{Now: today}), ParseNeeds(src, Options{Now: today})
		holds(t, FileName, r.Report, r.File != nil)
		holds(t, NeedsFileName, n.Report, n.File != nil)
		if r.File != nil {
			for _, s := range r.File.Adoptions {
				if s.Role == "" || s.Software == "" || !knows(s.Visibility) || len(s.Purpose) > 4*maxPurpose {
					t.Fatalf("statement %+v", s)
				}
			}
			for _, c := range r.File.Comaintenance {
				if c.Software == "" || len(c.Partners) > maxPartners || len(c.Funding) > maxFunding || len(c.Steering) > 4*maxPurpose || c.Community.Name == "" && c.Community.URI != "" {
					t.Fatalf("comaintenance %+v", c)
				}
				for _, m := range c.Funding {
					if m.Purpose == "" || m.Status == "" || !isMoney(m.Amount) {
						t.Fatalf("funding %+v", m)
					}
				}
			}
		}
		if n.File != nil {
			seen := map[string]bool{}
			for _, need := range n.File.Needs {
				if seen[need.ID] || !idForm.MatchString(need.ID) || need.Title == "" || !knows(need.Visibility) || !isMoney(need.Share) ||
					len(need.Categories) > maxCategories || len(need.Description) > 4*maxText || need.Joins != "" && !strings.Contains(need.Joins, "#") {
					t.Fatalf("need %+v", need)
				}
				seen[need.ID] = true
			}
		}
	})
}

func knows(v Visibility) bool { return v == "" || v == Public || v == Restricted }

func isMoney(m Money) bool {
	return m == Money{} || m.Amount >= 0 && m.Amount < 1e12 && currencyForm.MatchString(m.Currency)
}

// holds checks what was reported of a file.
func holds(t *testing.T, name string, r *publiccode.Result, read bool) {
	lines := bytes.Count(r.Source(), []byte("\n")) + bytes.Count(r.Source(), []byte("\r")) + 1
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
	if !read && r.Valid() {
		t.Fatal("no file, and no error")
	}
	for format, write := range report.Formats {
		var out bytes.Buffer
		if err := write(&out, []report.File{{Path: name, Result: r}}, report.Options{Lang: "de"}); err != nil {
			t.Fatalf("%s: %v", format, err)
		}
	}
}

// FuzzYAML: what was read can be written, and is read again as the same.
func FuzzYAML(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, src []byte) {
		first, needs := Parse(src, Options{}).File, ParseNeeds(src, Options{}).File
		for _, lang := range []string{"de", "en"} {
			if first != nil && len(first.Adoptions)+len(first.Comaintenance) > 0 && first.Version != "" {
				written := first.YAML(lang)
				if second := Parse(written, Options{}); !reflect.DeepEqual(second.File, first) {
					t.Fatalf("%+v\nwas written as\n%s\nand read as\n%+v: %v", first, written, second.File, second.Findings)
				}
			}
			if needs != nil && len(needs.Needs) > 0 && needs.Version != "" {
				written := needs.YAML(lang)
				if second := ParseNeeds(written, Options{}); !reflect.DeepEqual(second.File, needs) {
					t.Fatalf("%+v\nwas written as\n%s\nand read as\n%+v: %v", needs, written, second.File, second.Findings)
				}
			}
		}
	})
}

// FuzzVisibility: no line that asks for discretion leaves anything public: neither in a
// statement or a need, nor in comaintenance, where there is no such key.
func FuzzVisibility(f *testing.F) {
	for _, s := range []string{"visibility: restricted", "Visibility: x", "private: 1", "visibilty: restricted", "\"visib\\u200blity\": restricted"} {
		f.Add(s)
	}
	statements, needs := file(f, "base.yml"), file(f, "needs.yml")
	together := opening(f) + "comaintenance:\n  - software: https://code.example.org/form/editor\n"
	f.Fuzz(func(t *testing.T, line string) {
		if strings.ContainsAny(line, "\n\r#") {
			return
		}
		name, value, _ := strings.Cut(line, ":")
		if strings.Trim(name, "\"' ") != "visibility" || strings.Trim(value, "\"' ") != "restricted" {
			return
		}
		if r := parse(statements + "    " + line + "\n"); r.File != nil && len(r.File.Adoptions) == 1 && r.File.Adoptions[0].Visibility != Restricted {
			t.Fatalf("%q is %+v: %v", line, r.File.Adoptions[0], r.Findings)
		}
		if r := parseNeeds(needs + "    " + line + "\n"); r.File != nil && len(r.File.Needs) == 1 && r.File.Needs[0].Visibility != Restricted {
			t.Fatalf("%q is %+v: %v", line, r.File.Needs[0], r.Findings)
		}
		if r := parse(together + "    " + line + "\n"); r.File != nil && len(r.File.Comaintenance) > 0 {
			t.Fatalf("%q is %+v: %v", line, r.File.Comaintenance[0], r.Findings)
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

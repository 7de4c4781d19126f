// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package report

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/allmende-registry/allmende/publiccode"
)

var update = flag.Bool("update", false, "write the golden files anew")

// hostile is what file names and values may hold.
const hostile = "a\n::error file=x::owned\r\x1b]0;owned\x07\x1b[2J%0A::set-output,name=y: \u202etxt\u2028\u009b31m</failure><x a=\"'>]]>{0}[klick](https://evil.example)\xff\xfe\x00\"}, {\"x\": \""

// wording makes a finding with words of its own, so that the reports here do not
// change with those of the rules.
func wording(severity publiccode.Severity, code string, line, column, endLine, endColumn int, key, value string) publiccode.Finding {
	return publiccode.Finding{
		Code: code, Severity: severity, Line: line, Column: column, EndLine: endLine, EndColumn: endColumn,
		Key: key, Args: []string{value},
		Wording: &publiccode.Wording{
			DE: "„{0}“ geht hier nicht.", EN: "“{0}” will not do.",
			HelpDE: "Ändern Sie „{key}“.", HelpEN: "Change “{key}”.",
		},
	}
}

func found(path, src string, findings ...publiccode.Finding) File {
	result := publiccode.Parse([]byte(src), publiccode.Options{})
	result.Findings = findings
	return File{Path: path, Result: result}
}

// samples are files of all kinds: with findings of each severity, several at a
// place, over several lines; without any; unreadable; hostile.
func samples() []File {
	mixed := found("./team a/publiccode.yml", "publiccodeYmlVersion: \"0.5\"\nname:\tBürger 日本 amt\nplatforms: [web,\n  tv]\n",
		wording(publiccode.Error, "PC9901", 1, 1, 1, 21, "url", "url"),
		wording(publiccode.Error, "PC9901", 1, 1, 1, 21, "logo", "logo"),
		wording(publiccode.Error, "PC9901", 1, 1, 1, 21, "logo", "logo"),
		wording(publiccode.Warning, "PC9902", 2, 14, 2, 16, "name", "日本"),
		wording(publiccode.Advice, "PC9903", 3, 12, 4, 6, "platforms", "tv"),
	)
	mixed.Unchecked = []string{"PC9910", "PC9911"}
	return []File{
		mixed,
		found("clean/publiccode.yml", "publiccodeYmlVersion: \"0.7\"\n"),
		found("-", "publiccodeYmlVersion: \"99\"\n", wording(publiccode.Error, "PC9901", 7, 3, 7, 3, "", "{x}")),
		found(hostile, "name: \""+strings.Repeat("x", 300)+hostile+"\"\n",
			wording(publiccode.Error, "PC9904", 1, 8, 1, 200, "name\n"+hostile, hostile)),
	}
}

func write(t testing.TB, format string, files []File, opt Options) string {
	t.Helper()
	var out bytes.Buffer
	if err := Formats[format](&out, files, opt); err != nil {
		t.Fatalf("%s: %v", format, err)
	}
	return out.String()
}

func TestGolden(t *testing.T) {
	for name, tt := range map[string]struct {
		format string
		opt    Options
	}{
		"text-de.txt":   {"text", Options{Lang: "de"}},
		"text-en.txt":   {"text", Options{Lang: "en", FailOn: publiccode.Warning}},
		"text-color":    {"text", Options{Lang: "en", Color: true}},
		"report.json":   {"json", Options{Lang: "de"}},
		"report.sarif":  {"sarif", Options{Lang: "de", Version: "v1.2.3"}},
		"github.txt":    {"github", Options{Lang: "en"}},
		"gitlab.json":   {"gitlab", Options{Lang: "de"}},
		"junit.xml":     {"junit", Options{Lang: "de"}},
		"junit-all.xml": {"junit", Options{Lang: "en", FailOn: publiccode.Advice}},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join("testdata", name)
			got := write(t, tt.format, samples(), tt.opt)
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s differs (-update writes it):\n%s", path, got)
			}
		})
	}
}

func TestNothingToReport(t *testing.T) {
	for format, want := range map[string]string{
		"text": "", "github": "", "gitlab": "[]\n", "json": "{\n  \"files\": []\n}\n",
	} {
		if got := write(t, format, nil, Options{}); got != want {
			t.Errorf("%s: %q, want %q", format, got, want)
		}
	}
	// SARIF wants lists, also empty ones.
	if got := write(t, "sarif", nil, Options{}); strings.Contains(got, "null") {
		t.Errorf("sarif: %s", got)
	}
}

func TestFails(t *testing.T) {
	one := func(s publiccode.Severity) File { return found("x", "", wording(s, "PC9901", 1, 1, 1, 1, "", "")) }
	for _, tt := range []struct {
		file File
		on   publiccode.Severity
		want bool
	}{
		{found("x", ""), publiccode.Advice, false},
		{one(publiccode.Error), "", true},
		{one(publiccode.Warning), "", false},
		{one(publiccode.Warning), publiccode.Error, false},
		{one(publiccode.Warning), publiccode.Warning, true},
		{one(publiccode.Advice), publiccode.Warning, false},
		{one(publiccode.Advice), publiccode.Advice, true},
	} {
		if got := (Options{FailOn: tt.on}).Fails(tt.file); got != tt.want {
			t.Errorf("%+v with %q: %v", tt.file.Result.Findings, tt.on, got)
		}
	}
}

// TestRules checks what SARIF says of the standard's own rules, and of edits.
func TestRules(t *testing.T) {
	src := "publiccodeYmlVersion: \"0.5\"\nname: A\ndevelopmentStatus: Stable\nlegal:\n  license: EUPL 1.2\n"
	f := File{Path: "publiccode.yml", Result: publiccode.Parse([]byte(src), publiccode.Options{})}
	profile, _ := publiccode.FindProfile("opencode")
	f.Unchecked = f.Result.CheckProfile(profile, publiccode.Place{})
	var log sarifLog
	if err := json.Unmarshal([]byte(write(t, "sarif", []File{f}, Options{Lang: "de"})), &log); err != nil {
		t.Fatal(err)
	}
	run := log.Runs[0]
	if len(run.Results) != len(f.Result.Findings) || len(run.Results) < 3 {
		t.Fatalf("%d results of %d findings", len(run.Results), len(f.Result.Findings))
	}
	fixes := 0
	for i, r := range run.Results {
		fixes += len(r.Fixes)
		finding := f.Result.Findings[i]
		rule := run.Tool.Driver.Rules[r.RuleIndex]
		if rule.ID != finding.Code || rule.Help.Text == "" || rule.FullDescription.Text == "" || !strings.HasSuffix(rule.HelpURI, "/"+rule.ID+".md") || !strings.Contains(rule.Help.Markdown, "](https://") {
			t.Errorf("%+v", rule)
		}
		if mends := len(f.Result.Remedy(finding)) > 0; mends != (len(r.Fixes) == 1) {
			t.Errorf("%s: fixes %+v", finding.Code, r.Fixes)
		}
	}
	if fixes == 0 {
		t.Error("no fix, though “Stable” has but one remedy")
	}
}

func TestURI(t *testing.T) {
	for path, want := range map[string]string{
		"publiccode.yml":     "publiccode.yml",
		"./a//b/../c":        "a/c",
		"a b/ü%.yml":         "a%20b/%C3%BC%25.yml",
		"a:b":                "./a:b",
		"x\n\xff\u202e?y#z":  "x%0A%FF%E2%80%AE%3Fy%23z",
		"/home/x/public.yml": "file:///home/x/public.yml",
		"//host/share":       "file:///host/share",
	} {
		if got := uri(path); got != want {
			t.Errorf("%q: %q, want %q", path, got, want)
		}
	}
}

func TestFingerprints(t *testing.T) {
	f := wording(publiccode.Error, "PC9901", 1, 1, 1, 2, "name", "x")
	moved := f
	moved.Line, moved.EndLine = 9, 9
	a, b := fingerprints{}.of("p", f), fingerprints{}.of("p", moved)
	if a != b {
		t.Error("an edit elsewhere makes a finding a new one")
	}
	marks := fingerprints{}
	other := f
	other.Key, other.Args = "nam", []string{"ex"}
	seen := []string{marks.of("p", f), marks.of("p", f), marks.of("q", f), marks.of("p", other)}
	slices.Sort(seen)
	if len(slices.Compact(seen)) != 4 {
		t.Errorf("not unique: %v", seen)
	}
}

var command = regexp.MustCompile(`^::(error|warning|notice) file=[^:,]*(,(line|endLine|col|endColumn)=\d+)*(,title=[^:,]*)?::.+$`)

// FuzzFormats feeds hostile bytes to every format: what comes out is well
// formed, and holds no character that acts on a terminal or a log.
func FuzzFormats(f *testing.F) {
	f.Add("publiccode.yml", []byte("publiccodeYmlVersion: '0.5'\nname: A\n"), "x", 1, 1)
	f.Add(hostile, []byte("name: \""+hostile+"\"\n"), hostile, 1, 5)
	f.Add("\x9b\u061c\U000e0041", []byte("\ufeffname:\t\u05d0\u200f\u0301漢"), "\\u0000{1}", 1, 900)
	f.Fuzz(func(t *testing.T, path string, src []byte, value string, line, column int) {
		if len(src) > 10_000 || len(path) > 1000 || len(value) > 1000 {
			return
		}
		line, column = min(max(line, 1), 50), min(max(column, 1), 10_000) // as findings are
		file := File{Path: path, Result: publiccode.Parse(src, publiccode.Options{}), Unchecked: []string{value}}
		file.Result.Findings = append(file.Result.Findings,
			wording(publiccode.Error, "PC9901", line, column, line, column+3, value, value))
		for format := range Formats {
			out := write(t, format, []File{file, file}, Options{Lang: "de"})
			if i := strings.IndexFunc(strings.ReplaceAll(out, "\n", ""), hidden); i >= 0 || !utf8.ValidString(out) {
				t.Fatalf("%s: hidden character in %q", format, out)
			}
			check, ok := wellFormed[format]
			if ok {
				check(t, out, 2*len(file.Result.Findings))
			}
		}
	})
}

var wellFormed = map[string]func(t *testing.T, out string, findings int){
	"json": func(t *testing.T, out string, findings int) {
		var r jsonReport
		if err := json.Unmarshal([]byte(out), &r); err != nil || len(r.Files[0].Findings)+len(r.Files[1].Findings) != findings {
			t.Fatalf("%v: %s", err, out)
		}
	},
	"gitlab": func(t *testing.T, out string, findings int) {
		var issues []issue
		if err := json.Unmarshal([]byte(out), &issues); err != nil || len(issues) != findings {
			t.Fatalf("%v: %s", err, out)
		}
		seen := map[string]bool{}
		for _, i := range issues {
			if seen[i.Fingerprint] {
				t.Fatalf("fingerprint twice: %s", i.Fingerprint)
			}
			seen[i.Fingerprint] = true
		}
	},
	"sarif": func(t *testing.T, out string, findings int) {
		var log sarifLog
		if err := json.Unmarshal([]byte(out), &log); err != nil || len(log.Runs[0].Results) != findings {
			t.Fatalf("%v: %s", err, out)
		}
		for _, r := range log.Runs[0].Results {
			at := r.Locations[0].Physical
			_, err := url.Parse(at.File.URI)
			if err != nil || strings.ContainsFunc(at.File.URI, func(c rune) bool { return c <= ' ' || c >= 0x7f }) {
				t.Fatalf("address %q: %v", at.File.URI, err)
			}
			if g := at.Region; g.StartLine < 1 || g.StartColumn < 1 || g.EndLine < g.StartLine || g.EndLine == g.StartLine && g.EndColumn < g.StartColumn {
				t.Fatalf("region %+v", g)
			}
			if log.Runs[0].Tool.Driver.Rules[r.RuleIndex].ID != r.RuleID {
				t.Fatalf("rule of %+v", r)
			}
		}
	},
	"github": func(t *testing.T, out string, findings int) {
		lines := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
		if len(lines) != findings+2 { // and a note a file
			t.Fatalf("%d lines for %d findings: %q", len(lines), findings, out)
		}
		for _, line := range lines {
			if !command.MatchString(line) {
				t.Fatalf("not a command: %q", line)
			}
		}
	},
	"junit": func(t *testing.T, out string, findings int) {
		dec := xml.NewDecoder(strings.NewReader(out))
		cases := 0
		for {
			token, err := dec.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			if e, ok := token.(xml.StartElement); ok {
				switch e.Name.Local {
				case "testcase":
					cases++
				case "testsuites", "testsuite", "failure", "skipped":
				default:
					t.Fatalf("element %s in %s", e.Name.Local, out)
				}
			}
		}
		if cases != findings {
			t.Fatalf("%d cases for %d findings", cases, findings)
		}
	},
}

// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/publiccode"
)

// faulty has faults that can be mended, and none else.
func faulty(t *testing.T) string {
	t.Helper()
	src, err := os.ReadFile("../../publiccode/testdata/base.yml")
	if err != nil {
		t.Fatal(err)
	}
	return strings.NewReplacer("license: EUPL-1.2", "license: GPL-3.0", "- web\n", "- Web # im Browser\n", "2024-01-02", "02.01.2024").Replace(string(src))
}

func TestFix(t *testing.T) {
	src := faulty(t)
	path := write(t, "publiccode.yml", src)
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "link.yml")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}

	diff, said, code := command(t, "fix", "--diff", "--lang", "en", link)
	if code != 0 || !strings.Contains(diff, "-  license: GPL-3.0\n+  license: GPL-3.0-only\n") || !strings.Contains(said, "please check that this is right") {
		t.Fatalf("exit code %d\n%s%s", code, diff, said)
	}
	if now, _ := os.ReadFile(path); string(now) != src {
		t.Fatal("--diff changed the file")
	}

	out, _, code := command(t, "fix", "--lang", "de", link)
	if code != 0 || !strings.Contains(out, "behoben PC0416") || !strings.Contains(out, "behoben: 3, offen: 0 (publiccode.yml 0.7)") {
		t.Fatalf("exit code %d\n%s", code, out)
	}
	now, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if applyDiff(t, src, diff) != string(now) {
		t.Errorf("the diff is not what was written:\n%s", diff)
	}
	if !strings.Contains(string(now), "- web # im Browser\n") || !strings.Contains(string(now), "releaseDate: 2024-01-02\n") {
		t.Errorf("got\n%s", now)
	}
	info, err := os.Lstat(link)
	if err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Error("the link was replaced")
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".publiccode-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	if out, _, code := command(t, "fix", "--diff", path); code != 0 || out != "" {
		t.Errorf("a second time, exit code %d:\n%s", code, out)
	}
}

func TestFixCommandLine(t *testing.T) {
	good := write(t, "publiccode.yml", faulty(t))
	bad := write(t, "publiccode.yml", "publiccodeYmlVersion: '0.7'\nname: A\ndevelopmentStatus: Stable\n")
	for name, c := range map[string]struct {
		args []string
		code int
		want string
	}{
		"nothing":          {[]string{"fix"}, 2, "publiccode.yml"},
		"no file":          {[]string{"fix", "--diff", good, "/does/not/exist.yml"}, 2, "/does/not/exist.yml"},
		"empty directory":  {[]string{"fix", t.TempDir()}, 2, "holds no publiccode.yml"},
		"directory":        {[]string{"fix", "--diff", "--lang", "en", filepath.Dir(good)}, 0, "remaining: 0"},
		"version":          {[]string{"fix", "--version", "0.9", good}, 2, "0.9"},
		"both":             {[]string{"fix", "--version", "0.7", "--keep-version", good}, 2, "exclude"},
		"language":         {[]string{"fix", "--lang", "fr", good}, 2, "fr"},
		"what remains":     {[]string{"fix", "--diff", "--lang", "de", good, bad}, 1, bad + ":1:1: Fehler PC0101: "},
		"mended all same":  {[]string{"fix", "--diff", "--lang", "de", bad}, 1, "+developmentStatus: stable\n"},
		"version kept":     {[]string{"fix", "--diff", "--lang", "en", "--keep-version", good}, 0, "remaining: 0 (publiccode.yml 0.5)"},
		"version declared": {[]string{"fix", "--diff", "--lang", "en", "--version", "0.6", good}, 0, "+publiccodeYmlVersion: \"0.6\"\n"},
	} {
		t.Run(name, func(t *testing.T) {
			out, errs, code := command(t, c.args...)
			if code != c.code || !strings.Contains(out+errs, c.want) {
				t.Errorf("exit code %d, want %d, with %q in\n%s%s", code, c.code, c.want, out, errs)
			}
		})
	}
}

func TestFixStandardInput(t *testing.T) {
	var out, errs strings.Builder
	root := rootCommand()
	root.SetArgs([]string{"fix", "--lang", "en", "-"})
	root.SetIn(strings.NewReader(faulty(t)))
	root.SetOut(&out)
	root.SetErr(&errs)
	if err := root.ExecuteContext(context.Background()); err != nil {
		t.Fatal(err)
	}
	fixed := publiccode.Fix([]byte(faulty(t)), publiccode.FixOptions{})
	if out.String() != string(fixed.Source) || !strings.Contains(errs.String(), "-: mended: 3") {
		t.Errorf("%s%s", out.String(), errs.String())
	}
}

func TestUnifiedDiff(t *testing.T) {
	numbers := func(from, to int) string {
		var b strings.Builder
		for n := from; n <= to; n++ {
			fmt.Fprintln(&b, n)
		}
		return b.String()
	}
	for _, c := range []struct{ name, a, b, want string }{
		{"equal", "a\n", "a\n", ""},
		{"one line", "a\nb\nc\n", "a\nx\nc\n", "@@ -1,3 +1,3 @@\n a\n-b\n+x\n c\n"},
		{"from nothing", "", "a\n", "@@ -0,0 +1 @@\n+a\n"},
		{"to nothing", "a\n", "", "@@ -1 +0,0 @@\n-a\n"},
		{"no last line end", "a\nb", "a\nb\n", "@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+b\n"},
		{"repeated lines", "x\nx\na\nx\nx\n", "x\nx\nx\nx\n", "@@ -1,5 +1,4 @@\n x\n x\n-a\n x\n x\n"},
		{"context", numbers(1, 20), numbers(1, 9) + "x\n" + numbers(11, 20), "@@ -7,7 +7,7 @@\n 7\n 8\n 9\n-10\n+x\n 11\n 12\n 13\n"},
		{"two hunks", numbers(1, 20), numbers(2, 19), "@@ -1,4 +1,3 @@\n-1\n 2\n 3\n 4\n@@ -17,4 +16,3 @@\n 17\n 18\n 19\n-20\n"},
		{"one hunk of two changes", numbers(1, 8), numbers(2, 7), "@@ -1,8 +1,6 @@\n-1\n 2\n 3\n 4\n 5\n 6\n 7\n-8\n"},
		{"moved", "a\nb\nc\n", "b\nc\na\n", "@@ -1,3 +1,3 @@\n-a\n b\n c\n+a\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := unifiedDiff("f.yml", []byte(c.a), []byte(c.b))
			want := c.want
			if want != "" {
				want = "--- a/f.yml\n+++ b/f.yml\n" + want
			}
			if got != want {
				t.Errorf("got\n%s", got)
			}
			if applyDiff(t, c.a, got) != c.b {
				t.Error("does not lead to the other version")
			}
		})
	}
}

func FuzzUnifiedDiff(f *testing.F) {
	f.Add("a\nb\nc\n", "a\nc\nb\nb")
	f.Add("", "\n\n")
	f.Fuzz(func(t *testing.T, a, b string) {
		if got := applyDiff(t, a, unifiedDiff("x", []byte(a), []byte(b))); got != b {
			t.Errorf("%q, want %q", got, b)
		}
	})
}

var hunkHead = regexp.MustCompile(`^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@\n$`)

// applyDiff does what patch does, without any tolerance.
func applyDiff(t *testing.T, src, diff string) string {
	t.Helper()
	if diff == "" {
		return src
	}
	lines := splitLines([]byte(src))
	var out strings.Builder
	at := 0
	hunks := splitLines([]byte(diff))[2:]
	for i := 0; i < len(hunks); i++ {
		if m := hunkHead.FindStringSubmatch(hunks[i]); m != nil {
			from, _ := strconv.Atoi(m[1])
			if m[2] != "0" {
				from--
			}
			out.WriteString(strings.Join(lines[at:from], ""))
			at = from
			continue
		}
		mark, line := hunks[i][0], hunks[i][1:]
		if i+1 < len(hunks) && strings.HasPrefix(hunks[i+1], "\\") {
			line = strings.TrimSuffix(line, "\n")
			i++
		}
		if mark != '+' {
			if at >= len(lines) || lines[at] != line {
				t.Fatalf("line %d of the source is not %q", at+1, line)
			}
			at++
		}
		if mark != '-' {
			out.WriteString(line)
		}
	}
	return out.String() + strings.Join(lines[at:], "")
}

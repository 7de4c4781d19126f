// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package adoption

import (
	"slices"
	"strings"
	"testing"
)

func TestReadWellKnown(t *testing.T) {
	got := ReadWellKnown([]byte("# who speaks for us\r\nnamespace: https://code.example.org/musterhafen\r\n\n" +
		"Namespace :https://git.example.org/land/amt https://www.musterhafen.example/amt\n" +
		"namespace: https://git.example.org/\nnamespace: http://git.example.org/x\nnamespace: https://a:b@git.example.org/x\nnamespace: git@git.example.org:x\n" +
		"namespace: https://git.example.org/x?y\nnamespace: https://a.example/b c d\nnamespace:\nspaces: https://a.example/b\n" +
		"<a href=\"https://a.example/b\">namespace</a>\nnamespace: https://last.example/x"))
	want := []Voucher{
		{"https://code.example.org/musterhafen", ""},
		{"https://git.example.org/land/amt", "https://www.musterhafen.example/amt"},
		{"https://last.example/x", ""},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	many := strings.Repeat("namespace: https://a.example/b\n", 1000)
	if n := len(ReadWellKnown([]byte(many))); n != maxVouchers {
		t.Errorf("%d vouchers", n)
	}
	if late := ReadWellKnown([]byte(strings.Repeat("#", MaxWellKnown) + "\n" + many)); late != nil {
		t.Errorf("read behind the bound: %v", late)
	}
}

func TestReadTXT(t *testing.T) {
	got := ReadTXT([]string{
		"v=spf1 -all", "allmende-organisation=https://code.example.org/musterhafen", " allmende-organisation= https://a.example/b https://www.c.example ",
		"allmende-organisation=", "allmende-organisation=https://a.example", "x allmende-organisation=https://a.example/b",
		"allmende-organisation=https://a.example/" + strings.Repeat("x", 2*maxAddress),
	})
	if want := []Voucher{{"https://code.example.org/musterhafen", ""}, {"https://a.example/b", "https://www.c.example"}}; !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestProofHost(t *testing.T) {
	for uri, want := range map[string]string{
		"https://www.Musterhafen.example/amt": "musterhafen.example",
		"https://musterhafen.example.:8443":   "musterhafen.example",
		"https://amt.musterhafen.example":     "amt.musterhafen.example",
		"urn:de:musterland:amt":               "",
		"https://a:b@musterhafen.example":     "",
		"musterhafen.example":                 "",
	} {
		if got := ProofHost(uri); got != want {
			t.Errorf("%s: %q, want %q", uri, got, want)
		}
	}
}

func TestVouched(t *testing.T) {
	const uri, home = "https://www.musterhafen.example", "https://code.example.org/musterhafen"
	for name, c := range map[string]struct {
		voucher         Voucher
		uri, repository string
		want            bool
	}{
		"in the namespace":      {Voucher{Namespace: home}, uri, home + "/adoptions", true},
		"the repository itself": {Voucher{Namespace: home + "/adoptions"}, uri, home + "/adoptions.git", true},
		"in other letters":      {Voucher{Namespace: "https://Code.example.org/Musterhafen/"}, uri, home + "/adoptions", true},
		"below a group":         {Voucher{Namespace: home}, uri, home + "/it/adoptions", true},
		"this organisation":     {Voucher{home, uri + "/"}, uri, home + "/adoptions", true},
		"another organisation":  {Voucher{home, uri + "/schulamt"}, uri, home + "/adoptions", false},
		"a namesake":            {Voucher{Namespace: home}, uri, home + "2/adoptions", false},
		"another namespace":     {Voucher{Namespace: home}, uri, "https://code.example.org/other/adoptions", false},
		"out by dots":           {Voucher{Namespace: home}, uri, home + "/../other/adoptions", false},
		"out by hidden dots":    {Voucher{Namespace: home}, uri, home + "/%2e%2e/other/adoptions", false},
		"in by dots":            {Voucher{Namespace: home + "/.."}, uri, "https://code.example.org/other", false},
		"another host":          {Voucher{Namespace: home}, uri, "https://code.example.com/musterhafen/adoptions", false},
		"another port":          {Voucher{Namespace: home}, uri, "https://code.example.org:8443/musterhafen/adoptions", false},
		"not secured":           {Voucher{Namespace: home}, uri, "http://code.example.org/musterhafen/adoptions", false},
		"a URN":                 {Voucher{Namespace: home}, "urn:de:musterland:amt", home + "/adoptions", false},
	} {
		if got := Vouched([]Voucher{{Namespace: "https://unrelated.example/x"}, c.voucher}, c.uri, c.repository); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if Vouched(nil, uri, home) {
		t.Error("nobody vouches")
	}
}

// FuzzVouched: no text vouches for a host that it does not name.
func FuzzVouched(f *testing.F) {
	f.Add("namespace: https://code.example.org/musterhafen\n", "/musterhafen/adoptions")
	f.Add("namespace: https://code.example.org/a/../b\n", "/a/../b")
	f.Fuzz(func(t *testing.T, file, path string) {
		vouchers := append(ReadWellKnown([]byte(file)), ReadTXT(strings.Split(file, "\n"))...)
		if Vouched(vouchers, "https://www.musterhafen.example", "https://code.example.org"+path) && !strings.Contains(strings.ToLower(file), "code.example.org/") && !strings.HasPrefix(path, ".") && strings.HasPrefix(path, "/") {
			t.Fatalf("%q vouches for %q", file, path)
		}
	})
}

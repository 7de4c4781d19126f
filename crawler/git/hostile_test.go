// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package git

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/fetch"
	"github.com/allmende-registry/allmende/registry"
)

// lineOf joins lines; "" is a flush.
func lineOf(lines ...string) []byte {
	var b []byte
	for _, l := range lines {
		if l == "" {
			b = append(b, "0000"...)
			continue
		}
		b = appendLine(b, l)
	}
	return b
}

// stranger answers what a test says to the first request, and to those after
// it in turn.
func stranger(t *testing.T, answers ...http.HandlerFunc) crawler.Forge {
	t.Helper()
	n := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if n >= len(answers) {
			t.Errorf("unexpected %s %s", r.Method, r.URL)
			return
		}
		n++
		answers[n-1](w, r)
	}))
	t.Cleanup(server.Close)
	u, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	client := fetch.New(fetch.Options{Hosts: map[string]fetch.Host{fetch.HostPort(u): {AllowPrivate: true}}})
	f, err := New(u, client.HTTP(), Options{MaxAnswer: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// first is the repository at a path.
func first(ctx context.Context, f crawler.Forge, path string) (crawler.Repo, error) {
	for page, err := range f.Repos(ctx, []crawler.Listing{{Path: path}}) {
		if err == nil {
			err = page.Progress[0].Err
		}
		if err != nil {
			return crawler.Repo{}, err
		}
		return page.Repos[0], nil
	}
	return crawler.Repo{}, errors.New("no answer")
}

func says(body []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.Write(body) }
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

func endless(begin []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Write(begin)
		for {
			if _, err := w.Write(bytes.Repeat([]byte("0000"), 1000)); err != nil {
				return
			}
		}
	}
}

func html(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html")
	io.WriteString(w, "<!doctype html><title>Anmelden</title>")
}

var (
	zeroHash = strings.Repeat("0", 40)
	someHash = strings.Repeat("a1", 20)
	service  = "# service=git-upload-pack\n"
)

func TestStrangeHeads(t *testing.T) {
	anyError := errors.New("any")
	second := status(http.StatusNotFound) // to the attempt with .git
	for name, tt := range map[string]struct {
		answers []http.HandlerFunc
		want    error
	}{
		"HTML":                 {[]http.HandlerFunc{html}, anyError},
		"text":                 {[]http.HandlerFunc{says([]byte("Guten Tag")), second}, errNotGit},
		"nothing":              {[]http.HandlerFunc{says(nil), second}, errNotGit},
		"dumb protocol":        {[]http.HandlerFunc{says([]byte(someHash + "\trefs/heads/main\n")), second}, errNotGit},
		"JSON":                 {[]http.HandlerFunc{says([]byte(`{"message": "x"}`)), second}, errNotGit},
		"another service":      {[]http.HandlerFunc{says(lineOf("# service=git-receive-pack\n", "")), second}, errNotGit},
		"breaks off":           {[]http.HandlerFunc{says(lineOf(service, "", someHash+" HEAD\x00x"))}, errDamaged},
		"garbage":              {[]http.HandlerFunc{says(append(lineOf(service, ""), "zzzz"...))}, errDamaged},
		"line of length 3":     {[]http.HandlerFunc{says(append(lineOf(service, ""), "0003"...))}, errDamaged},
		"negative length":      {[]http.HandlerFunc{says(append(lineOf(service, ""), "-001"...))}, errDamaged},
		"long line":            {[]http.HandlerFunc{says(append(lineOf(service, ""), "ffff"...))}, errDamaged},
		"empty line":           {[]http.HandlerFunc{says(append(lineOf(service, ""), "0004"...))}, errDamaged},
		"version 2":            {[]http.HandlerFunc{says(lineOf(service, "", "version 2\n", "ls-refs\n", ""))}, errDamaged},
		"short hash":           {[]http.HandlerFunc{says(lineOf(service, "", "abc HEAD\x00x\n", ""))}, errDamaged},
		"hash of another kind": {[]http.HandlerFunc{says(lineOf(service, "", someHash+" HEAD\x00object-format=sha256\n", ""))}, errDamaged},
		"unknown hash":         {[]http.HandlerFunc{says(lineOf(service, "", someHash+" HEAD\x00object-format=md5\n", ""))}, anyError},
		"control character":    {[]http.HandlerFunc{says(lineOf(service, "", someHash+" refs/heads/a\x1bb\x00x\n", ""))}, errDamaged},
		"broken default":       {[]http.HandlerFunc{says(lineOf(service, "", someHash+" HEAD\x00symref=HEAD:refs/heads/a\xff\n", ""))}, errDamaged},
		"refusal":              {[]http.HandlerFunc{says(lineOf(service, "", "ERR closed on Sundays\n"))}, errRefused},
		"refusal at once":      {[]http.HandlerFunc{says(lineOf("ERR closed on Sundays\n"))}, errRefused},
		"endless":              {[]http.HandlerFunc{endless(lineOf(service))}, registry.ErrTooLarge},
		"204":                  {[]http.HandlerFunc{status(http.StatusNoContent)}, anyError},
		"401":                  {[]http.HandlerFunc{status(http.StatusUnauthorized)}, registry.ErrForbidden},
		"403":                  {[]http.HandlerFunc{status(http.StatusForbidden)}, registry.ErrForbidden},
		"404":                  {[]http.HandlerFunc{second, second}, registry.ErrNotFound},
		"410":                  {[]http.HandlerFunc{status(http.StatusGone)}, registry.ErrGone},
		"451":                  {[]http.HandlerFunc{status(http.StatusUnavailableForLegalReasons)}, registry.ErrForbidden},
		"500":                  {[]http.HandlerFunc{status(http.StatusInternalServerError)}, anyError},
		"404, then 403":        {[]http.HandlerFunc{second, status(http.StatusForbidden)}, registry.ErrForbidden},
	} {
		t.Run(name, func(t *testing.T) {
			f := stranger(t, tt.answers...)
			r, err := first(fetch.WithAttempts(t.Context(), 1), f, "amt/wahl")
			if err == nil || tt.want != anyError && !errors.Is(err, tt.want) {
				t.Errorf("%+v, %v; want %v", r, err, tt.want)
			}
		})
	}
}

func TestHeads(t *testing.T) {
	other := strings.Repeat("b2", 20)
	for name, tt := range map[string]struct {
		body           []byte
		branch, commit string
	}{
		"usual":               {lineOf(service, "", someHash+" HEAD\x00x symref=HEAD:refs/heads/a\n", someHash+" refs/heads/a\n", other+" refs/heads/b\n", ""), "a", someHash},
		"no commits":          {lineOf(service, "", zeroHash+" capabilities^{}\x00x\n", ""), "", ""},
		"nothing":             {lineOf(service, "", ""), "", ""},
		"only tags":           {lineOf(service, "", other+" refs/tags/v1\x00x\n", someHash+" refs/tags/v1^{}\n", ""), "", ""},
		"version 1":           {lineOf(service, "", "version 1\n", someHash+" HEAD\x00symref=HEAD:refs/heads/a\n", someHash+" refs/heads/a\n", ""), "a", someHash},
		"no flush":            {lineOf(service, someHash+" HEAD\x00symref=HEAD:refs/heads/a\n", ""), "a", someHash},
		"no line feeds":       {lineOf(strings.TrimSpace(service), "", someHash+" HEAD\x00symref=HEAD:refs/heads/a", ""), "a", someHash},
		"shallow":             {lineOf(service, "", someHash+" HEAD\x00symref=HEAD:refs/heads/a\n", "shallow "+other+"\n", ""), "a", someHash},
		"old server":          {lineOf(service, "", someHash+" HEAD\x00x\n", someHash+" refs/heads/a\n", other+" refs/heads/main\n", ""), "a", someHash},
		"old server, main":    {lineOf(service, "", someHash+" HEAD\x00x\n", someHash+" refs/heads/a\n", someHash+" refs/heads/main\n", ""), "main", someHash},
		"old server, any":     {lineOf(service, "", someHash+" HEAD\x00x\n", someHash+" refs/heads/a\n", someHash+" refs/heads/b\n", ""), "", someHash},
		"other symbolic refs": {lineOf(service, "", someHash+" HEAD\x00symref=refs/x:refs/heads/b symref=HEAD:refs/heads/a\n", ""), "a", someHash},
	} {
		t.Run(name, func(t *testing.T) {
			h, err := parseHead(tt.body)
			if err != nil || h.branch != tt.branch || h.commit != tt.commit {
				t.Errorf("%+v, %v; want branch %q, commit %q", h, err, tt.branch, tt.commit)
			}
		})
	}
}

var (
	exampleBlob   = []byte("name: Wahl\n")
	exampleTree   = []byte("100644 publiccode.yml\x00" + hashOf(blobObject, exampleBlob))
	exampleCommit = []byte("tree " + hex.EncodeToString([]byte(hashOf(treeObject, exampleTree))) + "\n\nx")
	exampleHash   = hex.EncodeToString([]byte(hashOf(commitObject, exampleCommit)))

	garbledItem = item{typ: commitObject, content: []byte("tree " + hex.EncodeToString([]byte(hashOf(treeObject, []byte("garbage")))))}
	commitItem  = item{typ: commitObject, content: exampleCommit}
	treeItem    = item{typ: treeObject, content: exampleTree}
	blobItem    = item{typ: blobObject, content: exampleBlob}
)

func heads(offers string) http.HandlerFunc {
	return says(lineOf(service, "", exampleHash+" HEAD\x00symref=HEAD:refs/heads/main "+offers+"\n", exampleHash+" refs/heads/main\n", ""))
}

// banded is an answer to a fetch that offers side-band-64k.
func banded(pack []byte) []byte {
	b := lineOf("shallow "+exampleHash, "", "NAK\n", "\x02Counting\n")
	for len(pack) > 0 {
		n := min(len(pack), 100)
		b = append(b, lineOf("\x01"+string(pack[:n]))...)
		pack = pack[n:]
	}
	return append(b, "0000"...)
}

func TestStrangePacks(t *testing.T) {
	anyError := errors.New("any")
	good := makePack(commitItem, treeItem, blobItem)
	const band, single = "side-band-64k shallow ofs-delta no-progress multi_ack_detailed", "side-band-64k shallow filter allow-reachable-sha1-in-want"
	folders := says(banded(makePack(commitItem, treeItem)))
	for name, tt := range map[string]struct {
		offers  string
		answers []http.HandlerFunc
		want    error // nil: the file can be read
	}{
		"with bands":        {band, []http.HandlerFunc{says(banded(good))}, nil},
		"without":           {"shallow", []http.HandlerFunc{says(append(lineOf("shallow "+exampleHash+"\n", "", "NAK\n"), good...))}, nil},
		"not shallow":       {"", []http.HandlerFunc{says(append(lineOf("NAK\n"), good...))}, nil},
		"single":            {single, []http.HandlerFunc{folders, says(banded(makePack(blobItem)))}, nil},
		"single after all":  {single, []http.HandlerFunc{says(lineOf("ERR filter\n")), says(banded(good))}, nil},
		"whole after all":   {single, []http.HandlerFunc{folders, says(lineOf("ERR upload-pack: not our ref x\n")), says(banded(good))}, nil},
		"HTML":              {band, []http.HandlerFunc{html}, anyError},
		"nothing":           {band, []http.HandlerFunc{says(nil)}, errDamaged},
		"garbage":           {band, []http.HandlerFunc{says([]byte("Guten Tag"))}, errDamaged},
		"refused":           {band, []http.HandlerFunc{says(lineOf("ERR upload-pack: not our ref\n"))}, errRefused},
		"refused late":      {band, []http.HandlerFunc{says(lineOf("NAK\n", "\x01PACK", "\x03out of memory"))}, errRefused},
		"refused twice":     {single, []http.HandlerFunc{folders, says(lineOf("ERR no")), says(lineOf("ERR no"))}, anyError},
		"no NAK":            {band, []http.HandlerFunc{says(good)}, errDamaged},
		"other line":        {band, []http.HandlerFunc{says(lineOf("hello\n"))}, errDamaged},
		"only flushes":      {band, []http.HandlerFunc{says(lineOf("", "", "", ""))}, errDamaged},
		"band 9":            {band, []http.HandlerFunc{says(lineOf("NAK\n", "\x09x", ""))}, errDamaged},
		"empty line":        {band, []http.HandlerFunc{says(append(lineOf("NAK\n"), "00040000"...))}, errDamaged},
		"no end":            {band, []http.HandlerFunc{says(banded(good)[:len(banded(good))-4])}, errDamaged},
		"cut off":           {band, []http.HandlerFunc{says(banded(good[:len(good)-30]))}, errDamaged},
		"cut off, no bands": {"shallow", []http.HandlerFunc{says(append(lineOf("NAK\n"), good[:len(good)-30]...))}, errDamaged},
		"endless":           {band, []http.HandlerFunc{endless(lineOf("NAK\n"))}, registry.ErrTooLarge},
		"bomb":              {band, []http.HandlerFunc{says(banded(makePack(item{typ: blobObject, content: make([]byte, 1<<20), size: 1 << 40})))}, registry.ErrTooLarge},
		"no commit":         {band, []http.HandlerFunc{says(banded(makePack(treeItem, blobItem)))}, errDamaged},
		"no folder":         {band, []http.HandlerFunc{says(banded(makePack(commitItem, blobItem)))}, errDamaged},
		"no file":           {band, []http.HandlerFunc{says(banded(makePack(commitItem, treeItem)))}, errDamaged},
		"garbage as folder": {band, []http.HandlerFunc{says(banded(makePack(garbledItem, item{typ: treeObject, content: []byte("garbage")})))}, errDamaged},
		"garbage as commit": {band, []http.HandlerFunc{heads(band)}, errDamaged},
		"another file":      {single, []http.HandlerFunc{folders, says(banded(makePack(item{typ: blobObject, content: []byte("x")})))}, errDamaged},
		"file cut off":      {single, []http.HandlerFunc{folders, says(banded(makePack(blobItem)[:20]))}, errDamaged},
		"endless file":      {single, []http.HandlerFunc{folders, endless(lineOf("NAK\n"))}, registry.ErrTooLarge},
		"403":               {band, []http.HandlerFunc{status(http.StatusForbidden)}, registry.ErrForbidden},
		"file 403":          {single, []http.HandlerFunc{folders, status(http.StatusForbidden)}, registry.ErrForbidden},
		"404":               {band, []http.HandlerFunc{status(http.StatusNotFound)}, registry.ErrNotFound},
		"500":               {band, []http.HandlerFunc{status(http.StatusInternalServerError)}, anyError},
		"large after all":   {single, []http.HandlerFunc{folders, says(lineOf("ERR no")), endless(lineOf("NAK\n"))}, anyError},
	} {
		t.Run(name, func(t *testing.T) {
			f := stranger(t, append([]http.HandlerFunc{heads(tt.offers)}, tt.answers...)...)
			ctx := fetch.WithAttempts(t.Context(), 1)
			r, err := first(ctx, f, "amt/wahl")
			if err != nil {
				t.Fatal(err)
			}
			var content []byte
			tree, err := f.Files(ctx, r)
			if err == nil {
				content, err = fs.ReadFile(tree, "publiccode.yml")
			}
			switch {
			case tt.want == nil && (err != nil || !bytes.Equal(content, exampleBlob)):
				t.Errorf("read %q, %v", content, err)
			case tt.want == anyError && err == nil, tt.want != nil && tt.want != anyError && !errors.Is(err, tt.want):
				t.Errorf("read %q, %v; want %v", content, err, tt.want)
			case name == "large after all" && errors.Is(err, registry.ErrTooLarge):
				t.Errorf("%v: the file is not too large", err)
			}
		})
	}
}

// TestOwnBound: the answer is bounded also where the client does not do it.
func TestOwnBound(t *testing.T) {
	server := httptest.NewServer(endless(lineOf(service)))
	defer server.Close()
	u, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	f, err := New(u, nil, Options{MaxAnswer: 10_000})
	if err != nil {
		t.Fatal(err)
	}
	if r, err := first(t.Context(), f, "wahl"); !errors.Is(err, registry.ErrTooLarge) {
		t.Errorf("%+v, %v", r, err)
	}
}

// TestAsks compares what is sent with what the protocol wants.
func TestAsks(t *testing.T) {
	h := &head{format: sha256Format, commit: "c", offers: map[string]bool{"side-band-64k": true, "ofs-delta": true, "shallow": true, "thin-pack": true}}
	for _, tt := range []struct {
		w    wanted
		want string
	}{
		{wanted{hashes: []string{"c"}, deepen: h.shallow(), filter: "blob:none"}, "003fwant c side-band-64k ofs-delta filter object-format=sha256\n" + "000ddeepen 1\n" + "0015filter blob:none\n" + "0000" + "0009done\n"},
		{wanted{hashes: []string{"f"}}, "0038want f side-band-64k ofs-delta object-format=sha256\n" + "0000" + "0009done\n"},
		{wanted{hashes: []string{"c", "d"}, deepen: "deepen-since 5", filter: "tree:0"}, "004cwant c side-band-64k ofs-delta filter deepen-since object-format=sha256\n" + "000bwant d\n" + "0013deepen-since 5\n" + "0012filter tree:0\n" + "0000" + "0009done\n"},
	} {
		if got := string(h.ask(tt.w)); got != tt.want {
			t.Errorf("%+v: %q, want %q", tt.w, got, tt.want)
		}
	}
}

func FuzzHead(f *testing.F) {
	f.Add(lineOf(service, "", someHash+" HEAD\x00x symref=HEAD:refs/heads/a\n", someHash+" refs/heads/a\n", ""))
	f.Add(lineOf(service, "", zeroHash+" capabilities^{}\x00object-format=sha1\n", ""))
	f.Fuzz(func(t *testing.T, body []byte) {
		h, err := parseHead(body)
		if err == nil && h.commit != "" && !h.format.isHex(h.commit) {
			t.Fatalf("commit %q", h.commit)
		}
	})
}

func FuzzAnswer(f *testing.F) {
	f.Add(banded(makePack(commitItem)), true)
	f.Add(append(lineOf("NAK\n"), makePack(commitItem)...), false)
	f.Fuzz(func(t *testing.T, body []byte, bands bool) {
		before := len(body)
		packed, err := unband(bytes.Clone(body), bands)
		if err == nil && len(packed) > before {
			t.Fatal("the pack is larger than the answer")
		}
	})
}

func TestSignature(t *testing.T) {
	for object, want := range map[string]signed{
		"tree x\nauthor A <a@example.org> 1700000000 +0100\ncommitter B <b@example.org> 1 +0000\n\nx": {"a@example.org", time.Unix(1700000000, 0)},
		"author A < <a@example.org> 1700000000":                                                       {"a@example.org", time.Unix(1700000000, 0)},
		"author  <> 0 +0000":                                                                          {"", time.Unix(0, 0)},
		"tree x\n\nauthor A <a@example.org> 1700000000":                                               {},
		"author A a@example.org 1700000000 +0000":                                                     {},
		"author A <a@example.org> soon":                                                               {},
		"author A <a@example.org> -1 +0000":                                                           {},
		"author A <a@example.org> 253402300800 +0000":                                                 {},
		"author A >a@example.org< 1 +0000":                                                            {},
		"":                                                                                            {},
	} {
		got, ok := signature([]byte(object), "author")
		if ok == want.at.IsZero() || ok && (got.email != want.email || !got.at.Equal(want.at)) {
			t.Errorf("%q: %+v, %t; want %+v", object, got, ok, want)
		}
	}
}

func TestCompareVersions(t *testing.T) {
	order := []string{"", "1", "1.0", "1.9", "1.09.1", "1.10", "2", "10", "a", "v1.9", "v1.10", "v1.10-rc1", "v02.1", "v2.2"}
	for i, a := range order {
		for j, b := range order {
			if got := compareVersions(a, b); sign(got) != sign(i-j) {
				t.Errorf("compareVersions(%q, %q) = %d", a, b, got)
			}
		}
	}
}

func sign(n int) int { return max(-1, min(1, n)) }

// TestStrangeTags: whatever answers the questions for dates and commits, the
// names of the tags stay.
func TestStrangeTags(t *testing.T) {
	const offers = "side-band-64k shallow filter deepen-since"
	refs := func(name string) []byte {
		return lineOf(service, "", exampleHash+" HEAD\x00symref=HEAD:refs/heads/main "+offers+"\n", exampleHash+" refs/heads/main\n", someHash+" refs/tags/"+name+"\n", exampleHash+" refs/tags/"+name+"^{}\n", "")
	}
	dated := item{typ: commitObject, content: []byte("tree " + zeroHash + "\ncommitter A <a> 99999999999999999999 +0000\n\nx")}
	for name, tt := range map[string]struct {
		answers []http.HandlerFunc
		failed  bool
	}{
		"nothing":     {[]http.HandlerFunc{says(nil)}, false},
		"refused":     {[]http.HandlerFunc{says(lineOf("ERR no\n"))}, false},
		"garbage":     {[]http.HandlerFunc{says([]byte("Guten Tag"))}, false},
		"endless":     {[]http.HandlerFunc{endless(lineOf("NAK\n"))}, false},
		"no commit":   {[]http.HandlerFunc{says(banded(makePack(blobItem)))}, false},
		"impossible":  {[]http.HandlerFunc{says(banded(makePack(dated)))}, false},
		"unavailable": {[]http.HandlerFunc{status(http.StatusInternalServerError)}, true},
	} {
		t.Run(name, func(t *testing.T) {
			f := stranger(t, append([]http.HandlerFunc{says(refs("v1"))}, tt.answers...)...)
			ctx := fetch.WithAttempts(t.Context(), 1)
			r, err := first(ctx, f, "amt/wahl")
			if err != nil {
				t.Fatal(err)
			}
			list, err := f.Describe(ctx, []crawler.Repo{r})
			if err != nil || len(list) != 1 {
				t.Fatalf("%d descriptions, %v", len(list), err)
			}
			d := list[0]
			if (d.Err != nil) != tt.failed || d.Activity == nil || len(d.Activity.Tags) != 1 || d.Activity.Tags[0].Commit != exampleHash || d.Activity.Commits != nil {
				t.Errorf("%+v", d)
			}
		})
	}
}

func FuzzSignature(f *testing.F) {
	f.Add([]byte("tree x\nauthor A <a@example.org> 1700000000 +0100\n\nx"))
	f.Fuzz(func(t *testing.T, object []byte) {
		if s, ok := signature(object, "author"); ok {
			if _, err := s.at.MarshalJSON(); err != nil || !utf8.ValidString(s.email) {
				t.Fatalf("%+v, %v", s, err)
			}
		}
	})
}

func FuzzCompareVersions(f *testing.F) {
	f.Add("v1.9", "v1.10")
	f.Fuzz(func(t *testing.T, a, b string) {
		if compareVersions(a, b) != -compareVersions(b, a) || compareVersions(a, a) != 0 {
			t.Fatalf("%q, %q", a, b)
		}
	})
}

// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package links

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"github.com/allmende-registry/allmende/crawler/fetch"
	"github.com/allmende-registry/allmende/publiccode"
)

// parse reads lines of a publiccode.yml and forgets what is wrong with them.
func parse(t testing.TB, lines ...string) *publiccode.Result {
	t.Helper()
	result := publiccode.Parse([]byte(strings.Join(lines, "\n")+"\n"), publiccode.Options{})
	if result.PublicCode == nil {
		t.Fatalf("the file cannot be read: %v", result.Findings)
	}
	result.Findings = nil
	return result
}

// found lists findings as code, key and arguments.
func found(result *publiccode.Result) []string {
	list := []string{}
	for _, f := range result.Findings {
		list = append(list, strings.TrimSpace(fmt.Sprintf("%s %s %s", f.Code, f.Key, strings.Join(f.Args, " | "))))
	}
	return list
}

// reaching is a transport that may reach the test's own servers.
func reaching(servers ...*httptest.Server) http.RoundTripper {
	hosts := map[string]fetch.Host{}
	for _, s := range servers {
		u, _ := url.Parse(s.URL)
		hosts[fetch.HostPort(u)] = fetch.Host{AllowPrivate: true}
	}
	return fetch.Transport(fetch.Options{UserAgent: "test (+https://example.org)", Hosts: hosts})
}

func serve(t testing.TB, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}

func pngOf(t testing.TB, width int) []byte {
	t.Helper()
	var b bytes.Buffer
	picture := image.NewPaletted(image.Rect(0, 0, width, 2), color.Palette{color.Black, color.White})
	if err := png.Encode(&b, picture); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gzipped(t testing.TB, s string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write([]byte(s))
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const (
	svg  = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n<!DOCTYPE svg>\n<!-- a circle --><svg xmlns=\"http://www.w3.org/2000/svg\"><circle r=\"1\"/></svg>"
	html = "<!DOCTYPE html><html><body><svg/></body></html>"
	jpeg = "\xff\xd8\xff\xe0\x00\x10JFIF"
)

func TestAnswers(t *testing.T) {
	endless := func(w http.ResponseWriter, r *http.Request) {
		block := make([]byte, 64<<10)
		for r.Method == http.MethodGet && r.Context().Err() == nil {
			if _, err := w.Write(block); err != nil {
				return
			}
		}
	}
	inside := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("a private address was asked") })
	secure := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(secure.Close)
	gone := httptest.NewServer(nil)
	gone.Close()

	mux := http.NewServeMux()
	answer := func(path string, h http.HandlerFunc) { mux.HandleFunc(path, h) }
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
	}
	body := func(media string, content []byte) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", media)
			w.Write(content)
		}
	}
	// onlyGET answers HEAD with a status of its own.
	onlyGET := func(head int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodHead {
				w.WriteHeader(head)
			}
		}
	}
	answer("/page", body("text/html", []byte(html)))
	answer("/broken.json", body("application/json", []byte("{")))
	answer("/nowhere", status(404))
	answer("/broken", status(500))
	answer("/empty-redirect", status(302))
	answer("/login", status(401))
	answer("/forbidden", status(403))
	answer("/often", status(429))
	answer("/robots", status(999))
	answer("/get-405", onlyGET(405))
	answer("/get-501", onlyGET(501))
	answer("/get-403", onlyGET(403))
	answer("/get-404", onlyGET(404))
	answer("/get-hangs-up", func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead {
			conn, _, err := w.(http.Hijacker).Hijack()
			if err == nil {
				conn.Close()
			}
		}
	})
	answer("/chain/{n}", func(w http.ResponseWriter, r *http.Request) {
		if n := r.PathValue("n"); n != "" && n[0] > '0' {
			http.Redirect(w, r, fmt.Sprintf("/chain/%c", n[0]-1), http.StatusMovedPermanently)
		}
	})
	answer("/loop", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/loop", http.StatusFound) })
	answer("/inside", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, inside.URL, http.StatusFound) })
	answer("/other", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "file:///etc/passwd", http.StatusFound)
	})
	answer("/secure", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, secure.URL, http.StatusFound) })
	answer("/endless", endless)
	answer("/endless-after-get-404", func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead {
			w.WriteHeader(404)
		}
		endless(w, r)
	})
	answer("/endless.png", endless)
	answer("/wide.png", body("application/octet-stream", pngOf(t, 1000)))
	answer("/narrow.png", body("image/png", pngOf(t, 999)))
	answer("/blob/logo.png", body("text/html", []byte(html)))
	answer("/lies.png", body("image/png", []byte(jpeg)))
	answer("/photo.jpg", body("image/jpeg", []byte(jpeg)))
	answer("/draw.svg", body("image/svg+xml", []byte(svg)))
	answer("/draw.svgz", body("image/svg+xml", gzipped(t, svg)))
	answer("/sent.svgz", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		w.Write(gzipped(t, svg))
	})
	answer("/raw", body("image/png", pngOf(t, 1)))
	answer("/text", body("text/plain", []byte("Hallo")))
	server := serve(t, mux.ServeHTTP)
	s := server.URL

	for name, tt := range map[string]struct {
		line string // with § for the server
		want string // code and arguments after the address; "" for none
	}{
		"page":                    {"landingURL: §/page", ""},
		"page of broken JSON":     {"landingURL: §/broken.json", ""},
		"endless page":            {"landingURL: §/endless", ""},
		"endless page by GET":     {"landingURL: §/endless-after-get-404", ""},
		"fragment and password":   {"landingURL: http://me:secret@" + strings.TrimPrefix(s, "http://") + "/page#part", ""},
		"404":                     {"landingURL: §/nowhere", "PC0701 404 Not Found"},
		"500":                     {"landingURL: §/broken", "PC0701 500 Internal Server Error"},
		"redirect to nothing":     {"landingURL: §/empty-redirect", "PC0701 302 Found"},
		"401":                     {"roadmap: §/login", "PC0511 401 Unauthorized"},
		"403":                     {"roadmap: §/forbidden", "PC0511 403 Forbidden"},
		"429":                     {"roadmap: §/often", "PC0511 429 Too Many Requests"},
		"999":                     {"roadmap: §/robots", "PC0511 999"},
		"HEAD is not allowed":     {"url: §/get-405", ""},
		"HEAD is not implemented": {"url: §/get-501", ""},
		"HEAD is forbidden":       {"url: §/get-403", ""},
		"HEAD finds nothing":      {"url: §/get-404", ""},
		"HEAD is hung up on":      {"url: §/get-hangs-up", ""},
		"redirects":               {"url: §/chain/5", ""},
		"too many redirects":      {"url: §/chain/6", "PC0706"},
		"redirects in a circle":   {"url: §/loop", "PC0706"},
		"redirect to a file":      {"url: §/other", "PC0706"},
		"redirect inside":         {"url: §/inside", "PC0705"},
		"private":                 {"url: " + inside.URL, "PC0705"},
		"localhost":               {"url: http://localhost:1/", "PC0705"},
		"cloud metadata":          {"url: http://169.254.169.254/latest", "PC0705"},
		"no such host":            {"url: https://nobody.invalid/x", "PC0702 nobody.invalid"},
		"nobody there":            {"url: " + gone.URL, "PC0703"},
		"unknown certificate":     {"url: §/secure", "PC0704"},
		"logo":                    {"logo: §/wide.png", ""},
		"small logo":              {"logo: §/narrow.png", "PC0512 999 | 1000"},
		"small picture":           {"monochromeLogo: §/narrow.png", ""},
		"page about a logo":       {"logo: §/blob/logo.png", "PC0707 PNG"},
		"other format":            {"logo: §/lies.png", "PC0707 PNG"},
		"endless image":           {"logo: §/endless.png", "PC0707 PNG"},
		"no such image":           {"logo: §/no.png", "PC0701 404 Not Found"},
		"SVG":                     {"logo: §/draw.svg", ""},
		"SVGZ":                    {"logo: §/draw.svgz", ""},
		"SVGZ in transfer":        {"logo: §/sent.svgz", ""},
		"image without ending":    {"monochromeLogo: §/raw", ""},
		"text without ending":     {"logo: §/text", "PC0707 SVG, PNG, JPEG"},
		"format of no standard":   {"logo: §/text?x=a.gif", "PC0707 SVG, PNG, JPEG"},
		"photo":                   {"description: {de: {screenshots: [§/photo.jpg]}}", ""},
		"urn":                     {"organisation: {uri: \"urn:x-amt:muster\"}", ""},
	} {
		t.Run(name, func(t *testing.T) {
			result := parse(t, strings.ReplaceAll(tt.line, "§", s))
			if len(references(result)) != 1 && name != "urn" {
				t.Fatalf("references %v", references(result))
			}
			// The certificate of the secure server is nobody's.
			if err := Check(t.Context(), result, publiccode.Place{}, reaching(server, secure, gone)); err != nil {
				t.Fatal(err)
			}
			var got string
			for _, f := range result.Findings {
				got = strings.TrimSpace(f.Code + " " + strings.Join(f.Args[1:], " | "))
				for _, lang := range []string{"de", "en"} {
					if text := f.Message(lang) + f.Help(lang); regexp.MustCompile(`\{\w+\}`).MatchString(text) {
						t.Errorf("open placeholder in %q", text)
					}
				}
			}
			if got != tt.want || len(result.Findings) > 1 {
				t.Errorf("found %v, want %s", found(result), tt.want)
			}
		})
	}
}

// TestRedirectToEncryption needs a server that is trusted.
func TestRedirectToEncryption(t *testing.T) {
	secure := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer secure.Close()
	plain := serve(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, secure.URL, http.StatusFound) })
	result := parse(t, "landingURL: "+plain.URL+"/start", "roadmap: "+secure.URL)
	if err := Check(t.Context(), result, publiccode.Place{}, secure.Client().Transport); err != nil {
		t.Fatal(err)
	}
	if want := []string{"PC0510 landingURL " + plain.URL + "/start"}; !slices.Equal(found(result), want) {
		t.Errorf("found %v, want %v", found(result), want)
	}
}

func TestSaysWhoAsks(t *testing.T) {
	var mu sync.Mutex
	var headers []http.Header
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		headers = append(headers, r.Header)
		mu.Unlock()
		if r.URL.Path == "/a" {
			http.SetCookie(w, &http.Cookie{Name: "a", Value: "b"})
			http.Redirect(w, r, "/b", http.StatusFound)
		}
	})
	address := strings.Replace(server.URL, "http://", "http://me:secret@", 1)
	if err := Check(t.Context(), parse(t, "url: "+address+"/a"), publiccode.Place{}, reaching(server)); err != nil {
		t.Fatal(err)
	}
	if len(headers) != 2 {
		t.Fatalf("%d requests", len(headers))
	}
	for _, h := range headers {
		if h.Get("User-Agent") != "test (+https://example.org)" || h.Get("Authorization")+h.Get("Cookie")+h.Get("Referer") != "" {
			t.Errorf("sent %v", h)
		}
	}
}

// TestEveryReference holds that all that leads somewhere is asked for, where
// it stands.
func TestEveryReference(t *testing.T) {
	server := serve(t, http.NotFound)
	lines := []string{
		"url: §/1.git",
		"landingURL: §/2",
		"isBasedOn: §/3",
		"logo: §/4.svg",
		"monochromeLogo: §/5.svg",
		"organisation:",
		"  uri: §/6",
		"fundedBy:",
		"  - name: Stiftung",
		"  - uri: §/7",
		"roadmap: §/8",
		"description:",
		"  de:",
		"    documentation: §/9",
		"    apiDocumentation: §/10",
		"    screenshots:",
		"      - §/11.png",
		"      - §/12.png",
		"    videos:",
		"      - §/13",
		"  en:",
		"    documentation: §/9",
		"legal:",
		"  authorsFile: §/14",
		"maintenance:",
		"  contractors:",
		"    - website: §/15",
		"usedBy:",
		"  - §/16",
	}
	want := []string{
		"1 url", "2 landingURL", "3 isBasedOn", "4 logo", "5 monochromeLogo", "7 organisation.uri", "10 fundedBy[1].uri",
		"11 roadmap", "14 description.de.documentation", "15 description.de.apiDocumentation",
		"17 description.de.screenshots[0]", "18 description.de.screenshots[1]", "20 description.de.videos[0]",
		"22 description.en.documentation", "24 legal.authorsFile", "27 maintenance.contractors[0].website",
	}
	result := parse(t, strings.ReplaceAll(strings.Join(lines, "\n"), "§", server.URL))
	if err := Check(t.Context(), result, publiccode.Place{}, reaching(server)); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range result.Findings {
		got = append(got, fmt.Sprintf("%d %s", f.Line, f.Key))
		if f.Code != "PC0701" || f.Severity != publiccode.Warning || f.EndColumn <= f.Column {
			t.Errorf("finding %+v", f)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("found\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestAsksOnceAndNotTooMuchAtOnce(t *testing.T) {
	var mu sync.Mutex
	asked := map[string]int{}
	var now, most atomic.Int32
	handler := func(_ http.ResponseWriter, r *http.Request) {
		n := now.Add(1)
		defer now.Add(-1)
		for {
			m := most.Load()
			if n <= m || most.CompareAndSwap(m, n) {
				break
			}
		}
		mu.Lock()
		asked[r.Host+r.URL.Path]++
		mu.Unlock()
	}
	server := serve(t, handler)
	lines := []string{"url: " + server.URL + "/same", "landingURL: " + server.URL + "/same#part", "isBasedOn:"}
	for i := range maxAddresses + 6 {
		lines = append(lines, fmt.Sprintf("  - %s/%d", server.URL, i))
	}
	result := parse(t, lines...)
	if err := Check(t.Context(), result, publiccode.Place{}, reaching(server)); err != nil {
		t.Fatal(err)
	}
	for path, n := range asked {
		if n != 1 {
			t.Errorf("%s was asked for %d times", path, n)
		}
	}
	if len(asked) != maxAddresses || most.Load() > atOnceByHost {
		t.Errorf("%d addresses were asked for, %d at once", len(asked), most.Load())
	}
	if want := []string{"PC0514  7 | 107"}; !slices.Equal(found(result), want) {
		t.Errorf("found %q, want %q", found(result), want)
	}
}

// hanging is a server that does not answer, and the sign that somebody waits.
func hanging(t *testing.T) (*httptest.Server, <-chan struct{}) {
	t.Helper()
	waiting := make(chan struct{}, 1)
	end := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case waiting <- struct{}{}:
		default:
		}
		select {
		case <-r.Context().Done():
		case <-end:
		}
	}))
	t.Cleanup(func() { close(end); server.Close() })
	return server, waiting
}

func TestEndsWithItsContext(t *testing.T) {
	server, waiting := hanging(t)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-waiting
		cancel()
	}()
	result := parse(t, "url: "+server.URL, "landingURL: "+server.URL+"/a", "roadmap: "+server.URL+"/b", "logo: logo.svg")
	if err := Check(ctx, result, publiccode.Place{}, reaching(server)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if len(result.Findings) > 0 {
		t.Errorf("found %v", found(result))
	}
}

func TestPatience(t *testing.T) {
	server, _ := hanging(t)
	for name, tt := range map[string]struct {
		all, address time.Duration
		want         string
	}{
		"with one": {time.Hour, time.Millisecond, "PC0703 url " + server.URL},
		"with all": {time.Millisecond, time.Hour, "PC0514  1 | 1"},
	} {
		result := parse(t, "url: "+server.URL)
		c := checker{client: &http.Client{Transport: reaching(server)}, all: tt.all, address: tt.address, head: time.Hour}
		if err := c.check(t.Context(), result, publiccode.Place{}); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(found(result), []string{tt.want}) {
			t.Errorf("%s: found %q, want %q", name, found(result), tt.want)
		}
	}
}

// TestWithoutNetwork: where nobody answers at all, nobody is to blame.
func TestWithoutNetwork(t *testing.T) {
	server := serve(t, func(http.ResponseWriter, *http.Request) {})
	lines := []string{"url: https://a.invalid/", "landingURL: https://b.invalid/", "roadmap: https://b.invalid/#plan", "logo: http://127.0.0.1:1/a.png"}
	for name, tt := range map[string]struct {
		lines []string
		want  []string
	}{
		"one host":    {lines[:1], []string{"PC0702 url https://a.invalid/ | a.invalid"}},
		"hosts":       {lines, []string{"PC0514  2 | 3", "PC0705 logo http://127.0.0.1:1/a.png"}},
		"one answers": {append(lines[:2:2], "roadmap: "+server.URL), []string{"PC0702 url https://a.invalid/ | a.invalid", "PC0702 landingURL https://b.invalid/ | b.invalid"}},
	} {
		result := parse(t, tt.lines...)
		if err := Check(t.Context(), result, publiccode.Place{}, reaching(server)); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(found(result), tt.want) {
			t.Errorf("%s: found %q, want %q", name, found(result), tt.want)
		}
	}
}

// TestHeadWithoutAnswer: some servers leave HEAD alone.
func TestHeadWithoutAnswer(t *testing.T) {
	end := make(chan struct{})
	server := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead {
			select {
			case <-r.Context().Done():
			case <-end:
			}
		}
	})
	defer close(end)
	result := parse(t, "url: "+server.URL)
	c := checker{client: &http.Client{Transport: reaching(server)}, all: time.Hour, address: time.Hour, head: time.Millisecond}
	if err := c.check(t.Context(), result, publiccode.Place{}); err != nil || len(result.Findings) > 0 {
		t.Errorf("found %v, %v", found(result), err)
	}
}

func TestFiles(t *testing.T) {
	huge := fstest.MapFile{Data: make([]byte, maxFile+1)}
	files := fstest.MapFS{
		"docs/logo.svg":  {Data: []byte(svg)},
		"docs/logo.svgz": {Data: gzipped(t, svg)},
		"docs/plain.svgz": {
			Data: []byte(svg),
		},
		"docs/bomb.svgz": {Data: gzipped(t, strings.Repeat(" ", 64<<20)+svg)},
		"docs/big.png":   {Data: pngOf(t, 4000)},
		"docs/small.png": {Data: pngOf(t, 16)},
		"docs/cut.png":   {Data: pngOf(t, 4000)[:20]},
		"docs/page.svg":  {Data: []byte(html)},
		"docs/empty.png": {},
		"docs/logo.gif":  {Data: []byte("GIF89a")},
		"docs/logo":      {Data: []byte(jpeg)},
		"docs/huge.png":  &huge,
		"docs/pipe.svg":  {Mode: fs.ModeNamedPipe},
		"AUTHORS":        {Data: []byte("Ada")},
	}
	for value, want := range map[string]string{
		"docs/logo.svg":            "",
		"./docs/../docs//logo.svg": "",
		"docs/logo.svgz":           "",
		"docs/plain.svgz":          "PC0707 SVGZ",
		"docs/bomb.svgz":           "PC0707 SVGZ",
		"docs/big.png":             "",
		"docs/small.png":           "PC0512 16 | 1000",
		"docs/cut.png":             "PC0707 PNG",
		"docs/page.svg":            "PC0707 SVG",
		"docs/empty.png":           "PC0707 PNG",
		"docs/logo.gif":            "",
		"docs/logo":                "",
		"docs/huge.png":            "PC0710 10 MiB",
		"docs/pipe.svg":            "PC0709",
		"docs":                     "PC0709",
		"docs/Logo.svg":            "PC0708",
		"logo.svg":                 "PC0708",
	} {
		result := parse(t, "logo: "+value)
		if err := Check(t.Context(), result, publiccode.Place{Files: files}, nil); err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, f := range result.Findings {
			got = strings.TrimSpace(f.Code + " " + strings.Join(f.Args[1:], " | "))
		}
		if got != want {
			t.Errorf("%s: found %v, want %q", value, found(result), want)
		}
	}

	result := parse(t, "legal: {authorsFile: AUTHORS}", "description: {de: {screenshots: [a.png, docs/small.png]}}")
	if err := Check(t.Context(), result, publiccode.Place{Files: files}, nil); err != nil {
		t.Fatal(err)
	}
	if want := []string{"PC0708 description.de.screenshots[0] a.png"}; !slices.Equal(found(result), want) {
		t.Errorf("found %v, want %v", found(result), want)
	}
	result = parse(t, "logo: docs/logo.svg")
	if err := Check(t.Context(), result, publiccode.Place{}, nil); err != nil {
		t.Fatal(err)
	}
	if want := []string{"PC0513 logo docs/logo.svg"}; !slices.Equal(found(result), want) {
		t.Errorf("without files found %v, want %v", found(result), want)
	}
}

// TestFilesOfADirectory looks for ways out of a directory, and for files that
// keep whoever opens them waiting.
func TestFilesOfADirectory(t *testing.T) {
	dir := t.TempDir()
	outside := filepath.Join(t.TempDir(), "secret.svg")
	for name, content := range map[string]string{outside: svg, filepath.Join(dir, "logo.svg"): svg} {
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, to := range map[string]string{"inside.svg": "logo.svg", "outside.svg": outside, "self.svg": "self.svg"} {
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			t.Skip(err)
		}
	}
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe.svg"), 0o600); err != nil {
		t.Skip(err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	for value, want := range map[string]string{
		"logo.svg": "", "inside.svg": "", "outside.svg": "PC0709", "self.svg": "PC0709", "pipe.svg": "PC0709", "none.svg": "PC0708",
	} {
		result := parse(t, "logo: "+value)
		if err := Check(t.Context(), result, publiccode.Place{Files: root.FS()}, nil); err != nil {
			t.Fatal(err)
		}
		if got := strings.TrimSuffix(strings.Join(found(result), ", "), " logo "+value); got != want {
			t.Errorf("%s: found %q, want %q", value, got, want)
		}
	}
}

func TestUnreadableFileLeadsNowhere(t *testing.T) {
	result := publiccode.Parse([]byte("- url: http://localhost"), publiccode.Options{})
	before := len(result.Findings)
	if err := Check(t.Context(), result, publiccode.Place{}, nil); err != nil || len(result.Findings) != before {
		t.Errorf("got %v and %d more findings", err, len(result.Findings)-before)
	}
}

// FuzzRecognise holds that no bytes break the recognition of images.
func FuzzRecognise(f *testing.F) {
	for _, seed := range [][]byte{[]byte(svg), []byte(html), []byte(jpeg), pngOf(f, 3), gzipped(f, svg), []byte("\x1f\x8b")} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, head []byte) {
		format, width := recognise(head)
		if format != "PNG" && width != 0 {
			t.Errorf("%q is %d wide", format, width)
		}
	})
}

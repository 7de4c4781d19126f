// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/gin-gonic/gin"

	"github.com/allmende-registry/allmende/publiccode"
)

const (
	validateURL = "/v1/validate"

	goodFile = `publiccodeYmlVersion: "0.5"
name: Fahrradkeller
url: https://git.example.org/stadt/fahrradkeller
platforms: [web]
developmentStatus: stable
softwareType: standalone/web
description:
  de:
    shortDescription: Verwaltet die Stellplätze in den Fahrradkellern einer Stadt.
    longDescription: Fahrradkeller zeigt, wo noch Platz ist, vergibt Stellplätze an alle, die im Haus wohnen, und erinnert daran, vergessene Räder abzuholen, bevor der Keller voll ist und niemand mehr durchkommt.
    features: [Freie Plätze je Haus]
legal: {license: EUPL-1.2}
maintenance:
  type: internal
  contacts: [{name: Ada Beispiel, email: ada@beispielhausen.example}]
localisation: {localisationReady: true, availableLanguages: [de]}
`
)

const adoptionsFile = `adoptionsYmlVersion: "1.0"
organisation: {uri: "https://www.musterhafen.example", name: Stadt Musterhafen, region: DE-SH}
adoptions:
  - software: https://git.example.org/stadt/fahrradkeller
    role: uses
    confirmedUntil: 2000-01-01
`

const togetherFile = `adoptionsYmlVersion: "1.0"
organisation: {uri: "https://www.musterhafen.example", name: Stadt Musterhafen, region: DE-SH}
comaintenance:
  - software: https://git.example.org/stadt/fahrradkeller
    seeks: comaintainers
`

const needsFile = `needsYmlVersion: "1.0"
organisation: {uri: "https://www.musterhafen.example", name: Stadt Musterhafen, region: DE-SH}
needs:
  - id: raeder
    title: Stellplätze für Räder vergeben
    openUntil: 2000-01-01
`

// The content of a file says what it is, and with what words it is answered.
func TestValidateAdoptions(t *testing.T) {
	h := handlerOf(t, newShelf(), Options{})
	for name, tt := range map[string]struct{ query, body, format, codes string }{
		"adoptions":             {"", adoptionsFile, "adoptions.yml", "AD0401"},
		"with a profile":        {"?profile=opencode&version=0.5", adoptionsFile, "adoptions.yml", "AD0401"},
		"of another version":    {"", strings.Replace(adoptionsFile, "1.0", "7.0", 1), "adoptions.yml", "AD0301 AD0401"},
		"without version":       {"", strings.TrimPrefix(adoptionsFile, "adoptionsYmlVersion: \"1.0\"\n"), "adoptions.yml", "AD0101 AD0401"},
		"publiccode.yml":        {"", goodFile, "publiccode.yml", ""},
		"neither":               {"", "[]", "publiccode.yml", "PC0006"},
		"adoptions, but broken": {"", adoptionsFile + "]", "adoptions.yml", "PC0004"},
		"comaintenance alone":   {"", togetherFile, "adoptions.yml", "AD0321"},
		"needs":                 {"", needsFile, "needs.yml", "AD0604"},
		"needs by their key":    {"?profile=opencode", strings.TrimPrefix(needsFile, "needsYmlVersion: \"1.0\"\n"), "needs.yml", "AD0101 AD0604"},
	} {
		v := decode[validation](t, post(t, h, validateURL+tt.query, tt.body, "Accept-Language", "de"), http.StatusOK)
		var codes []string
		for _, f := range v.Findings {
			codes = append(codes, f.Code)
			if f.Message == "" || f.Message == f.Code || f.Standard == "" {
				t.Errorf("%s: %+v", name, f)
			}
		}
		if v.Format != tt.format || strings.Join(codes, " ") != tt.codes || len(v.Unchecked) > 0 {
			t.Errorf("%s: got %+v", name, v)
		}
	}
	w := post(t, h, validateURL, adoptionsFile, "Accept", typeSARIF)
	if body := w.Body.String(); w.Code != http.StatusOK || !strings.Contains(body, "\"adoptions.yml\"") || !strings.Contains(body, "findings/AD0401.md") {
		t.Errorf("as SARIF: status %d: %s", w.Code, body)
	}
}

func post(t testing.TB, h http.Handler, target, body string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	return send(t, h, http.MethodPost, target, strings.NewReader(body), slices.Concat([]string{"Content-Type", typeYAML}, headers)...)
}

// driveValidation leads the validation into all its answers, and sees all
// members of one.
func driveValidation(t *testing.T, h http.Handler) {
	t.Helper()
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPut} {
		if w := ask(t, h, method, validateURL); w.Code != http.StatusMethodNotAllowed {
			t.Errorf("%s: status %d", method, w.Code)
		}
	}
	post(t, h, validateURL+"?profile=opencode&profile=reuse-ready", strings.Replace(goodFile, "stable", "Stable", 1))
	post(t, h, validateURL, goodFile, "Accept", typeSARIF)
	post(t, h, validateURL, adoptionsFile)
	post(t, h, validateURL+"?version=9", goodFile)
	send(t, h, http.MethodPost, validateURL, strings.NewReader(goodFile), "Content-Type", "image/png")
	crowded(t, func(full http.Handler) { post(t, full, validateURL, goodFile) })
}

// crowded calls f with a handler that has as many files as it takes.
func crowded(t *testing.T, f func(http.Handler)) {
	t.Helper()
	h := handlerOf(t, newShelf(), Options{})
	started, end := make(chan struct{}), make(chan struct{})
	done := make(chan struct{})
	for range maxUploads {
		go func() {
			defer func() { done <- struct{}{} }()
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, validateURL, &waiting{started: started, end: end})
			h.ServeHTTP(httptest.NewRecorder(), r)
		}()
		<-started
	}
	f(h)
	close(end)
	for range maxUploads {
		<-done
	}
}

// waiting is a body that ends when it is let.
type waiting struct {
	started chan<- struct{}
	end     <-chan struct{}
}

func (w *waiting) Read([]byte) (int, error) {
	w.started <- struct{}{}
	<-w.end
	return 0, io.EOF
}

func TestValidate(t *testing.T) {
	h := handlerOf(t, newShelf(), Options{})
	for name, tt := range map[string]struct {
		query, body string
		headers     []string
		valid       bool
		version     string
		checked     string
		codes       string
	}{
		"good":            {"", goodFile, nil, true, "0.5", "0.5", ""},
		"empty":           {"", "", nil, false, "", "0.7", "PC0005"},
		"broken":          {"", strings.Replace(goodFile, "name: F", "name: : F", 1), nil, false, "0.5", "0.5", "PC0004"},
		"one error":       {"", strings.Replace(goodFile, "stable", "läuft", 1), nil, false, "0.5", "0.5", "PC0301"},
		"other place":     {"?url=https://git.example.org/land/fahrradkeller", goodFile, nil, true, "0.5", "0.5", "PC0506"},
		"same place":      {"?url=https://git.example.org/stadt/fahrradkeller.git", goodFile, nil, true, "0.5", "0.5", ""},
		"other version":   {"?version=0.7", goodFile, nil, true, "0.5", "0.7", ""},
		"exactly as much": {"", goodFile + strings.Repeat("#", publiccode.MaxSize-len(goodFile)), nil, true, "0.5", "0.5", ""},
		"too much":        {"", goodFile + strings.Repeat("#", publiccode.MaxSize+1-len(goodFile)), nil, false, "", "0.7", "PC0001"},
		"own profile":     {"?profile=Standard", goodFile, nil, true, "0.5", "0.5", ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := post(t, h, validateURL+tt.query, tt.body, tt.headers...)
			v := decode[validation](t, w, http.StatusOK)
			var codes []string
			for _, f := range v.Findings {
				codes = append(codes, f.Code)
			}
			if v.Valid != tt.valid || v.Version != tt.version || v.Checked != tt.checked || strings.Join(codes, " ") != tt.codes {
				t.Errorf("got %+v", v)
			}
			if w.Header().Get("Cache-Control") != cacheNever || w.Header().Get("ETag") != "" {
				t.Errorf("may be kept: %v", w.Header())
			}
		})
	}
}

func TestValidateFindings(t *testing.T) {
	h := handlerOf(t, newShelf(), Options{})
	bad := strings.Replace(goodFile, "stable", "Stable", 1)
	for _, lang := range []string{"de", "en"} {
		v := decode[validation](t, post(t, h, validateURL, bad, "Accept-Language", lang), http.StatusOK)
		want := publiccode.Parse([]byte(bad), publiccode.Options{}).Findings
		if len(v.Findings) != 1 || len(want) != 1 {
			t.Fatalf("findings %+v, want %+v", v.Findings, want)
		}
		got := v.Findings[0]
		if got.Message != want[0].Message(lang) || got.Help != want[0].Help(lang) || got.Standard != want[0].Standard() {
			t.Errorf("%s: finding %+v, want %+v", lang, got, want[0])
		}
		if got.Line != want[0].Line || got.EndColumn != want[0].EndColumn || got.EndColumn <= got.Column {
			t.Errorf("from %d:%d to %d:%d", got.Line, got.Column, got.EndLine, got.EndColumn)
		}
		if mended := publiccode.Apply([]byte(bad), got.Edits); string(mended) == bad || len(publiccode.Parse(mended, publiccode.Options{}).Findings) > 0 {
			t.Errorf("edits %+v make\n%s", got.Edits, mended)
		}
	}
}

func TestValidateProfiles(t *testing.T) {
	h := handlerOf(t, newShelf(), Options{})
	one := decode[validation](t, post(t, h, validateURL+"?profile=opencode", goodFile), http.StatusOK)
	two := decode[validation](t, post(t, h, validateURL+"?profile=opencode,reuse-ready&profile=opencode", goodFile), http.StatusOK)
	if len(one.Unchecked) == 0 || len(two.Unchecked) <= len(one.Unchecked) || len(two.Findings) < len(one.Findings) {
		t.Errorf("unchecked are %v and %v", one.Unchecked, two.Unchecked)
	}
	if !slices.IsSorted(two.Unchecked) || len(slices.Compact(slices.Clone(two.Unchecked))) != len(two.Unchecked) {
		t.Errorf("unchecked are %v", two.Unchecked)
	}
}

func TestValidateAsSARIF(t *testing.T) {
	h := handlerOf(t, newShelf(), Options{})
	for accept, want := range map[string]string{
		"":                                     typeJSON,
		"*/*":                                  typeJSON,
		"text/html":                            typeJSON,
		";;":                                   typeJSON,
		typeSARIF:                              typeSARIF,
		typeSARIF + ", " + typeJSON + ";q=0.5": typeSARIF,
		typeSARIF + ";q=0.5, " + typeJSON:      typeJSON,
		typeSARIF + ";q=0":                     typeJSON,
	} {
		w := post(t, h, validateURL, "name: 1\n", "Accept", accept)
		if got := w.Header().Get("Content-Type"); got != want || w.Code != http.StatusOK {
			t.Errorf("Accept %q: status %d, %s, want %s", accept, w.Code, got, want)
		}
	}
	var log struct {
		Version string
		Runs    []struct{ Results []struct{ RuleID string } }
	}
	if err := json.Unmarshal(post(t, h, validateURL, "name: 1\n", "Accept", typeSARIF).Body.Bytes(), &log); err != nil {
		t.Fatal(err)
	}
	if log.Version != "2.1.0" || len(log.Runs) != 1 || len(log.Runs[0].Results) == 0 {
		t.Errorf("SARIF %+v", log)
	}
}

func TestValidateRefuses(t *testing.T) {
	h := handlerOf(t, newShelf(), Options{})
	for query, parameter := range map[string]string{
		"?profile=nonsense":            "profile",
		"?version=0.8":                 "version",
		"?version=0.7&version=0.5":     "version",
		"?url=ssh://git@example.org/a": "url",
		"?url=https://":                "url",
		"?url=https://e/" + strings.Repeat("a", maxAddress): "url",
		"?lang=de": "lang",
	} {
		p := decode[problem](t, post(t, h, validateURL+query, goodFile), http.StatusBadRequest)
		if len(p.Errors) != 1 || p.Errors[0].Location.Name != parameter {
			t.Errorf("%.80s: %+v", query, p)
		}
	}
	for _, headers := range [][]string{
		{"Content-Type", "application/x-www-form-urlencoded"},
		{"Content-Type", "multipart/form-data; boundary=x"},
		{"Content-Type", "text/html"},
		{"Content-Type", "nonsense;;"},
		{"Content-Type", typeYAML, "Content-Encoding", "gzip"},
	} {
		w := send(t, h, http.MethodPost, validateURL, strings.NewReader(goodFile), headers...)
		if p := decode[problem](t, w, http.StatusUnsupportedMediaType); !strings.Contains(p.Detail, typeYAML) {
			t.Errorf("%v: %+v", headers, p)
		}
	}
	for _, media := range append(slices.Clone(bodyTypes), "", "text/plain; charset=iso-8859-1", "Text/YAML") {
		w := send(t, h, http.MethodPost, validateURL, strings.NewReader(goodFile), "Content-Type", media)
		if v := decode[validation](t, w, http.StatusOK); !v.Valid {
			t.Errorf("%s: %+v", media, v)
		}
	}
	w := send(t, h, http.MethodPost, validateURL, iotest.ErrReader(errors.New("gone")))
	if p := decode[problem](t, w, http.StatusBadRequest); strings.Contains(w.Body.String(), "gone") {
		t.Errorf("a body that breaks off: %+v", p)
	}
	for _, method := range []string{"GET", "HEAD", "PUT", "DELETE"} {
		w := ask(t, h, method, validateURL)
		if allowed := w.Header().Get("Allow"); w.Code != http.StatusMethodNotAllowed || !strings.Contains(allowed, "POST") || strings.Contains(allowed, "GET") {
			t.Errorf("%s: status %d, Allow %s", method, w.Code, allowed)
		}
	}
}

// TestValidateReadsNoMoreThanItMust sends more than can be held.
func TestValidateReadsNoMoreThanItMust(t *testing.T) {
	h := handlerOf(t, newShelf(), Options{})
	body := &endless{}
	v := decode[validation](t, send(t, h, http.MethodPost, validateURL, body), http.StatusOK)
	if len(v.Findings) != 1 || v.Findings[0].Code != "PC0001" || body.n > publiccode.MaxSize+1 {
		t.Errorf("read %d bytes, found %+v", body.n, v.Findings)
	}
}

type endless struct{ n int }

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '#'
	}
	e.n += len(p)
	return len(p), nil
}

func TestValidateIsBounded(t *testing.T) {
	crowded(t, func(full http.Handler) {
		w := post(t, full, validateURL, goodFile)
		p := decode[problem](t, w, http.StatusServiceUnavailable)
		if w.Header().Get("Retry-After") == "" || p.Detail != errCrowded.Detail {
			t.Errorf("got %+v", p)
		}
		if w := get(t, full, "/v1/software"); w.Code != http.StatusOK {
			t.Errorf("the rest of the API answers %d", w.Code)
		}
	})

	// Who waits too long for a place among those that are checked.
	a := &api{gate: gate{uploads: make(chan struct{}, 1), checks: make(chan struct{})}}
	c, _ := gin.CreateTestContext(httptest.NewRecorder())
	c.Request = httptest.NewRequestWithContext(t.Context(), http.MethodPost, validateURL, strings.NewReader(goodFile))
	if _, err := a.validate(c); err != error(errCrowded) || len(a.gate.uploads) > 0 {
		t.Errorf("got %v, with %d places taken", err, len(a.gate.uploads))
	}

	// Who goes away while waiting for a place leaves none behind.
	e, err := newEngine(newShelf(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for range 2 * maxUploads {
		r := httptest.NewRequestWithContext(ctx, http.MethodPost, validateURL, strings.NewReader(goodFile))
		serve(e, r)
	}
	if w := post(t, e, validateURL, goodFile); w.Code != http.StatusOK {
		t.Errorf("status %d", w.Code)
	}
}

func TestValidateKeepsNothing(t *testing.T) {
	var log bytes.Buffer
	h := handlerOf(t, newShelf(), Options{Logger: slog.New(slog.NewJSONHandler(&log, nil))})
	post(t, h, validateURL+"?url=https://git.example.org/geheim", strings.Replace(goodFile, "stable", "geheim", 1))
	if line := log.String(); strings.Contains(line, "geheim") || !strings.Contains(line, `"route":"/v1/validate"`) {
		t.Errorf("the log has %s", line)
	}
}

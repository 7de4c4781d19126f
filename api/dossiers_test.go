// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/dossier"
	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/sbom"
)

const dossiersURL = "/v1/dossiers"

// cabinet keeps dossiers in memory, those of an entry in the order in which they
// were made.
type cabinet struct {
	Catalogue
	err  error // of all that concerns dossiers
	mu   sync.Mutex
	kept []*registry.Dossier
}

func (c *cabinet) Visit(context.Context, registry.ID) (*registry.Visit, error) {
	return nil, registry.ErrNotFound
}

func (c *cabinet) PutDossier(_ context.Context, d *registry.Dossier) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.kept = append(c.kept, d)
	return d.Check()
}

func (c *cabinet) Dossier(_ context.Context, hash string) (*registry.Dossier, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, d := range c.kept {
		if d.Hash == hash {
			return d, nil
		}
	}
	if c.err != nil {
		return nil, c.err
	}
	return nil, fmt.Errorf("dossier %s: %w", hash, registry.ErrNotFound)
}

func (c *cabinet) Dossiers(_ context.Context, id registry.ID) iter.Seq2[*registry.Dossier, error] {
	c.mu.Lock()
	kept := slices.Clone(c.kept)
	c.mu.Unlock()
	return func(yield func(*registry.Dossier, error) bool) {
		if c.err != nil {
			yield(nil, c.err)
			return
		}
		for _, d := range slices.Backward(kept) {
			if d.ID.Same(id) && !yield(d, nil) {
				return
			}
		}
	}
}

// testDesk is the real desk over a cabinet.
type testDesk struct {
	*dossier.Desk
	cabinet *cabinet
}

func (d testDesk) List(ctx context.Context, id registry.ID) iter.Seq2[*registry.Dossier, error] {
	return d.cabinet.Dossiers(ctx, id)
}

// madeAt is the time of all dossiers in tests, unless they set another.
func madeAt() time.Time { return time.Date(2026, 6, 7, 8, 9, 10, 0, time.UTC) }

// madeHash is that of a dossier of the full entry, which every desk has that
// can make it.
var madeHash = func() string {
	d, err := newDesk(newShelf()).Make(context.Background(), fullID)
	if err != nil {
		panic(err)
	}
	return d.Hash
}()

func newDesk(c Catalogue) testDesk {
	store := &cabinet{Catalogue: c}
	desk := testDesk{&dossier.Desk{Store: store, Catalogue: dossier.Catalogue{Name: "Regal"}, Now: madeAt}, store}
	if f, ok := c.(failing); ok {
		store.err = f.err
	} else if s, ok := c.(*shelf); ok && !s.gone[fullID] {
		_, _ = desk.Make(context.Background(), fullID)
	}
	return desk
}

// driveDossiers leads the dossiers into all their answers.
func driveDossiers(t *testing.T, h, broken, slow http.Handler) {
	t.Helper()
	for _, id := range []string{fullID, portID, movedID, goneID, "github.com/nobody/nothing", ""} {
		target := dossiersURL + "?software=" + url.QueryEscape(id)
		send(t, h, http.MethodPost, target, nil)
		w := get(t, h, target)
		get(t, h, target, "If-None-Match", w.Header().Get("ETag"))
	}
	send(t, h, http.MethodPost, dossiersURL, nil)
	send(t, h, http.MethodPost, dossiersURL+"?software="+fullID, nil, "Accept", "text/html")
	send(t, broken, http.MethodPost, dossiersURL+"?software="+fullID, nil)
	send(t, slow, http.MethodPost, dossiersURL+"?software="+fullID, nil)
	get(t, broken, dossiersURL+"?software="+fullID)
	get(t, slow, dossiersURL+"?software="+fullID)
}

func TestMakeDossier(t *testing.T) {
	desk := newDesk(newShelf())
	h := handlerOf(t, newShelf(), Options{Dossiers: desk, BaseURL: "https://katalog.example"})
	target := dossiersURL + "?software=" + url.QueryEscape(partID)
	w := send(t, h, http.MethodPost, target, nil)
	made := decode[dossierItem](t, w, http.StatusCreated)
	if made.Software != partID || made.Made != "2026-06-07T08:09:10Z" || made.Revision != 2 {
		t.Errorf("made %+v", made)
	}
	self := "https://katalog.example/v1/dossiers/" + made.Hash
	if want := (dossierLinks{self, self + ".html", self + ".spdx.json"}); made.Links != want || w.Header().Get("Location") != self {
		t.Errorf("links %+v, Location %s; want %+v", made.Links, w.Header().Get("Location"), want)
	}
	again := send(t, h, http.MethodPost, target, strings.NewReader("a body that nobody reads"))
	if got := decode[dossierItem](t, again, http.StatusOK); got != made || again.Header().Get("Location") != self {
		t.Errorf("asked again: %+v, Location %s", got, again.Header().Get("Location"))
	}
	for lang, page := range map[string]string{"": self + ".html", "en": self + ".html?lang=en"} {
		form := target
		if lang != "" {
			form += "&lang=" + lang
		}
		w := send(t, h, http.MethodPost, form, nil, "Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
		if w.Code != http.StatusSeeOther || w.Header().Get("Location") != page {
			t.Errorf("a browser is led by %d to %s, want %s", w.Code, w.Header().Get("Location"), page)
		}
	}
	desk.Now = func() time.Time { return madeAt().AddDate(0, 0, 1) }
	if next := decode[dossierItem](t, send(t, h, http.MethodPost, target, nil), http.StatusCreated); next.Hash == made.Hash {
		t.Error("the next day brings the same dossier")
	}
}

func TestMakeDossierRefuses(t *testing.T) {
	h := handlerOf(t, newShelf(), Options{})
	for query, want := range map[string]int{
		"":                                       400,
		"?software=":                             404,
		"?software=" + fullID + "&software=x":    400,
		"?software=%ff":                          400,
		"?software=" + strings.Repeat("a", 2000): 400,
		"?software=" + fullID + "&perPage=3":     400,
		"?id=" + fullID:                          400,
		"?software=https://" + fullID:            404,
		"?software=github.com/nobody/nothing":    404,
		"?software=" + goneID:                    410,
		"?software=" + movedID:                   308,
	} {
		if w := send(t, h, http.MethodPost, dossiersURL+query, nil); w.Code != want {
			t.Errorf("%s: status %d, want %d", query, w.Code, want)
		}
	}
	w := send(t, h, http.MethodPost, dossiersURL+"?software="+movedID, nil)
	if got, want := w.Header().Get("Location"), dossiersURL+"?software=github.com%2Fnordland%2FAkte"; got != want {
		t.Errorf("leads to %s, want %s", got, want)
	}
	if w := send(t, h, http.MethodPost, w.Header().Get("Location"), nil); w.Code != http.StatusOK {
		t.Errorf("where it leads: status %d", w.Code)
	}
	p := decode[problem](t, send(t, h, http.MethodPost, dossiersURL, nil), http.StatusBadRequest)
	if len(p.Errors) != 1 || p.Errors[0].Code != codeMissing || p.Errors[0].Location.Name != "software" {
		t.Errorf("without an id: %+v", p)
	}
}

// A file of the entry that the store has lost is no missing entry.
func TestMakeDossierOfDamagedEntry(t *testing.T) {
	s := newShelf()
	full, _ := s.Get(t.Context(), fullID)
	full.Files = append(full.Files, registry.File{Path: "SECURITY.md", Role: registry.RoleSecurity, Hash: noHash})
	h := handlerOf(t, s, Options{Dossiers: newDesk(s)})
	if w := send(t, h, http.MethodPost, dossiersURL+"?software="+fullID, nil); w.Code != http.StatusInternalServerError {
		t.Errorf("status %d: %s", w.Code, w.Body)
	}
}

func TestListDossiers(t *testing.T) {
	s := newShelf()
	desk := newDesk(s)
	day := 0
	desk.Now = func() time.Time { day++; return madeAt().AddDate(0, 0, day) }
	want := []string{madeHash}
	for range 6 {
		d, err := desk.Make(t.Context(), fullID)
		if err != nil {
			t.Fatal(err)
		}
		want = append([]string{d.Hash}, want...)
	}
	h := handlerOf(t, s, Options{Dossiers: desk})
	for _, perPage := range []string{"1", "3", "7", "8"} {
		var got []string
		for next := dossiersURL + "?software=" + fullID + "&perPage=" + perPage; next != ""; {
			w := get(t, h, next)
			page := decode[dossierList](t, w, http.StatusOK)
			for _, d := range page.Items {
				got = append(got, d.Hash)
			}
			if next = page.Links.Next; next != "" && w.Header().Get("Link") != "<"+next+`>; rel="next"` {
				t.Errorf("Link %s beside %s", w.Header().Get("Link"), next)
			}
			if len(got) > len(want) {
				t.Fatal("no end")
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s a page: %v, want %v", perPage, got, want)
		}
	}
	for query, want := range map[string]int{
		"?software=" + portID:                  200, // none yet
		"?software=" + strings.ToUpper(fullID): 200,
		"?software=" + movedID:                 308,
		"?software=" + goneID:                  410,
		"?software=github.com/nobody/nothing":  404,
		"?software=x":                          404,
		"":                                     400,
		"?software=" + fullID + "&after=" + noHash: 400,
		"?software=" + fullID + "&after=x":         400,
		"?software=" + fullID + "&perPage=0":       400,
	} {
		if w := get(t, h, dossiersURL+query); w.Code != want {
			t.Errorf("%s: status %d, want %d", query, w.Code, want)
		}
	}
	// What was made stays when the entry has gone.
	s.entries, s.gone[fullID] = nil, true
	if list := decode[dossierList](t, get(t, h, dossiersURL+"?software="+fullID), http.StatusOK); len(list.Items) != len(want) {
		t.Errorf("of an entry that has gone: %+v", list)
	}
	if w := get(t, h, dossierPath+madeHash); w.Code != http.StatusOK {
		t.Errorf("the dossier of an entry that has gone: status %d", w.Code)
	}
}

func TestDossierForms(t *testing.T) {
	desk := newDesk(newShelf())
	kept, _, err := desk.Get(t.Context(), madeHash)
	if err != nil {
		t.Fatal(err)
	}
	h := handlerOf(t, newShelf(), Options{Dossiers: desk, BaseURL: "https://katalog.example"})
	w := get(t, h, dossierPath+madeHash)
	if w.Body.String() != string(kept.Bytes) || w.Header().Get("ETag") != `"`+madeHash+`"` || w.Header().Get("ETag") != entityTag(w.Body.Bytes()) {
		t.Errorf("%d bytes with the ETag %s", w.Body.Len(), w.Header().Get("ETag"))
	}
	if got := w.Header().Get("Cache-Control"); got != "public, max-age=31536000, immutable" {
		t.Errorf("Cache-Control %s", got)
	}

	page := get(t, h, dossierPath+madeHash+".html")
	for _, want := range []string{`lang="de"`, madeHash, "https://katalog.example/v1/dossiers/" + madeHash + ".html", madeHash + ".spdx.json", "?lang=en"} {
		if !strings.Contains(page.Body.String(), want) {
			t.Errorf("the page has no %s", want)
		}
	}
	if got := page.Header().Get("Content-Type"); got != typeHTML {
		t.Errorf("Content-Type %s", got)
	}
	cached := get(t, h, dossierPath+madeHash+".html", "If-None-Match", page.Header().Get("ETag"))
	for _, w := range []*httptest.ResponseRecorder{page, cached} {
		if got := w.Header().Get("Content-Security-Policy"); got != dossier.ContentSecurityPolicy() {
			t.Errorf("status %d: Content-Security-Policy %s", w.Code, got)
		}
	}
	if cached.Code != http.StatusNotModified {
		t.Errorf("status %d for the page that is known", cached.Code)
	}
	for query, wanted := range map[[2]string]string{ // lang and Accept-Language
		{"", "en"}: "en", {"en", ""}: "en", {"en", "de"}: "en", {"de", "en"}: "de", {"", ""}: "de",
	} {
		target := dossierPath + madeHash + ".html"
		if query[0] != "" {
			target += "?lang=" + query[0]
		}
		if body := get(t, h, target, "Accept-Language", query[1]).Body.String(); !strings.Contains(body, `<html lang="`+wanted+`"`) {
			t.Errorf("%v is answered in another language than %s", query, wanted)
		}
	}
	if w := get(t, h, dossierPath+madeHash+".html?lang=fr"); w.Code != http.StatusBadRequest {
		t.Errorf("in French: status %d", w.Code)
	}

	document := decode[struct{ SPDXVersion, DocumentNamespace string }](t, get(t, h, dossierPath+madeHash+".spdx.json"), http.StatusOK)
	if document.SPDXVersion != "SPDX-2.3" || !strings.HasPrefix(document.DocumentNamespace, "https://katalog.example/v1/dossiers/"+madeHash) {
		t.Errorf("SPDX %+v", document)
	}
	// A node that does not know its own address gives the document a name all the same.
	document = decode[struct{ SPDXVersion, DocumentNamespace string }](t, get(t, handlerOf(t, newShelf(), Options{}), dossierPath+madeHash+".spdx.json"), http.StatusOK)
	if document.DocumentNamespace != "urn:sha256:"+madeHash {
		t.Errorf("namespace %s", document.DocumentNamespace)
	}

	for _, name := range []string{noHash, madeHash + ".xml", madeHash + ".", madeHash + ".HTML", strings.ToUpper(madeHash), ".html", "x", "%00", madeHash + ".spdx.json.html"} {
		for _, end := range []string{"", ".html", ".spdx.json"} {
			if name == madeHash+"."+strings.TrimPrefix(end, ".") || name == ".html" && end == "" {
				continue
			}
			if w := get(t, h, dossierPath+name+end); w.Code != http.StatusNotFound {
				t.Errorf("%s%s: status %d", name, end, w.Code)
			}
		}
	}
	if w := get(t, h, dossierPath+madeHash+".spdx.json?lang=de"); w.Code != http.StatusBadRequest {
		t.Errorf("a language for SPDX: status %d", w.Code)
	}
}

// A dossier of a form that this program does not know is handed out as it is.
func TestDossierOfAnotherForm(t *testing.T) {
	desk := newDesk(newShelf())
	desk.cabinet.kept = append(desk.cabinet.kept, &registry.Dossier{
		Hash: noHash, ID: fullID, Made: madeAt(), Bytes: []byte(`{"format":"allmende-dossier-99","made":"2030-01-01T00:00:00Z","identity":{}}`),
	})
	h := handlerOf(t, newShelf(), Options{Dossiers: desk})
	if w := get(t, h, dossierPath+noHash); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "dossier-99") {
		t.Errorf("status %d: %s", w.Code, w.Body)
	}
	for _, end := range []string{endHTML, endSPDX} {
		if w := get(t, h, dossierPath+noHash+end); w.Code != http.StatusInternalServerError {
			t.Errorf("%s: status %d", end, w.Code)
		}
	}
}

func TestNodeWithoutDossiers(t *testing.T) {
	h, err := New(newShelf(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, target := range []string{dossiersURL + "?software=" + fullID, dossierPath + madeHash, dossierPath + madeHash + ".html", dossierPath + madeHash + ".spdx.json"} {
		if p := decode[problem](t, get(t, h, target), http.StatusNotFound); p.Detail != errNoDossiers.Detail {
			t.Errorf("%s: %s", target, p.Detail)
		}
	}
	if p := decode[problem](t, send(t, h, http.MethodPost, dossiersURL+"?software="+fullID, nil), http.StatusNotFound); p.Detail != errNoDossiers.Detail {
		t.Errorf("POST: %s", p.Detail)
	}
	if e := decode[entry](t, get(t, h, "/v1/software/"+fullID), http.StatusOK); e.Links.Dossiers != "" {
		t.Errorf("an entry leads to %s", e.Links.Dossiers)
	}
}

// heldDesk and heldShelf answer when they are let.
type heldDesk struct {
	testDesk
	started chan<- struct{}
	end     <-chan struct{}
}

func (h heldDesk) Make(ctx context.Context, id registry.ID) (*registry.Dossier, error) {
	h.started <- struct{}{}
	<-h.end
	return h.testDesk.Make(ctx, id)
}

type heldShelf struct {
	*shelf
	started chan<- struct{}
	end     <-chan struct{}
}

func (h heldShelf) SBOM(ctx context.Context, hash string) (*sbom.Document, error) {
	h.started <- struct{}{}
	<-h.end
	return h.shelf.SBOM(ctx, hash)
}

// No more dossiers are made, and no more large answers are in memory, than there
// are places; the rest of the API answers meanwhile.
func TestPlaces(t *testing.T) {
	started, end := make(chan struct{}), make(chan struct{})
	h := handlerOf(t, heldShelf{newShelf(), started, end}, Options{Dossiers: heldDesk{newDesk(newShelf()), started, end}})
	for _, tt := range []struct {
		method, target string
		places         int
	}{
		{http.MethodPost, dossiersURL + "?software=" + fullID, maxMaking},
		{http.MethodGet, "/v1/sboms/" + billHash, maxLarge},
	} {
		statuses := make(chan int)
		ask := func() {
			r := httptest.NewRequestWithContext(t.Context(), tt.method, tt.target, nil)
			statuses <- serve(h, r).Code
		}
		for range tt.places {
			go ask()
			<-started
		}
		if w := send(t, h, tt.method, tt.target, nil); w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" {
			t.Errorf("%s %s beyond the places: status %d", tt.method, tt.target, w.Code)
		}
		if w := get(t, h, "/v1/software/"+fullID); w.Code != http.StatusOK {
			t.Errorf("an entry meanwhile: status %d", w.Code)
		}
		for range tt.places {
			end <- struct{}{}
			if status := <-statuses; status != http.StatusOK {
				t.Errorf("%s %s: status %d", tt.method, tt.target, status)
			}
		}
		go ask()
		<-started
		end <- struct{}{}
		if status := <-statuses; status != http.StatusOK {
			t.Errorf("%s %s after them: status %d", tt.method, tt.target, status)
		}
	}
}

// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/api/compat"
	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/registrytest"
	"github.com/allmende-registry/allmende/registry/sqlite"
)

// compatOf is the compatible API over what a test has: it can only be read.
func compatOf(c Catalogue) *compat.API {
	return compat.New(compat.Options{
		Store: readStore{catalogue: c}, Name: "Probe",
		Publishers: []compat.Publisher{{Publisher: north, Sources: []string{"https://github.com/nordland"}}},
	})
}

// readStore is a catalogue as the store that it comes from.
type readStore struct {
	registry.Store
	catalogue Catalogue
}

func (s readStore) Rev(ctx context.Context) (registry.Rev, error) { return s.catalogue.Rev(ctx) }
func (s readStore) Get(ctx context.Context, id registry.ID) (*registry.Software, error) {
	return s.catalogue.Get(ctx, id)
}

func (s readStore) Changes(ctx context.Context, after registry.Rev) iter.Seq2[registry.Change, error] {
	return s.catalogue.Changes(ctx, after)
}

func (s readStore) History(ctx context.Context, id registry.ID) iter.Seq2[*registry.Revision, error] {
	return s.catalogue.History(ctx, id)
}

func (s readStore) File(ctx context.Context, hash string) ([]byte, error) {
	return s.catalogue.File(ctx, hash)
}

func (s readStore) Visit(ctx context.Context, repo registry.ID) (*registry.Visit, error) {
	return s.catalogue.Visit(ctx, repo)
}

// Visits has one, of the entry with everything in it.
func (s readStore) Visits(ctx context.Context, _ string, _ ...registry.Outcome) iter.Seq2[*registry.Visit, error] {
	return func(yield func(*registry.Visit, error) bool) {
		_, err := s.Rev(ctx)
		yield(&registry.Visit{Repo: fullID, Outcome: registry.Entry, Time: time.Date(2026, 5, 6, 0, 0, 0, 0, time.UTC)}, err)
	}
}

// compatFilled are addresses of the compatible API that there is something at. The
// entry had another ID first.
var compatFilled = map[string]string{
	"software":   "/software/5943f4dd-ff10-50c0-a1c2-5eb1e8862a88",
	"publishers": "/publishers/nord",
	"catalogs":   "/catalogs/allmende",
	"logs":       "/logs/afcd4d24-35c6-5f19-aaf2-db29ad75db71",
}

// driveCompat asks the compatible API all that it documents, over a store that can
// be written.
func driveCompat(t *testing.T, broken, slow http.Handler) {
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "registry.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	entry := func(id registry.ID) *registry.Software {
		src := []byte("name: A\n")
		return &registry.Software{
			ID: id, Publisher: north, PublicCode: *publiccode.Parse(src, publiccode.Options{}).PublicCode,
			Repository: registry.Repository{URL: "https://" + string(id), Forge: "git"},
			Files:      []registry.File{{Path: "publiccode.yml", Role: registry.RolePublicCode, Bytes: src}},
		}
	}
	if _, err := store.Put(t.Context(), entry(fullID)); err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	token := func(store registry.Documents, grant registry.Grant) string {
		tok, value, err := registry.NewToken(now, "cli", "Probe", grant, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		if err := store.PutDocuments(t.Context(), tok.Document()); err != nil {
			t.Fatal(err)
		}
		return "Bearer " + value
	}
	scopes := []registry.Scope{registry.ScopeDevelopersItalia}
	may := token(store, registry.Grant{Scopes: scopes})
	mayNot := token(store, registry.Grant{Scopes: []registry.Scope{registry.ScopeAudit}})
	configured := []compat.Publisher{{Publisher: north, Sources: []string{"https://github.com/nordland"}}}
	open := handlerOf(t, newShelf(), Options{
		Documents: store, Compat: compat.New(compat.Options{Store: store, Documents: store, Publishers: configured}),
	})
	call := func(h http.Handler, status int, method, path, body, token string) map[string]any {
		t.Helper()
		media := "application/json"
		if method == http.MethodPatch {
			media = "application/merge-patch+json"
		}
		w := send(t, h, method, compat.Path+path, strings.NewReader(body), "Content-Type", media, "Authorization", token)
		if status == http.StatusNoContent {
			if w.Code != status {
				t.Errorf("%s %s: %d %s", method, path, w.Code, w.Body)
			}
			return nil
		}
		return decode[map[string]any](t, w, status)
	}
	const software = `{"url":"https://github.com/nordland/neu","aliases":["https://git.example/neu/neu"],"publiccodeYml":"name: Neu","active":true,"vitality":"1,2"}`
	const publisher = `{"description":"Neu","email":"amt@neu.example","alternativeId":"neu","active":true,"codeHosting":[{"url":"https://git.example/neu","group":true}]}`
	made := map[string]string{}
	for _, path := range []string{"/software", "/publishers", "/logs"} {
		body := map[string]string{"/software": software, "/publishers": publisher, "/logs": `{"message":"hallo"}`}[path]
		made[path] = call(open, 200, "POST", path, body, may)["id"].(string)
	}
	full := call(open, 200, "GET", "/software?url=https://"+fullID, "", may)["data"].([]any)[0].(map[string]any)["id"].(string)
	one := map[string]string{"software": "/software/" + made["/software"], "publishers": "/publishers/neu", "logs": "/logs/" + made["/logs"]}
	call(open, 200, "POST", one["software"]+"/logs", `{"message":"hallo"}`, may)
	call(open, 200, "POST", one["publishers"]+"/logs", `{"message":"hallo"}`, may)
	for _, list := range []string{"/software", "/publishers", "/logs", "/catalogs", one["software"] + "/logs", one["publishers"] + "/logs", "/catalogs/allmende/software", "/catalogs/allmende/publishers"} {
		page := call(open, 200, "GET", list+"?page[size]=1", "", may)
		if next, _ := page["links"].(map[string]any)["next"].(string); next != "" {
			call(open, 200, "GET", list+next, "", may)
		}
		call(open, 422, "GET", list+"?page[size]=0", "", may)
	}
	call(open, 200, "PATCH", one["software"], strings.Replace(software, "Neu", "Anders", 1), may)
	call(open, 200, "PATCH", one["publishers"], publisher, may)
	call(open, 200, "PATCH", one["logs"], `{"message":"anders"}`, may)
	call(open, 409, "POST", "/software", software, may)
	call(open, 409, "POST", "/publishers", publisher, may)
	call(open, 409, "PATCH", "/software/"+full, `{"active":false}`, may)
	call(open, 409, "DELETE", "/software/"+full, "", may)
	call(open, 409, "PATCH", "/publishers/nord", publisher, may)
	call(open, 409, "DELETE", "/publishers/nord", "", may)

	errFire := errors.New("disk on fire")
	for _, o := range compat.Operations() {
		if !o.Writes() {
			continue
		}
		path := o.Path
		for name, id := range map[string]string{"software": made["/software"], "publishers": "neu", "logs": made["/logs"]} {
			path = strings.Replace(path, "/"+name+"/{id}", "/"+name+"/"+id, 1)
		}
		call(open, 401, o.Method, path, "{}", "Bearer fremd")
		call(open, 403, o.Method, path, "{}", mayNot)
		call(handlerOf(t, newShelf(), Options{Documents: store}), 404, o.Method, path, "{}", may)
		for status, err := range map[int]error{500: errFire, 503: fmt.Errorf("read: %w", context.DeadlineExceeded)} {
			documents := registrytest.NewDocuments()
			documents = failingLogs{documents, err}
			key := token(documents, registry.Grant{Scopes: scopes})
			h := handlerOf(t, newShelf(), Options{Documents: documents, Compat: compat.New(compat.Options{Store: readStore{catalogue: failing{err}}, Documents: documents})})
			body := map[string]string{"software": software, "publishers": publisher, "logs": `{"message":"hallo"}`}[strings.Split(path, "/")[1]]
			if strings.HasSuffix(path, "/logs") {
				body = `{"message":"hallo"}`
			}
			call(h, status, o.Method, path, body, key)
		}
		if o.Method == http.MethodDelete {
			continue
		}
		call(open, 400, o.Method, path, "kein JSON", may)
		call(open, 422, o.Method, path, `{"mehr":1}`, may)
		if o.Method == http.MethodPost {
			call(open, 422, o.Method, path, `{}`, may)
		}
		call(open, 413, o.Method, path, `{"x":"`+strings.Repeat("x", 9<<20)+`"}`, may)
		w := send(t, open, o.Method, compat.Path+path, strings.NewReader("[]"), "Content-Type", "application/json-patch+json", "Authorization", may)
		if w.Code != http.StatusUnsupportedMediaType {
			t.Errorf("%s %s with a JSON Patch: %d", o.Method, path, w.Code)
		}
	}
	for _, path := range one {
		call(open, 204, "DELETE", path, "", may)
	}
	for _, h := range []http.Handler{broken, slow} {
		get(t, h, compat.Path+"/logs?search="+url.QueryEscape("nichts"))
	}
}

// failingLogs are documents of which only tokens can be had.
type failingLogs struct {
	registry.Documents
	err error
}

func (d failingLogs) Document(ctx context.Context, kind registry.DocumentKind, key string) (*registry.Document, error) {
	if kind != registry.TokenDocument {
		return nil, d.err
	}
	return d.Documents.Document(ctx, kind, key)
}

func (d failingLogs) ListDocuments(context.Context, registry.DocumentList) iter.Seq2[*registry.Document, error] {
	return broken[*registry.Document](d.err)
}

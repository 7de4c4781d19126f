// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Package api serves the catalogue over HTTP: JSON for programs, described by
// an OpenAPI document that is part of the package. It changes no entry, needs no
// key and keeps nothing about who asks.
package api

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/allmende-registry/allmende/licence"
	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/sbom"
)

// Catalogue is what the API reads. Errors are those of package registry.
type Catalogue interface {
	// Search returns one page of entries; ErrInvalid for a cursor that it did
	// not hand out.
	Search(ctx context.Context, q registry.Query) (registry.Page, error)
	// Suggest tells at most n ways to go on with what is being typed.
	Suggest(ctx context.Context, typed string, n int) ([]registry.Suggestion, error)
	// Similar returns at most n entries that are most like one, the likest
	// first.
	Similar(ctx context.Context, id registry.ID, n int) ([]*registry.Software, error)
	// Get returns one entry, as registry.Store does; so do the following.
	Get(ctx context.Context, id registry.ID) (*registry.Software, error)
	// At returns an entry as it was at a moment.
	At(ctx context.Context, id registry.ID, at time.Time) (*registry.Software, error)
	// History yields the revisions of an entry, the newest first.
	History(ctx context.Context, id registry.ID) iter.Seq2[*registry.Revision, error]
	// Changes yields the change log after a revision, the oldest first.
	Changes(ctx context.Context, after registry.Rev) iter.Seq2[registry.Change, error]
	// Days yields the statistics of the days from one to another.
	Days(ctx context.Context, from, to string) iter.Seq2[*registry.Day, error]
	// File returns the bytes of a raw file by its hash.
	File(ctx context.Context, hash string) ([]byte, error)
	// SBOM returns the bill of materials that was read from the raw file with
	// this hash.
	SBOM(ctx context.Context, hash string) (*sbom.Document, error)
	// Rev is the newest revision of the change log.
	Rev(ctx context.Context) (registry.Rev, error)
}

// Options set up the API.
type Options struct {
	// BaseURL is the public address of the node, such as
	// https://catalogue.example.org; links in answers are absolute with it and
	// absolute paths without.
	BaseURL string
	// Publishers are those that the node is configured for.
	Publishers []registry.Publisher
	// Policies judge the licences of entries; nil are those of package licence.
	Policies []licence.Policy
	// Dossiers makes and keeps dossiers. Without it this node has none.
	Dossiers Dossiers
	// Logger gets one line a request (method, path, status, size, duration; no
	// address, no query, no header) and the cause of every answer of 500 and
	// above. No Logger, no log.
	Logger *slog.Logger
}

// New returns the handler of all addresses under /v1/, of /openapi.json,
// /openapi.yaml, /livez and /readyz. Every other path is answered by a 404
// problem.
func New(c Catalogue, opt Options) (http.Handler, error) {
	return newEngine(c, opt)
}

// api is what handlers share.
type api struct {
	catalogue  Catalogue
	base       string // BaseURL without a slash at its end
	publishers []registry.Publisher
	policies   []licence.Policy
	dossiers   Dossiers // nil for none
	log        *slog.Logger
	document   document
	schemas    map[string]*answer
	gate       gate
	making     places // for dossiers
	large      places // for answers that are large
}

// handler answers a request, or says by its error why it does not.
type handler func(*gin.Context) (*answer, error)

// route is one operation.
type route struct {
	method  string   // GET, which answers HEAD too, where ""
	path    string   // in gin's notation
	end     string   // what ends the path, where several operations share it
	query   []string // names of the query parameters it knows
	handle  handler
	places  places // bounds how many are answered at once; nil for no bound
	aliasOf string // the path under which the OpenAPI document has it
}

// routes are all operations. Of those that share a path and a method the first
// whose end fits answers.
func (a *api) routes() []route {
	return []route{
		{path: "/v1/software", query: listParameters, handle: a.listSoftware},
		{path: "/v1/software/*id", query: []string{"at"}, handle: a.getSoftware},
		{path: "/v1/publiccode/*id", handle: a.getPublicCode},
		{path: "/v1/history/*id", query: []string{"perPage", "after"}, handle: a.listHistory, places: a.large},
		{path: "/v1/differences/*id", query: []string{"from", "to"}, handle: a.getDifferences, places: a.large},
		{path: "/v1/similar/*id", query: []string{"limit"}, handle: a.listSimilar},
		{path: "/v1/suggestions", query: []string{"q", "limit"}, handle: a.listSuggestions},
		{path: "/v1/changes", query: []string{"after", "perPage"}, handle: a.listChanges},
		{path: statisticsPath, query: []string{"from", "to"}, handle: a.listDays, places: a.large},
		{path: statisticsPath + endCSV, query: []string{"from", "to"}, handle: a.tabulateDays, places: a.large},
		{path: "/v1/sboms/:sha256", handle: a.getSBOM, places: a.large},
		{path: "/v1/dossiers", query: dossierListParameters, handle: a.listDossiers},
		{path: "/v1/dossiers", method: http.MethodPost, query: []string{"software", "lang"}, handle: a.makeDossier, places: a.making},
		{path: "/v1/dossiers/:hash", end: endHTML, query: []string{"lang"}, handle: a.getDossierPage},
		{path: "/v1/dossiers/:hash", end: endSPDX, handle: a.getDossierSPDX},
		{path: "/v1/dossiers/:hash", handle: a.getDossier},
		{path: "/v1/licences/explain", query: []string{"expression"}, handle: a.explainLicence},
		{path: "/v1/licences/compatibility", query: []string{"situation", "into", "licence"}, handle: a.askCompatibility},
		{path: "/v1/licences/check", query: []string{"expression", "policy"}, handle: a.checkPolicies},
		{path: "/v1/licences/policies", handle: a.listPolicies},
		{path: "/v1/licences/numbers", handle: a.countVerdicts},
		{path: "/v1/licences/:id", handle: a.getLicence},
		{path: "/v1/publishers", handle: a.listPublishers},
		{path: "/v1/regions", handle: a.listRegions},
		{path: "/v1/validate", method: http.MethodPost, query: validateParameters, handle: a.validate},
		{path: "/v1/schema/:file", handle: a.getSchema},
		{path: "/v1/openapi.json", handle: a.document.json},
		{path: "/v1/openapi.yaml", handle: a.document.yaml},
		{path: "/openapi.json", handle: a.document.json, aliasOf: "/v1/openapi.json"},
		{path: "/openapi.yaml", handle: a.document.yaml, aliasOf: "/v1/openapi.yaml"},
		{path: "/livez", handle: a.live},
		{path: "/readyz", handle: a.ready},
	}
}

func newEngine(c Catalogue, opt Options) (*gin.Engine, error) {
	if c == nil {
		return nil, errors.New("api: no catalogue given")
	}
	base, err := checkBase(opt.BaseURL)
	if err != nil {
		return nil, err
	}
	doc, err := readDocument()
	if err != nil {
		return nil, err
	}
	schemas, err := schemas()
	if err != nil {
		return nil, err
	}
	a := &api{
		catalogue: c, base: base, publishers: opt.Publishers, policies: opt.Policies, dossiers: opt.Dossiers, log: opt.Logger,
		document: doc, schemas: schemas, gate: newGate(), making: make(places, maxMaking), large: make(places, maxLarge),
	}
	if a.policies == nil {
		a.policies = licence.Policies()
	}
	if a.log == nil {
		a.log = slog.New(slog.DiscardHandler)
	}

	gin.SetMode(gin.ReleaseMode)
	e := gin.New()
	e.RedirectTrailingSlash = false
	e.HandleMethodNotAllowed = true
	e.ForwardedByClientIP = false
	if err := e.SetTrustedProxies(nil); err != nil {
		return nil, fmt.Errorf("api: %w", err)
	}
	e.Use(a.observe, a.protect)
	e.NoRoute(func(c *gin.Context) { a.refuse(c, errNoResource) })
	byPath := map[string][]route{}
	for _, r := range a.routes() {
		byPath[r.path] = append(byPath[r.path], r)
	}
	e.NoMethod(func(c *gin.Context) {
		// Where a path with a parameter would fit too, gin names its methods for
		// those of every other tree.
		if routes, ok := byPath[c.Request.URL.Path]; ok {
			c.Writer.Header().Set("Allow", strings.Join(methodsOf(routes), ", "))
		}
		a.refuse(c, wrongMethod(c.Writer.Header().Get("Allow")))
	})
	for path, routes := range byPath {
		methods := methodsOf(routes)
		for _, m := range methods {
			if m == http.MethodOptions {
				e.Handle(m, path, preflight(strings.Join(methods, ", ")))
			} else {
				e.Handle(m, path, a.serve(routes))
			}
		}
	}
	return e, nil
}

// methodsOf are the methods that routes of one path answer.
func methodsOf(routes []route) []string {
	var methods []string
	for _, m := range []string{http.MethodGet, http.MethodHead, http.MethodPost} {
		if slices.ContainsFunc(routes, func(r route) bool { return r.answers(m) }) {
			methods = append(methods, m)
		}
	}
	return append(methods, http.MethodOptions)
}

func (r route) answers(method string) bool {
	if r.method == "" {
		return method == http.MethodGet || method == http.MethodHead
	}
	return method == r.method
}

// serve turns the handlers of one path into gin's form.
func (a *api) serve(routes []route) gin.HandlerFunc {
	return func(c *gin.Context) {
		i := slices.IndexFunc(routes, func(r route) bool {
			return r.answers(c.Request.Method) && strings.HasSuffix(c.Request.URL.Path, r.end)
		})
		r := routes[i]
		if faults := unknownParameters(c.Request.URL.RawQuery, r.query); len(faults) > 0 {
			a.refuse(c, badRequest(faults))
			return
		}
		leave, ok := r.places.take()
		if !ok {
			a.refuse(c, errBusy)
			return
		}
		defer leave()
		ans, err := r.handle(c)
		if err != nil {
			a.refuse(c, err)
			return
		}
		ans.write(c)
	}
}

// link is the address of a path of this node: an absolute URL where the node
// knows its own, else an absolute path.
func (a *api) link(path string) string { return a.base + path }

func checkBase(raw string) (string, error) {
	if raw == "" {
		return "", nil
	}
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return "", fmt.Errorf("api: base URL %q is not a plain http or https address; write it like https://catalogue.example.org", raw)
	}
	return strings.TrimRight(raw, "/"), nil
}

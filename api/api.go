// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Package api serves the catalogue over HTTP: JSON for programs, described by
// an OpenAPI document that is part of the package. Reading needs no key, and nothing
// is kept about who reads; writing takes a token, and is written down.
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

	"github.com/allmende-registry/allmende/api/compat"
	"github.com/allmende-registry/allmende/api/mcp"
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
	// All yields the entries in order of their IDs.
	All(ctx context.Context) iter.Seq2[*registry.Software, error]
	// Aliases yields former IDs and where they lead now.
	Aliases(ctx context.Context) (map[registry.ID]registry.ID, error)
	// Changes yields the change log after a revision, the oldest first.
	Changes(ctx context.Context, after registry.Rev) iter.Seq2[registry.Change, error]
	// Days yields the statistics of the days from one to another.
	Days(ctx context.Context, from, to string) iter.Seq2[*registry.Day, error]
	// File returns the bytes of a raw file by its hash.
	File(ctx context.Context, hash string) ([]byte, error)
	// SBOM returns the bill of materials that was read from the raw file with
	// this hash.
	SBOM(ctx context.Context, hash string) (*sbom.Document, error)
	// Visit returns what the crawl log has of a repository.
	Visit(ctx context.Context, repo registry.ID) (*registry.Visit, error)
	// SourceState returns what is known of the crawl of a source.
	SourceState(ctx context.Context, source string) (*registry.SourceState, error)
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
	// Claims tells the source that would lead to a repository, "" for none; nil is
	// that none would.
	Claims func(context.Context, registry.ID) (string, error)
	// Dossiers makes and keeps dossiers. Without it this node has none.
	Dossiers Dossiers
	// Documents keep what is written by the API. Without them this node takes no
	// writes, and its addresses for writing are not found.
	Documents registry.Documents
	// Receivers are the origins of receivers of webhooks in the own network that
	// subscriptions may name, see registry.CheckReceiver.
	Receivers []string
	// Amend lays into entries what Documents say of them, see registry.Amend. It
	// belongs to Documents.
	Amend func(context.Context, ...registry.ID) error
	// Crawling is what crawls; without it this node tells of no sources.
	Crawling Crawling
	// Verifier checks the bearer tokens of an OpenID Connect issuer; nil where there
	// is none, see NewOIDC.
	Verifier Verifier
	// Compat answers as the API of Developers Italia does; without it there is no such
	// surface.
	Compat *compat.API
	// CacheBytes bounds the memory for answers that are kept to be sent again; none
	// are where it is 0.
	CacheBytes int64
	// Limits bound what is asked; none where it is zero.
	Limits Limits
	// Security is what /.well-known/security.txt says; without a Contact there is
	// none.
	Security Security
	// Changed is closed when the change log may have grown, and another one is there
	// then: who follows changes learns of them at once, and within a second without.
	Changed func() <-chan struct{}
	// Stopping is closed when the service is to end: who waits for changes then
	// waits no longer. With nil it never is.
	Stopping <-chan struct{}
	// DataLicence is the licence of the data as an SPDX expression, which the bulk
	// files name; "" where the operator has not decided.
	DataLicence string
	// Logger gets one line a request (its id, method, route, status, size, duration;
	// no address, no query, no header) and the cause of every answer of 500 and
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
	claims     func(context.Context, registry.ID) (string, error)
	dossiers   Dossiers // nil for none
	changed    func() <-chan struct{}
	stopping   <-chan struct{}
	watch      watch  // of the change log
	waiting    places // for who waits for changes
	catchingUp places // for streams of changes that read the log
	notes      notes
	bulk       bulk
	reuse      gathered[*registry.Reuse]
	claimed    gathered[[]claimLine]
	joined     gathered[together]
	boards     boards
	downloads  places             // for files of the whole catalogue
	licensing  string             // DataLicence
	documents  registry.Documents // nil for none
	receivers  []string
	amend      func(context.Context, ...registry.ID) error
	crawling   Crawling    // nil for none
	verifier   Verifier    // nil for none
	compat     *compat.API // nil for none
	uses       uses
	now        func() time.Time
	log        *slog.Logger
	headers    http.Header // of every answer
	limits     *limits
	security   Security
	reference  reference
	document   document
	schemas    map[string]*answer
	gate       gate
	answers    *answers // nil for none
	making     places   // for dossiers
	large      places   // for answers that are large
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
	keep    bool   // its answers are of the revision alone, see answers
	costly  bool   // counts against Limits.Work
	lasting bool   // waits for what comes: neither Limits.Timeout nor Limits.Concurrent bound it
	health  bool   // is asked by supervisors, and never turned away
	lenient bool   // passes over query parameters that it does not know
	aliasOf string // the path under which the OpenAPI document has it
}

// routes are all operations. Of those that share a path and a method the first
// whose end fits answers.
func (a *api) routes() []route {
	return append(a.compatRoutes(), []route{
		{path: "/v1/software", query: listParameters, handle: a.listSoftware, keep: true},
		{path: "/v1/software/*id", query: []string{"at", "fields"}, handle: a.getSoftware, keep: true},
		{path: "/v1/publiccode/*id", handle: a.getPublicCode},
		{path: "/v1/history/*id", query: []string{"perPage", "after"}, handle: a.listHistory, places: a.large},
		{path: "/v1/differences/*id", query: []string{"from", "to"}, handle: a.getDifferences, places: a.large},
		{path: "/v1/similar/*id", query: []string{"limit"}, handle: a.listSimilar, keep: true},
		{path: variantsPath + "*id", handle: a.listVariants},
		{path: badgesPath + "*id", query: []string{"kind", "lang"}, handle: a.getBadge},
		{path: "/v1/listings", query: []string{"url"}, handle: a.explainListing},
		{path: "/v1/vocabularies", handle: a.listVocabularies},
		{path: "/v1/vocabularies/:name", handle: a.getVocabulary},
		{path: "/v1/standards", handle: a.listStandards},
		{path: "/v1/suggestions", query: []string{"q", "limit"}, handle: a.listSuggestions, keep: true},
		{path: "/v1/changes", query: []string{"after", "perPage", "wait"}, handle: a.listChanges, lasting: true},
		{path: bulkPath + "json", handle: a.describeBulk},
		{path: bulkPath + "ndjson", handle: a.bulkOf("ndjson"), places: a.downloads},
		{path: bulkPath + "csv", handle: a.bulkOf("csv"), places: a.downloads},
		{path: feedsPath + "new.atom", query: newParameters, handle: a.feedNew, keep: true},
		{path: feedsPath + "changes.atom", query: changesParameters, handle: a.feedChanges, places: a.large, keep: true},
		{path: feedsPath + "releases.atom", query: releasesParameters, handle: a.feedReleases, keep: true},
		{path: "/v1/changes/events", query: []string{"after", "software", "region", "publisher"}, handle: a.streamChanges, lasting: true},
		{path: statisticsPath, query: []string{"from", "to"}, handle: a.listDays, places: a.large},
		{path: statisticsPath + endCSV, query: []string{"from", "to"}, handle: a.tabulateDays, places: a.large},
		{path: "/v1/sboms/:sha256", handle: a.getSBOM, places: a.large},
		{path: "/v1/dossiers", query: dossierListParameters, handle: a.listDossiers},
		{path: "/v1/dossiers", method: http.MethodPost, query: []string{"software", "lang"}, handle: a.makeDossier, places: a.making, costly: true},
		{path: "/v1/dossiers/:hash", end: endHTML, query: []string{"lang"}, handle: a.getDossierPage},
		{path: "/v1/dossiers/:hash", end: endSPDX, handle: a.getDossierSPDX},
		{path: "/v1/dossiers/:hash", handle: a.getDossier},
		{path: "/v1/licences/explain", query: []string{"expression"}, handle: a.explainLicence},
		{path: "/v1/licences/compatibility", query: []string{"situation", "into", "licence"}, handle: a.askCompatibility},
		{path: "/v1/licences/check", query: []string{"expression", "policy"}, handle: a.checkPolicies},
		{path: "/v1/licences/policies", handle: a.listPolicies},
		{path: "/v1/licences/numbers", handle: a.countVerdicts, keep: true},
		{path: "/v1/licences/:id", handle: a.getLicence},
		{path: "/v1/publishers", handle: a.listPublishers},
		{path: publishersPath + ":id", handle: a.getPublisher},
		{path: publishersPath + ":id", method: http.MethodPut, handle: a.putPublisher},
		{path: publishersPath + ":id", method: http.MethodDelete, handle: a.deletePublisher},
		{path: sourcesPath, query: []string{"url", "perPage", "after"}, handle: a.listSources, places: a.large},
		{path: "/v1/crawls", method: http.MethodPost, handle: a.askCrawl},
		{path: overridesPath + "*id", handle: a.getOverrides},
		{path: overridesPath + "*id", method: http.MethodPut, handle: a.putOverride},
		{path: overridesPath + "*id", method: http.MethodDelete, query: []string{"field"}, handle: a.deleteOverride},
		{path: tokensPath, query: []string{"perPage", "after"}, handle: a.listTokens},
		{path: tokensPath, method: http.MethodPost, handle: a.makeToken},
		{path: tokensPath + "/:token", method: http.MethodDelete, handle: a.revokeToken},
		{path: webhooksPath, query: []string{"perPage", "after"}, handle: a.listWebhooks},
		{path: webhooksPath, method: http.MethodPost, handle: a.makeWebhook},
		{path: webhooksPath + "/:webhook", handle: a.getWebhook},
		{path: webhooksPath + "/:webhook", method: http.MethodPatch, handle: a.changeWebhook},
		{path: webhooksPath + "/:webhook", method: http.MethodDelete, handle: a.deleteWebhook},
		{path: webhooksPath + "/:webhook/test", method: http.MethodPost, handle: a.testWebhook},
		{path: webhooksPath + "/:webhook/deliveries", query: []string{"perPage", "after"}, handle: a.listDeliveries},
		{path: webhooksPath + "/:webhook/dead-letters", query: []string{"perPage", "after"}, handle: a.listDeadLetters},
		{path: webhooksPath + "/:webhook/deliveries/:delivery/replay", method: http.MethodPost, handle: a.replayDelivery},
		{path: "/v1/audit-log", query: []string{"perPage", "after"}, handle: a.listAudit},
		{path: adoptionsPath, query: adoptionParameters, handle: a.listAdoptions, places: a.large},
		{path: adoptionsPath, method: http.MethodPut, handle: a.putAdoptions, costly: true},
		{path: adoptionsPath, method: http.MethodDelete, query: []string{"organisation"}, handle: a.deleteAdoptions, costly: true},
		{path: organisationsPath, query: []string{"perPage", "after"}, handle: a.listOrganisations, places: a.large},
		{path: claimsPath, query: claimParameters, handle: a.listClaims, places: a.large},
		{path: communitiesPath, query: communityParameters, handle: a.listCommunities, places: a.large},
		{path: seekingPath, query: seekingParameters, handle: a.listSeeking, places: a.large},
		{path: helpPath, query: helpParameters, handle: a.listHelp, places: a.large},
		{path: needsPath, query: needParameters, handle: a.listNeeds, places: a.large},
		{path: needsPath + "/*key", handle: a.getNeed, places: a.large},
		{path: needsFeedPath, query: needFeedParameters, handle: a.feedNeeds, places: a.large},
		{path: reusePath, handle: a.countReuse, places: a.large},
		{path: reuseEntriesPath, query: reuseEntriesParameters, handle: a.listReuseEntries, places: a.large},
		{path: reusePath + endCSV, query: []string{"from", "to"}, handle: a.tabulateReuse, places: a.large},
		{path: "/v1/regions", handle: a.listRegions, keep: true},
		{path: "/v1/validate", method: http.MethodPost, query: validateParameters, handle: a.validate, costly: true},
		{path: "/v1/schema/:file", handle: a.getSchema},
		{path: "/v1/openapi.json", handle: a.document.json, keep: true},
		{path: "/v1/openapi.yaml", handle: a.document.yaml, keep: true},
		{path: "/openapi.json", handle: a.document.json, aliasOf: "/v1/openapi.json"},
		{path: "/openapi.yaml", handle: a.document.yaml, aliasOf: "/v1/openapi.yaml"},
		{path: referencePath, query: []string{"lang"}, handle: a.getReference, keep: true},
		{path: "/api", query: []string{"lang"}, handle: a.getReference, keep: true, aliasOf: referencePath},
		{path: apiCatalogPath, handle: a.getAPICatalog, keep: true},
		{path: securityPath, handle: a.getSecurity},
		{path: llmsPath, handle: a.getLLMs},
		{path: "/livez", handle: a.live, health: true},
		{path: "/readyz", handle: a.ready, health: true},
	}...)
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
	limits, err := newLimits(opt.Limits)
	if err != nil {
		return nil, err
	}
	a := &api{
		headers: headersOfAll(doc.version, base), limits: limits, security: opt.Security, reference: newReference(doc, base),
		catalogue: c, base: base, publishers: opt.Publishers, policies: opt.Policies, dossiers: opt.Dossiers, log: opt.Logger,
		documents: opt.Documents, amend: opt.Amend, crawling: opt.Crawling, verifier: opt.Verifier, compat: opt.Compat, now: time.Now,
		document: doc, schemas: schemas, gate: newGate(), making: make(places, maxMaking), large: make(places, maxLarge),
	}
	if a.claims = opt.Claims; a.claims == nil {
		a.claims = func(context.Context, registry.ID) (string, error) { return "", nil }
	}
	a.receivers = opt.Receivers
	a.answers = newAnswers(opt.CacheBytes, c.Rev)
	a.bulk.from, a.downloads, a.licensing = c, make(places, maxDownloads), opt.DataLicence
	a.watch.a, a.stopping, a.changed = a, opt.Stopping, opt.Changed
	a.waiting, a.catchingUp = make(places, maxWaiting), make(places, maxCatchingUp)
	if a.changed == nil {
		a.changed = func() <-chan struct{} { return nil }
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
	assistants := a.assistants()
	e.NoRoute(func(c *gin.Context) {
		if c.Request.URL.Path == mcp.Path {
			assistants(c)
			return
		}
		a.refuse(c, errNoResource)
	})
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
	for _, m := range []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
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
		leave, err := a.admit(c, r)
		if err != nil {
			a.refuse(c, err)
			return
		}
		defer leave()
		if faults := unknownParameters(c.Request.URL.RawQuery, r.query); len(faults) > 0 && !r.lenient {
			a.refuse(c, badRequest(faults))
			return
		}
		giveUp, ok := r.places.take()
		if !ok {
			a.refuse(c, errBusy)
			return
		}
		defer giveUp()
		ans, err := a.answer(c, r)
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

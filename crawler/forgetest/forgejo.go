// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package forgetest

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Forgejo serves the Forgejo repositories of a world: REST below /api/v1, files
// also at /OWNER/REPO/raw/branch/REF/PATH and a page for each repository at
// /OWNER/REPO. base is its public address, which its answers are full of. It
// has what a reader of public repositories needs and no rate limits. A blocked
// repository is one whose files only members may read.
func Forgejo(w *World, base string) http.Handler {
	g := &forgejo{world: w, base: strings.TrimRight(base, "/")}
	mux := http.NewServeMux()
	for pattern, handler := range map[string]http.HandlerFunc{
		"GET /api/v1/version":                              g.version,
		"GET /api/v1/settings/api":                         g.settings,
		"GET /api/v1/repos/search":                         g.search,
		"GET /api/v1/users/{owner}/repos":                  g.listOwner(true),
		"GET /api/v1/orgs/{owner}/repos":                   g.listOwner(false),
		"GET /api/v1/repos/{owner}/{repo}":                 g.repo(g.getRepo),
		"GET /api/v1/repos/{owner}/{repo}/commits":         g.repo(g.code(g.commits)),
		"GET /api/v1/repos/{owner}/{repo}/git/trees/{sha}": g.repo(g.code(g.tree)),
		"GET /api/v1/repos/{owner}/{repo}/raw/{path...}":   g.repo(g.code(g.rawFile)),
		"GET /{owner}/{repo}":                              g.repo(g.page),
		"GET /{owner}/{repo}/raw/{kind}/{rest...}":         g.repo(g.code(g.webRaw)),
		"GET /": g.notFound,
	} {
		mux.HandleFunc(pattern, handler)
	}
	return mux
}

// Page sizes as instances have them unless they are configured otherwise.
const (
	forgejoPage    = 30
	forgejoPageMax = 50
)

type forgejo struct {
	world *World
	base  string
}

func (g *forgejo) problem(w http.ResponseWriter, status int, message string) {
	writeJSON(w, status, map[string]string{"message": message, "url": g.base + "/api/swagger"})
}

func (g *forgejo) notFound(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, "/api/") {
		g.problem(w, http.StatusNotFound, "The target couldn't be found.")
		return
	}
	http.NotFound(w, r)
}

func (g *forgejo) version(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, map[string]string{"version": "13.0.0+gitea-1.22.0"})
}

func (g *forgejo) settings(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, map[string]int{"max_response_items": forgejoPageMax, "default_paging_num": forgejoPage})
}

// search lists the repositories of the instance. It looks for no words.
func (g *forgejo) search(w http.ResponseWriter, r *http.Request) {
	repos := g.world.Repos("forgejo")
	if r.URL.Query().Get("sort") == "id" {
		slices.SortFunc(repos, func(a, b Repo) int { return cmp.Compare(a.ID, b.ID) })
	}
	writeJSON(w, http.StatusOK, map[string]any{"ok": true, "data": g.paged(w, r, repos)})
}

func (g *forgejo) listOwner(people bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		is := func(name string) bool { return strings.EqualFold(name, r.PathValue("owner")) }
		if !slices.ContainsFunc(g.world.Owners("forgejo"), func(o Owner) bool { return is(o.Path) && (people || !o.User) }) {
			g.notFound(w, r)
			return
		}
		repos := slices.DeleteFunc(g.world.Repos("forgejo"), func(r Repo) bool { return !is(r.Owner()) })
		writeJSON(w, http.StatusOK, g.paged(w, r, repos))
	}
}

// paged is the page of a list that is asked for; it writes the headers that
// tell of the others.
func (g *forgejo) paged(w http.ResponseWriter, r *http.Request, repos []Repo) []map[string]any {
	query := r.URL.Query()
	size := min(positive(query.Get("limit"), forgejoPage), forgejoPageMax)
	number := positive(query.Get("page"), 1)
	last := max(1, (len(repos)+size-1)/size)
	w.Header().Set("X-Total-Count", strconv.Itoa(len(repos)))
	if number < last {
		link := func(n int, rel string) string {
			query.Set("page", strconv.Itoa(n))
			return fmt.Sprintf("<%s%s?%s>; rel=%q", g.base, r.URL.EscapedPath(), query.Encode(), rel)
		}
		w.Header().Set("Link", link(number+1, "next")+","+link(last, "last"))
	}
	out := []map[string]any{}
	for _, r := range repos[min(len(repos), (number-1)*size):min(len(repos), number*size)] {
		out = append(out, g.repoJSON(r))
	}
	return out
}

func (g *forgejo) repoJSON(r Repo) map[string]any {
	topics := r.Topics
	if topics == nil {
		topics = []string{}
	}
	licences := []string{}
	if r.Licence != "" && r.Licence != "NOASSERTION" {
		licences = append(licences, r.Licence)
	}
	v := map[string]any{
		"id": r.ID, "name": r.Name(), "full_name": r.Path, "description": r.Description,
		"owner":   map[string]any{"id": OwnerID("forgejo", r.Owner()), "login": r.Owner(), "html_url": g.base + "/" + r.Owner()},
		"private": false, "internal": false, "empty": r.Empty(), "fork": r.Parent != "", "parent": nil, "mirror": false, "archived": r.Archived,
		"html_url": g.base + "/" + r.Path, "clone_url": g.base + "/" + r.Path + ".git", "default_branch": r.Branch,
		"language": r.Language, "licenses": licences, "topics": topics, "stars_count": r.Stars, "forks_count": r.Forks,
		"created_at": stamp(r.Created), "updated_at": stamp(r.Updated), "archived_at": "1970-01-01T00:00:00Z", "mirror_updated": "0001-01-01T00:00:00Z",
	}
	if parent, _, ok := g.world.Find("forgejo", r.Parent); ok && r.Parent != "" {
		parent.Parent = "" // only the nearest is told
		v["parent"] = g.repoJSON(parent)
	}
	return v
}

// repo finds the repository that an address names, and answers for one that
// moved or is not there.
func (g *forgejo) repo(handle handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		named := r.PathValue("owner") + "/" + r.PathValue("repo")
		found, moved, ok := g.world.Find("forgejo", strings.TrimSuffix(named, ".git"))
		switch {
		case !ok:
			g.notFound(w, r)
		case moved:
			to := url.URL{Path: strings.Replace(r.URL.Path, "/"+named, "/"+found.Path, 1), RawQuery: r.URL.RawQuery}
			http.Redirect(w, r, g.base+to.String(), http.StatusTemporaryRedirect)
		default:
			handle(w, r, found)
		}
	}
}

// code keeps strangers from files that they may not read.
func (g *forgejo) code(handle handler) handler {
	return func(w http.ResponseWriter, r *http.Request, repo Repo) {
		if repo.Blocked {
			g.problem(w, http.StatusForbidden, "user should have specific read permission or be a repo admin or a site admin")
			return
		}
		handle(w, r, repo)
	}
}

func (g *forgejo) getRepo(w http.ResponseWriter, _ *http.Request, r Repo) {
	writeJSON(w, http.StatusOK, g.repoJSON(r))
}

func (g *forgejo) commits(w http.ResponseWriter, r *http.Request, repo Repo) {
	switch sha := cmp.Or(r.URL.Query().Get("sha"), repo.Branch); {
	case repo.Empty():
		g.problem(w, http.StatusConflict, "Git Repository is empty.")
	case !repo.isHead(sha):
		g.notFound(w, r)
	default:
		w.Header().Set("X-Total-Count", "1")
		writeJSON(w, http.StatusOK, []map[string]any{{
			"sha": repo.Commit(), "created": repo.Pushed.UTC().Format(time.RFC3339), "html_url": g.base + "/" + repo.Path + "/commit/" + repo.Commit(),
		}})
	}
}

// tree lists the root.
func (g *forgejo) tree(w http.ResponseWriter, r *http.Request, repo Repo) {
	if !repo.isHead(r.PathValue("sha")) {
		g.problem(w, http.StatusBadRequest, "sha not found: "+r.PathValue("sha"))
		return
	}
	entries := []map[string]any{}
	for _, e := range repo.folder("") {
		entries = append(entries, map[string]any{"path": e.name, "mode": e.mode, "type": e.kind, "sha": e.hash})
	}
	writeJSON(w, http.StatusOK, map[string]any{
		"sha": repo.Commit(), "tree": entries, "truncated": false, "page": 1, "total_count": len(entries),
	})
}

func (g *forgejo) rawFile(w http.ResponseWriter, r *http.Request, repo Repo) {
	content, ok := repo.Files[r.PathValue("path")]
	ref := cmp.Or(r.URL.Query().Get("ref"), repo.Branch)
	if !ok || ref == "HEAD" || !repo.isHead(ref) {
		g.notFound(w, r)
		return
	}
	w.Header().Set("ETag", strconv.Quote(BlobHash(content)))
	writeFile(w, content)
}

// webRaw serves a file at the address that the pages link to.
func (g *forgejo) webRaw(w http.ResponseWriter, r *http.Request, repo Repo) {
	kind := r.PathValue("kind")
	content, ok := repo.at(r.PathValue("rest"))
	if !ok || kind != "branch" && kind != "commit" {
		http.NotFound(w, r)
		return
	}
	writeFile(w, content)
}

func (g *forgejo) page(w http.ResponseWriter, _ *http.Request, r Repo) { writePage(w, r) }

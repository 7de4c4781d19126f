// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package forgetest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// GitHub serves the GitHub repositories of a world as an Enterprise server
// does: REST below /api/v3, GraphQL at /api/graphql, files at
// /raw/OWNER/REPO/REF/PATH, a page for each repository at /OWNER/REPO and what is
// attached to its releases below that. base is its public address, which its
// answers are full of. It has what a reader of public repositories needs and no
// rate limits.
func GitHub(w *World, base string) http.Handler {
	g := &github{world: w, base: strings.TrimRight(base, "/")}
	mux := http.NewServeMux()
	for pattern, handler := range map[string]http.HandlerFunc{
		"GET /api/v3/orgs/{login}":                               g.getOwner,
		"GET /api/v3/users/{login}":                              g.getOwner,
		"GET /api/v3/orgs/{login}/repos":                         g.listOwner,
		"GET /api/v3/users/{login}/repos":                        g.listOwner,
		"GET /api/v3/repositories":                               g.listAll,
		"GET /api/v3/repositories/{id}":                          g.repo(g.getRepo),
		"GET /api/v3/repos/{owner}/{name}":                       g.repo(g.getRepo),
		"GET /api/v3/repositories/{id}/commits/{ref...}":         g.repo(g.getCommit),
		"GET /api/v3/repos/{owner}/{name}/commits/{ref...}":      g.repo(g.getCommit),
		"GET /api/v3/repositories/{id}/contents/{path...}":       g.repo(g.getContents),
		"GET /api/v3/repos/{owner}/{name}/contents/{path...}":    g.repo(g.getContents),
		"GET /api/v3/repositories/{id}/dependency-graph/sbom":    g.repo(g.getSBOM),
		"GET /api/v3/repos/{owner}/{name}/dependency-graph/sbom": g.repo(g.getSBOM),
		"GET /api/v3/repos/{owner}/{name}/compare/{basehead...}": g.repo(g.compare),
		"GET /api/v3/search/code":                                g.searchCode,
		"POST /api/graphql":                                      g.graphQL,
		"GET /raw/{owner}/{name}/{rest...}":                      g.raw,
		"GET /{owner}/{name}":                                    g.page,
		"GET /{owner}/{name}/{rest...}":                          g.download,
		"GET /api/v3/{rest...}":                                  g.notFound,
	} {
		mux.HandleFunc(pattern, handler)
	}
	return mux
}

type github struct {
	world *World
	base  string
}

// reply writes a value as JSON.
func (g *github) reply(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(v) // the client went away
}

func (g *github) problem(w http.ResponseWriter, status int, message string) {
	g.reply(w, status, map[string]string{"message": message, "status": strconv.Itoa(status)})
}

func (g *github) notFound(w http.ResponseWriter, _ *http.Request) {
	g.problem(w, http.StatusNotFound, "Not Found")
}

func (g *github) owner(login string) (Owner, bool) {
	for _, o := range g.world.Owners("github") {
		if strings.EqualFold(o.Path, login) {
			return o, true
		}
	}
	return Owner{}, false
}

// owned lists an owner's repositories, oldest first.
func (g *github) owned(o Owner) []Repo {
	out := slices.DeleteFunc(g.world.Repos("github"), func(r Repo) bool { return !strings.EqualFold(r.Owner(), o.Path) })
	slices.SortStableFunc(out, func(a, b Repo) int { return a.Created.Compare(b.Created) })
	return out
}

func (g *github) api(path string) string { return g.base + "/api/v3/" + path }

func (g *github) getOwner(w http.ResponseWriter, r *http.Request) {
	o, ok := g.owner(r.PathValue("login"))
	if !ok || o.User && strings.Contains(r.URL.Path, "/orgs/") {
		g.notFound(w, r)
		return
	}
	v := g.ownerJSON(o)
	v["public_repos"] = len(g.owned(o))
	g.reply(w, http.StatusOK, v)
}

func (g *github) ownerJSON(o Owner) map[string]any {
	kind := "Organization"
	if o.User {
		kind = "User"
	}
	return map[string]any{
		"login": o.Path, "id": o.ID, "node_id": nodeID("O", o.ID), "type": kind,
		"url": g.api("users/" + o.Path), "html_url": g.base + "/" + o.Path,
		"repos_url": g.api("users/" + o.Path + "/repos"),
	}
}

func (g *github) listOwner(w http.ResponseWriter, r *http.Request) {
	o, ok := g.owner(r.PathValue("login"))
	if !ok || o.User && strings.Contains(r.URL.Path, "/orgs/") {
		g.notFound(w, r)
		return
	}
	repos := g.owned(o)
	query := r.URL.Query()
	if query.Get("sort") == "full_name" {
		slices.SortFunc(repos, func(a, b Repo) int { return strings.Compare(strings.ToLower(a.Path), strings.ToLower(b.Path)) })
	}
	if query.Get("direction") == "desc" {
		slices.Reverse(repos)
	}
	size := positive(query.Get("per_page"), 30)
	page := positive(query.Get("page"), 1)
	size = min(size, 100)
	last := max(1, (len(repos)+size-1)/size)
	if page < last {
		link := func(n int, rel string) string {
			query.Set("page", strconv.Itoa(n))
			return fmt.Sprintf(`<%s?%s>; rel=%q`, g.api("user/"+strconv.FormatInt(o.ID, 10)+"/repos"), query.Encode(), rel)
		}
		w.Header().Set("Link", link(page+1, "next")+", "+link(last, "last"))
	}
	out := []map[string]any{}
	for i := (min(page, last+1) - 1) * size; i < min(page*size, len(repos)); i++ {
		out = append(out, g.repoJSON(repos[i]))
	}
	g.reply(w, http.StatusOK, out)
}

// positive reads a positive number of a query.
func positive(text string, otherwise int) int {
	if n, err := strconv.Atoi(text); err == nil && n > 0 {
		return min(n, 1<<20)
	}
	return otherwise
}

// listAll lists all repositories by number, a hundred at a time and with
// little but their names.
func (g *github) listAll(w http.ResponseWriter, r *http.Request) {
	since, _ := strconv.ParseInt(r.URL.Query().Get("since"), 10, 64)
	repos := slices.DeleteFunc(g.world.Repos("github"), func(r Repo) bool { return r.ID <= since })
	slices.SortFunc(repos, func(a, b Repo) int { return int(a.ID - b.ID) })
	out := []map[string]any{}
	for _, r := range repos[:min(100, len(repos))] {
		out = append(out, g.minimalJSON(r))
		since = r.ID
	}
	if len(repos) > 100 {
		w.Header().Set("Link", fmt.Sprintf(`<%s?since=%d>; rel="next", <%s{?since}>; rel="first"`, g.api("repositories"), since, g.api("repositories")))
	}
	g.reply(w, http.StatusOK, out)
}

// repo finds the repository that an address names, and answers for one that
// moved, was taken down or is not there.
func (g *github) repo(handle func(http.ResponseWriter, *http.Request, Repo)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		where := r.PathValue("id")
		if where == "" {
			where = r.PathValue("owner") + "/" + r.PathValue("name")
		}
		found, moved, ok := g.world.Find("github", where)
		switch {
		case !ok:
			g.notFound(w, r)
		case moved:
			to := g.api("repositories/" + strconv.FormatInt(found.ID, 10))
			if rest := strings.SplitN(r.URL.EscapedPath(), "/", 7); len(rest) == 7 {
				to += "/" + rest[6]
			}
			w.Header().Set("Location", to)
			g.reply(w, http.StatusMovedPermanently, map[string]string{"message": "Moved Permanently", "url": to})
		case found.Blocked:
			g.reply(w, http.StatusUnavailableForLegalReasons, map[string]any{
				"message": "Repository access blocked", "block": map[string]string{"reason": "dmca"},
			})
		default:
			handle(w, r, found)
		}
	}
}

func (g *github) getRepo(w http.ResponseWriter, _ *http.Request, r Repo) {
	v := g.repoJSON(r)
	if parent, ok := g.parent(r); ok {
		v["parent"], v["source"] = g.repoJSON(parent), g.repoJSON(parent)
	}
	g.reply(w, http.StatusOK, v)
}

func (g *github) parent(r Repo) (Repo, bool) {
	if r.Parent == "" {
		return Repo{}, false
	}
	parent, _, ok := g.world.Find("github", r.Parent)
	return parent, ok
}

func (g *github) getCommit(w http.ResponseWriter, r *http.Request, repo Repo) {
	switch ref := r.PathValue("ref"); {
	case repo.Empty():
		g.problem(w, http.StatusConflict, "Git Repository is empty.")
	case !repo.isHead(ref):
		g.problem(w, http.StatusUnprocessableEntity, "No commit found for SHA: "+ref)
	case strings.Contains(r.Header.Get("Accept"), "sha"):
		w.Header().Set("Content-Type", "application/vnd.github.v3.sha; charset=utf-8")
		_, _ = w.Write([]byte(repo.Commit()))
	default:
		g.reply(w, http.StatusOK, map[string]any{"sha": repo.Commit()})
	}
}

// isHead reports whether a reference is that of the head.
func (r Repo) isHead(ref string) bool {
	ref = strings.TrimPrefix(ref, "refs/heads/")
	return !r.Empty() && (ref == "HEAD" || ref == r.Branch || ref == r.Commit())
}

func (g *github) minimalJSON(r Repo) map[string]any {
	owner, _ := g.owner(r.Owner())
	return map[string]any{
		"id": r.ID, "node_id": nodeID("R", r.ID), "name": r.Name(), "full_name": r.Path, "private": false,
		"owner": g.ownerJSON(owner), "html_url": g.base + "/" + r.Path, "description": orNull(r.Description),
		"fork": r.Parent != "", "url": g.api("repos/" + r.Path),
	}
}

func (g *github) repoJSON(r Repo) map[string]any {
	v := g.minimalJSON(r)
	size := 0
	for _, content := range r.Files {
		size += len(content)
	}
	var licence any
	if r.Licence != "" {
		licence = map[string]any{"key": strings.ToLower(r.Licence), "name": r.Licence, "spdx_id": r.Licence}
	}
	topics := r.Topics
	if topics == nil {
		topics = []string{}
	}
	for key, value := range map[string]any{
		"clone_url": g.base + "/" + r.Path + ".git", "default_branch": r.Branch, "size": size / 1024,
		"stargazers_count": r.Stars, "forks_count": r.Forks, "language": orNull(r.Language), "license": licence, "topics": topics,
		"archived": r.Archived, "disabled": r.Blocked, "visibility": "public",
		"created_at": stamp(r.Created), "pushed_at": stamp(r.Pushed), "updated_at": stamp(r.Updated),
	} {
		v[key] = value
	}
	return v
}

func nodeID(kind string, id int64) string { return kind + "_" + strconv.FormatInt(id, 10) }

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// orNull is nil for an empty text.
func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// raw serves files of the head.
func (g *github) raw(w http.ResponseWriter, r *http.Request) {
	repo, moved, ok := g.world.Find("github", r.PathValue("owner")+"/"+r.PathValue("name"))
	rest := r.PathValue("rest")
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	switch {
	case !ok:
	case moved:
		to := url.URL{Path: "/raw/" + repo.Path + "/" + rest}
		w.Header().Set("Location", g.base+to.EscapedPath())
		w.WriteHeader(http.StatusMovedPermanently)
		return
	case repo.Blocked:
		http.Error(w, "451: Unavailable For Legal Reasons", http.StatusUnavailableForLegalReasons)
		return
	default:
		// The name of a branch may hold slashes.
		for i := range len(rest) {
			if rest[i] != '/' || !repo.isHead(rest[:i]) {
				continue
			}
			if content, ok := repo.Files[rest[i+1:]]; ok {
				w.Header().Set("Content-Length", strconv.Itoa(len(content)))
				_, _ = w.Write(content)
				return
			}
		}
	}
	http.Error(w, "404: Not Found", http.StatusNotFound)
}

// page is what a browser sees of a repository.
func (g *github) page(w http.ResponseWriter, r *http.Request) {
	repo, moved, ok := g.world.Find("github", r.PathValue("owner")+"/"+strings.TrimSuffix(r.PathValue("name"), ".git"))
	switch {
	case !ok:
		http.NotFound(w, r)
	case moved:
		http.Redirect(w, r, g.base+"/"+repo.Path, http.StatusMovedPermanently)
	case repo.Blocked:
		http.Error(w, "This repository is not available.", http.StatusUnavailableForLegalReasons)
	default:
		writePage(w, repo)
	}
}

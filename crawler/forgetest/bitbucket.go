// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package forgetest

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Bitbucket serves the Bitbucket repositories of a world: the REST API 2.0 below
// /2.0, which Bitbucket has on a host of its own, and a page for each repository
// at /WORKSPACE/REPOSITORY, files at /WORKSPACE/REPOSITORY/raw/REF/PATH. base is
// its public address, which its answers are full of. It has what a reader of
// public repositories needs and no rate limits. All repositories of a workspace
// lie in its project MAIN; a blocked one is listed, but its files are refused.
// What Bitbucket answers at the former address of a repository is not
// documented: here it is a redirect.
func Bitbucket(w *World, base string) http.Handler {
	b := &bitbucket{world: w, base: strings.TrimRight(base, "/")}
	const one = "GET /2.0/repositories/{workspace}/{slug}"
	api, web := http.NewServeMux(), http.NewServeMux()
	for pattern, handler := range map[string]http.HandlerFunc{
		"GET /2.0/repositories/{workspace}": b.listWorkspace,
		one:                                 b.repo(b.getRepo),
		one + "/refs/branches/{name...}":    b.repo(b.code(b.branch)),
		one + "/refs/tags":                  b.repo(b.code(b.tags)),
		one + "/commits/{rev}":              b.repo(b.code(b.commits)),
		one + "/issues":                     b.repo(b.issues),
		one + "/src/{commit}/{path...}":     b.repo(b.code(b.source)),
		"GET /":                             b.notFound,
	} {
		api.HandleFunc(pattern, handler)
	}
	web.HandleFunc("GET /{workspace}/{slug}", b.repo(b.page))
	web.HandleFunc("GET /{workspace}/{slug}/raw/{rest...}", b.repo(b.raw))
	web.HandleFunc("GET /", http.NotFound)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/2.0/") {
			api.ServeHTTP(w, r)
			return
		}
		web.ServeHTTP(w, r)
	})
}

type bitbucket struct {
	world *World
	base  string
}

func (b *bitbucket) problem(w http.ResponseWriter, status int, format string, args ...any) {
	writeJSON(w, status, map[string]any{"type": "error", "error": map[string]string{"message": fmt.Sprintf(format, args...)}})
}

func (b *bitbucket) notFound(w http.ResponseWriter, _ *http.Request) {
	b.problem(w, http.StatusNotFound, "Resource not found")
}

// answer writes as much of an answer as the request wants to have.
func (b *bitbucket) answer(w http.ResponseWriter, r *http.Request, v any) {
	if wanted := r.URL.Query().Get("fields"); wanted != "" {
		v = partial(v, strings.Split(wanted, ","))
	}
	writeJSON(w, http.StatusOK, v)
}

// partial leaves out of an answer what is not named. What begins with a plus or
// a minus changes the usual answer, which nobody asks of a stand-in.
func partial(v any, fields []string) any {
	switch v := v.(type) {
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = partial(item, fields)
		}
		return out
	case map[string]any:
		below := map[string][]string{}
		for _, f := range fields {
			first, rest, _ := strings.Cut(f, ".")
			below[first] = append(below[first], rest)
		}
		out := map[string]any{}
		for name, rest := range below {
			value, ok := v[strings.TrimSpace(name)]
			switch {
			case ok && slices.Contains(rest, ""):
				out[name] = value
			case ok:
				out[name] = partial(value, rest)
			}
		}
		return out
	}
	return v
}

// criterion is what a list can be narrowed down by here.
var criterion = regexp.MustCompile(`^(?:is_private=(false)|project\.key="([^"]*)"|created_on>=(\S+))$`)

// matching is the part of a list that q asks for; an expression that is not
// understood is an error.
func matching(repos []Repo, q string) ([]Repo, error) {
	for part := range strings.SplitSeq(q, " AND ") {
		if part == "" {
			continue
		}
		m := criterion.FindStringSubmatch(part)
		if m == nil {
			return nil, fmt.Errorf("%q is no expression that is understood", part)
		}
		switch {
		case m[2] != "" && m[2] != "MAIN":
			repos = nil
		case m[3] != "":
			since, err := time.Parse(time.RFC3339, m[3])
			if err != nil {
				return nil, err
			}
			repos = slices.DeleteFunc(repos, func(r Repo) bool { return r.Created.Before(since) })
		}
	}
	return repos, nil
}

func (b *bitbucket) listWorkspace(w http.ResponseWriter, r *http.Request) {
	workspace := r.PathValue("workspace")
	repos := slices.DeleteFunc(b.world.Repos("bitbucket"), func(r Repo) bool { return !strings.EqualFold(r.Owner(), workspace) })
	if len(repos) == 0 {
		b.problem(w, http.StatusNotFound, "No workspace with identifier '%s'.", workspace)
		return
	}
	repos, err := matching(repos, r.URL.Query().Get("q"))
	if err != nil {
		b.problem(w, http.StatusBadRequest, "%v", err)
		return
	}
	if r.URL.Query().Get("sort") == "created_on" {
		slices.SortStableFunc(repos, func(a, b Repo) int { return a.Created.Compare(b.Created) })
	}
	values := make([]any, len(repos))
	for i, repo := range repos {
		values[i] = b.repoJSON(repo)
	}
	b.paged(w, r, values)
}

// paged writes the page of a list that is asked for.
func (b *bitbucket) paged(w http.ResponseWriter, r *http.Request, values []any) {
	query := r.URL.Query()
	size := max(10, min(positive(query.Get("pagelen"), 10), 100))
	number := positive(query.Get("page"), 1)
	from, to := min(len(values), (number-1)*size), min(len(values), number*size)
	out := map[string]any{"values": values[from:to], "pagelen": size, "page": number, "size": len(values)}
	if to < len(values) {
		query.Set("page", strconv.Itoa(number+1))
		out["next"] = b.base + r.URL.EscapedPath() + "?" + query.Encode()
	}
	b.answer(w, r, out)
}

func (b *bitbucket) repoJSON(r Repo) map[string]any {
	link := func(p string) map[string]any { return map[string]any{"href": b.base + p} }
	v := map[string]any{
		"type": "repository", "uuid": fmt.Sprintf("{%08x-0000-4000-8000-%012x}", OwnerID("bitbucket", r.Owner()), r.ID),
		"name": r.Name(), "slug": r.Name(), "full_name": r.Path, "scm": "git", "is_private": false, "description": r.Description,
		"language": strings.ToLower(r.Language), "has_issues": len(r.Issues) > 0, "has_wiki": false, "size": 1000 * len(r.Files),
		"created_on": stamp(r.Created), "updated_on": stamp(r.Updated), "parent": nil, "mainbranch": nil,
		"project": map[string]any{"type": "project", "key": "MAIN", "name": "Main"},
		"links":   map[string]any{"self": link("/2.0/repositories/" + r.Path), "html": link("/" + r.Path)},
	}
	if r.Parent != "" {
		v["parent"] = map[string]any{"type": "repository", "full_name": r.Parent, "name": path.Base(r.Parent)}
	}
	if !r.Empty() {
		v["mainbranch"] = map[string]any{
			"type": "branch", "name": r.Branch, "target": map[string]any{"hash": r.Commit(), "date": stamp(r.Pushed)},
		}
	}
	return v
}

// repo finds the repository that an address names, and answers for one that
// moved or is not there.
func (b *bitbucket) repo(handle handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		named := r.PathValue("workspace") + "/" + r.PathValue("slug")
		found, moved, ok := b.world.Find("bitbucket", strings.TrimSuffix(named, ".git"))
		switch {
		case !ok:
			b.notFound(w, r)
		case moved:
			to := url.URL{Path: strings.Replace(r.URL.Path, "/"+named, "/"+found.Path, 1), RawQuery: r.URL.RawQuery}
			http.Redirect(w, r, b.base+to.String(), http.StatusMovedPermanently)
		default:
			handle(w, r, found)
		}
	}
}

// code keeps strangers from files that they may not read.
func (b *bitbucket) code(handle handler) handler {
	return func(w http.ResponseWriter, r *http.Request, repo Repo) {
		if repo.Blocked {
			b.problem(w, http.StatusForbidden, "You may not have access to this repository or it no longer exists in this workspace.")
			return
		}
		handle(w, r, repo)
	}
}

func (b *bitbucket) getRepo(w http.ResponseWriter, r *http.Request, repo Repo) {
	v := b.repoJSON(repo)
	if r.URL.Query().Get("fields") == "" && !repo.Empty() {
		v["mainbranch"] = map[string]any{"type": "branch", "name": repo.Branch} // the rest has to be asked for
	}
	b.answer(w, r, v)
}

func (b *bitbucket) branch(w http.ResponseWriter, r *http.Request, repo Repo) {
	if repo.Empty() || r.PathValue("name") != repo.Branch {
		b.problem(w, http.StatusNotFound, "Branch %q not found", r.PathValue("name"))
		return
	}
	b.answer(w, r, map[string]any{"type": "branch", "name": repo.Branch, "target": map[string]any{"hash": repo.Commit(), "date": stamp(repo.Pushed)}})
}

func (b *bitbucket) tags(w http.ResponseWriter, r *http.Request, repo Repo) {
	tags := slices.Clone(repo.Tags)
	if r.URL.Query().Get("sort") != "-target.date" {
		slices.SortFunc(tags, func(a, b Tag) int { return cmp.Compare(a.Name, b.Name) })
	}
	values := make([]any, len(tags))
	for i, t := range tags {
		values[i] = map[string]any{"type": "tag", "name": t.Name, "date": nil, "target": map[string]any{"type": "commit", "hash": t.Commit, "date": stamp(t.Date)}}
	}
	b.paged(w, r, values)
}

func (b *bitbucket) commits(w http.ResponseWriter, r *http.Request, repo Repo) {
	if !repo.isHead(r.PathValue("rev")) {
		b.problem(w, http.StatusNotFound, "Commit not found")
		return
	}
	values := make([]any, len(repo.Commits))
	for i, c := range repo.Commits {
		values[i] = map[string]any{
			"type": "commit", "hash": repo.CommitHash(i), "date": stamp(c.Time), "message": "x",
			"author": map[string]any{"type": "author", "raw": c.Name + " <" + c.Email + ">"},
		}
	}
	b.paged(w, r, values)
}

// issues lists the open ones, which is all that q is understood to ask for.
func (b *bitbucket) issues(w http.ResponseWriter, r *http.Request, repo Repo) {
	if len(repo.Issues) == 0 {
		b.problem(w, http.StatusNotFound, "Repository has no issue tracker.")
		return
	}
	values := []any{}
	for i, issue := range repo.Issues {
		if !issue.Closed {
			values = append(values, map[string]any{"type": "issue", "id": len(repo.Issues) - i, "title": issue.Title, "state": "new", "kind": "bug", "created_on": stamp(issue.Created)})
		}
	}
	b.paged(w, r, values)
}

// source serves a file, or the listing of a folder.
func (b *bitbucket) source(w http.ResponseWriter, r *http.Request, repo Repo) {
	name := r.PathValue("path")
	content, file := repo.Files[name]
	folder := strings.TrimSuffix(name, "/")
	entries := repo.folder(folder)
	switch {
	case repo.Empty(), r.PathValue("commit") != repo.Commit():
		b.problem(w, http.StatusNotFound, "Commit not found")
	case file:
		w.Header().Set("Content-Type", mediaType(name))
		w.Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", path.Base(name)))
		w.Header().Set("Content-Length", strconv.Itoa(len(content)))
		_, _ = w.Write(content) // the client went away
	case len(entries) == 0:
		b.problem(w, http.StatusNotFound, "No such file or directory: %s", name)
	default:
		values := make([]any, len(entries))
		for i, e := range entries {
			at := path.Join(folder, e.name)
			v := map[string]any{"path": at, "type": "commit_directory"}
			if e.kind == "blob" {
				v = map[string]any{"path": at, "type": "commit_file", "size": len(repo.Files[at]), "attributes": []string{}}
			}
			values[i] = v
		}
		b.paged(w, r, values)
	}
}

// mediaType follows from the name alone.
func mediaType(name string) string {
	switch path.Ext(name) {
	case ".json":
		return "application/json"
	case ".html":
		return "text/html"
	case ".md", ".txt":
		return "text/plain"
	}
	return "application/octet-stream"
}

// raw serves a file at the address that the pages link to.
func (b *bitbucket) raw(w http.ResponseWriter, r *http.Request, repo Repo) {
	content, ok := repo.at(r.PathValue("rest"))
	if !ok || repo.Blocked {
		http.NotFound(w, r)
		return
	}
	writeFile(w, content)
}

func (b *bitbucket) page(w http.ResponseWriter, _ *http.Request, r Repo) { writePage(w, r) }

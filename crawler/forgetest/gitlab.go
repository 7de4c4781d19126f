// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package forgetest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"html/template"
	"maps"
	"math"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

// GitLab serves the GitLab repositories of a world: REST below /api/v4, GraphQL
// at /api/graphql, files also at /GROUP/PROJECT/-/raw/REF/PATH and a page for each
// project at /GROUP/PROJECT. base is its public address, which its answers are
// full of. It has what a reader of public projects needs, shows to everyone what
// GitLab shows to those with a token, and has no rate limits. A blocked
// repository is one that only members of its project may read.
func GitLab(w *World, base string) http.Handler {
	g := &gitlab{world: w, base: strings.TrimRight(base, "/")}
	mux := g.rest()
	mux.HandleFunc("POST /api/graphql", g.graphQL)
	return mux
}

// GitLabREST is GitLab without GraphQL.
func GitLabREST(w *World, base string) http.Handler {
	return (&gitlab{world: w, base: strings.TrimRight(base, "/")}).rest()
}

func (g *gitlab) rest() *http.ServeMux {
	mux := http.NewServeMux()
	for pattern, handler := range map[string]http.HandlerFunc{
		"GET /api/v4/version":                                   g.members,
		"GET /api/v4/metadata":                                  g.members,
		"GET /api/v4/projects":                                  g.listAll,
		"GET /api/v4/groups/{id}/projects":                      g.listGroup,
		"GET /api/v4/users/{id}/projects":                       g.listUser,
		"GET /api/v4/projects/{id}":                             g.project(g.getProject),
		"GET /api/v4/projects/{id}/repository/tree":             g.project(g.code(g.tree)),
		"GET /api/v4/projects/{id}/repository/commits":          g.project(g.code(g.commits)),
		"GET /api/v4/projects/{id}/repository/commits/{sha}":    g.project(g.code(g.commit)),
		"GET /api/v4/projects/{id}/repository/compare":          g.project(g.code(g.compare)),
		"GET /api/v4/projects/{id}/repository/tags":             g.project(g.code(g.tags)),
		"GET /api/v4/projects/{id}/releases":                    g.project(g.code(g.releases)),
		"GET /api/v4/projects/{id}/languages":                   g.project(g.languages),
		"GET /api/v4/projects/{id}/issues":                      g.project(g.issues),
		"GET /api/v4/projects/{id}/repository/files/{path}/raw": g.project(g.code(g.rawFile)),
		"GET /api/":      g.unknown,
		"GET /{path...}": g.web,
	} {
		mux.HandleFunc(pattern, handler)
	}
	return mux
}

type gitlab struct {
	world *World
	base  string
}

// writeJSON answers with a value.
func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the client went away
}

// writeFile answers with the bytes of a file.
func writeFile(w http.ResponseWriter, content []byte) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(content)))
	_, _ = w.Write(content) // the client went away
}

func (g *gitlab) message(w http.ResponseWriter, status int, text string) {
	writeJSON(w, status, map[string]string{"message": text})
}

func (g *gitlab) missing(w http.ResponseWriter, what string) {
	g.message(w, http.StatusNotFound, "404 "+what+" Not Found")
}

func (g *gitlab) unknown(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusNotFound, map[string]string{"error": "404 Not Found"})
}

// members answers what GitLab tells nobody without an account.
func (g *gitlab) members(w http.ResponseWriter, _ *http.Request) {
	g.message(w, http.StatusUnauthorized, "401 Unauthorized")
}

// byID lists projects in order of their number.
func (g *gitlab) byID(keep func(Repo) bool) []Repo {
	repos := slices.DeleteFunc(g.world.Repos("gitlab"), func(r Repo) bool { return !keep(r) })
	slices.SortFunc(repos, func(a, b Repo) int { return cmp.Compare(a.ID, b.ID) })
	return repos
}

// listAll lists the projects of the instance, from a number on where the
// client pages by keyset.
func (g *gitlab) listAll(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	after, _ := strconv.ParseInt(query.Get("id_after"), 10, 64)
	repos := g.byID(func(r Repo) bool { return r.ID > after })
	if query.Get("pagination") != "keyset" {
		g.offset(w, r, repos)
		return
	}
	if query.Get("order_by") != "id" || query.Get("sort") != "asc" {
		writeJSON(w, http.StatusMethodNotAllowed, map[string]string{"error": "Keyset pagination is not yet available for this type of request"})
		return
	}
	if size := perPage(query); len(repos) > size {
		repos = repos[:size]
		query.Set("id_after", strconv.FormatInt(repos[size-1].ID, 10))
		w.Header().Set("Link", g.link(r, query, "next"))
	}
	writeJSON(w, http.StatusOK, g.projects(repos))
}

func (g *gitlab) listGroup(w http.ResponseWriter, r *http.Request) {
	group := r.PathValue("id")
	if !g.isGroup(group) {
		g.missing(w, "Group")
		return
	}
	g.offset(w, r, g.inGroup(group, r.URL.Query().Get("include_subgroups") == "true"))
}

// within reports whether an owner is a group or lies in it.
func within(group, owner string) bool {
	return strings.EqualFold(owner, group) || strings.HasPrefix(strings.ToLower(owner), strings.ToLower(group)+"/")
}

func (g *gitlab) isGroup(group string) bool {
	return slices.ContainsFunc(g.world.Owners("gitlab"), func(o Owner) bool { return !o.User && within(group, o.Path) })
}

func (g *gitlab) inGroup(group string, subgroups bool) []Repo {
	return g.byID(func(r Repo) bool { return strings.EqualFold(r.Owner(), group) || subgroups && within(group, r.Owner()) })
}

func (g *gitlab) listUser(w http.ResponseWriter, r *http.Request) {
	user := r.PathValue("id")
	if !slices.ContainsFunc(g.world.Owners("gitlab"), func(o Owner) bool { return o.User && strings.EqualFold(o.Path, user) }) {
		g.missing(w, "User")
		return
	}
	g.offset(w, r, g.byID(func(r Repo) bool { return strings.EqualFold(r.Owner(), user) }))
}

// offset answers with one page of a list, counted by pages.
func (g *gitlab) offset(w http.ResponseWriter, r *http.Request, repos []Repo) {
	part := g.paged(w, r, len(repos))
	writeJSON(w, http.StatusOK, g.projects(repos[part.from:part.to]))
}

type part struct{ from, to int }

// paged works out the page of a list that is asked for and writes the headers
// that tell of it.
func (g *gitlab) paged(w http.ResponseWriter, r *http.Request, total int) part {
	query := r.URL.Query()
	size, page := perPage(query), positive(query.Get("page"), 1)
	p := part{min(total, (page-1)*size), min(total, page*size)}
	h := w.Header()
	h.Set("X-Page", strconv.Itoa(page))
	h.Set("X-Per-Page", strconv.Itoa(size))
	h.Set("X-Total", strconv.Itoa(total))
	h.Set("X-Next-Page", "")
	if p.to < total {
		query.Set("page", strconv.Itoa(page+1))
		h.Set("X-Next-Page", strconv.Itoa(page+1))
		h.Set("Link", g.link(r, query, "next"))
	}
	return p
}

func perPage(query url.Values) int { return min(positive(query.Get("per_page"), 20), 100) }

func (g *gitlab) link(r *http.Request, query url.Values, rel string) string {
	return fmt.Sprintf("<%s%s?%s>; rel=%q", g.base, r.URL.EscapedPath(), query.Encode(), rel)
}

func (g *gitlab) projects(repos []Repo) []map[string]any {
	out := []map[string]any{}
	for _, r := range repos {
		out = append(out, g.projectJSON(r))
	}
	return out
}

func (g *gitlab) projectJSON(r Repo) map[string]any {
	topics := r.Topics
	if topics == nil {
		topics = []string{}
	}
	access := "enabled"
	if r.Blocked {
		access = "private"
	}
	kind := "group"
	if r.User {
		kind = "user"
	}
	v := map[string]any{
		"id": r.ID, "name": r.Name(), "path": r.Name(), "path_with_namespace": r.Path, "description": orNull(r.Description),
		"web_url": g.base + "/" + r.Path, "http_url_to_repo": g.base + "/" + r.Path + ".git", "default_branch": nil,
		"topics": topics, "tag_list": topics, "star_count": r.Stars, "forks_count": r.Forks, "visibility": "public",
		"created_at": gitlabTime(r.Created), "updated_at": gitlabTime(r.Updated), "last_activity_at": gitlabTime(r.Pushed),
		"archived": r.Archived, "empty_repo": r.Empty(), "issues_enabled": true, "open_issues_count": len(r.open()),
		"repository_access_level": access,
		"namespace":               map[string]any{"id": OwnerID("gitlab", r.Owner()), "path": path.Base(r.Owner()), "full_path": r.Owner(), "kind": kind},
	}
	if !r.Empty() {
		v["default_branch"] = r.Branch
	}
	if parent, _, ok := g.world.Find("gitlab", r.Parent); ok && r.Parent != "" {
		v["forked_from_project"] = map[string]any{
			"id": parent.ID, "name": parent.Name(), "path": parent.Name(), "path_with_namespace": parent.Path, "web_url": g.base + "/" + parent.Path,
		}
	}
	return v
}

func gitlabTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

type handler func(http.ResponseWriter, *http.Request, Repo)

// project finds the project that an address names by number or path, and
// answers for one that moved or is not there.
func (g *gitlab) project(handle handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		found, moved, ok := g.world.Find("gitlab", r.PathValue("id"))
		if !ok {
			g.missing(w, "Project")
			return
		}
		if moved {
			to := g.base + "/api/v4/projects/" + strconv.FormatInt(found.ID, 10)
			if rest := strings.SplitN(r.URL.EscapedPath(), "/", 6); len(rest) == 6 {
				to += "/" + rest[5]
			}
			if r.URL.RawQuery != "" {
				to += "?" + r.URL.RawQuery
			}
			w.Header().Set("Location", to)
			w.WriteHeader(http.StatusMovedPermanently)
			return
		}
		handle(w, r, found)
	}
}

// code keeps strangers from a repository that they may not read.
func (g *gitlab) code(handle handler) handler {
	return func(w http.ResponseWriter, r *http.Request, repo Repo) {
		if repo.Blocked {
			g.message(w, http.StatusForbidden, "403 Forbidden")
			return
		}
		handle(w, r, repo)
	}
}

func (g *gitlab) getProject(w http.ResponseWriter, _ *http.Request, r Repo) {
	writeJSON(w, http.StatusOK, g.projectJSON(r))
}

// tree lists a folder, the folders in it first.
func (g *gitlab) tree(w http.ResponseWriter, r *http.Request, repo Repo) {
	query := r.URL.Query()
	if ref := query.Get("ref"); repo.Empty() || ref != "" && !repo.isHead(ref) {
		g.missing(w, "Tree")
		return
	}
	folder := query.Get("path")
	entries := repo.folder(folder)
	if len(entries) == 0 {
		g.missing(w, "invalid revision or path")
		return
	}
	slices.SortStableFunc(entries, func(a, b entry) int { return strings.Compare(b.kind, a.kind) })
	// By keyset, as GitLab pages through folders since version 15.
	if token := query.Get("page_token"); token != "" {
		entries = entries[1+slices.IndexFunc(entries, func(e entry) bool { return e.name == token }):]
	}
	if size := perPage(query); len(entries) > size {
		entries = entries[:size]
		query.Set("page_token", entries[size-1].name)
		w.Header().Set("Link", g.link(r, query, "next"))
	}
	out := []map[string]any{}
	for _, e := range entries {
		out = append(out, map[string]any{"id": e.hash, "name": e.name, "type": e.kind, "path": path.Join(folder, e.name), "mode": e.mode})
	}
	writeJSON(w, http.StatusOK, out)
}

func (g *gitlab) commit(w http.ResponseWriter, r *http.Request, repo Repo) {
	if !repo.isHead(r.PathValue("sha")) {
		g.missing(w, "Commit")
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{
		"id": repo.Commit(), "short_id": repo.Commit()[:8], "committed_date": repo.Pushed.UTC().Format(time.RFC3339), "title": "Changes",
	})
}

// commits lists those of the default branch, the newest first, without telling
// how many there are.
func (g *gitlab) commits(w http.ResponseWriter, r *http.Request, repo Repo) {
	query := r.URL.Query()
	if ref := query.Get("ref_name"); ref != "" && !repo.isHead(ref) {
		g.missing(w, "Commit")
		return
	}
	since, _ := time.Parse(time.RFC3339, query.Get("since"))
	commits := slices.DeleteFunc(slices.Clone(repo.Commits), func(c Commit) bool { return c.Time.Before(since) })
	part := g.paged(w, r, len(commits))
	w.Header().Del("X-Total")
	out := []map[string]any{}
	for i := part.from; i < part.to; i++ {
		c := commits[i]
		out = append(out, map[string]any{
			"id": repo.CommitHash(i), "author_name": c.Name, "author_email": c.Email,
			"authored_date": c.Time, "committed_date": c.Time, "created_at": c.Time,
		})
	}
	writeJSON(w, http.StatusOK, out)
}

// tags lists the newest first, with those of the releases.
func (g *gitlab) tags(w http.ResponseWriter, r *http.Request, repo Repo) {
	tags := slices.Clone(repo.Tags)
	for _, release := range repo.published() {
		if !slices.ContainsFunc(tags, func(t Tag) bool { return t.Name == release.Tag }) {
			tags = append(tags, Tag{Name: release.Tag, Commit: repo.Commit(), Date: release.Published})
		}
	}
	tags = newestFirst(tags, func(t Tag) time.Time { return t.Date })
	part := g.paged(w, r, len(tags))
	out := []map[string]any{}
	for _, t := range tags[part.from:part.to] {
		v := map[string]any{"name": t.Name, "target": t.Commit, "commit": map[string]any{"id": t.Commit, "committed_date": t.Date}, "release": nil}
		if slices.ContainsFunc(repo.published(), func(release Release) bool { return release.Tag == t.Name }) {
			v["release"] = map[string]any{"tag_name": t.Name}
		}
		out = append(out, v)
	}
	writeJSON(w, http.StatusOK, out)
}

func (g *gitlab) releases(w http.ResponseWriter, r *http.Request, repo Repo) {
	releases := repo.published()
	part := g.paged(w, r, len(releases))
	out := []map[string]any{}
	for _, release := range releases[part.from:part.to] {
		links := []map[string]any{}
		for _, name := range slices.Sorted(maps.Keys(release.Assets)) {
			to := url.URL{Path: "/" + repo.Path + "/-/releases/" + release.Tag + "/downloads/" + name}
			links = append(links, map[string]any{"id": len(links) + 1, "name": name, "url": g.base + to.EscapedPath(), "link_type": "other"})
		}
		out = append(out, map[string]any{
			"tag_name": release.Tag, "name": release.Name, "created_at": release.Published, "released_at": release.Published,
			"upcoming_release": false, "assets": map[string]any{"count": len(links), "sources": []any{}, "links": links},
		})
	}
	writeJSON(w, http.StatusOK, out)
}

func (g *gitlab) languages(w http.ResponseWriter, _ *http.Request, repo Repo) {
	out := map[string]float64{}
	for name := range repo.Languages {
		out[name] = repo.share(name)
	}
	writeJSON(w, http.StatusOK, out)
}

// share is that of a language in per cent, to two decimals.
func (r Repo) share(language string) float64 {
	total := 0
	for _, n := range r.Languages {
		total += n
	}
	return math.Round(float64(r.Languages[language])/float64(max(1, total))*10_000) / 100
}

// numbered is an issue with its number in the project.
type numbered struct {
	Issue
	number int
}

// open are the open issues, the newest first.
func (r Repo) open() (out []numbered) {
	for i, issue := range r.Issues {
		if !issue.Closed {
			out = append(out, numbered{issue, len(r.Issues) - i})
		}
	}
	return out
}

func (g *gitlab) issues(w http.ResponseWriter, r *http.Request, repo Repo) {
	issues := repo.open()
	if labels := r.URL.Query().Get("labels"); labels != "" {
		for label := range strings.SplitSeq(labels, ",") {
			issues = slices.DeleteFunc(issues, func(i numbered) bool { return !slices.Contains(i.Labels, label) })
		}
	}
	part := g.paged(w, r, len(issues))
	out := []map[string]any{}
	for _, i := range issues[part.from:part.to] {
		out = append(out, map[string]any{"id": repo.ID + int64(i.number), "iid": i.number, "title": i.Title, "state": "opened", "labels": i.Labels, "created_at": i.Created})
	}
	writeJSON(w, http.StatusOK, out)
}

func (g *gitlab) rawFile(w http.ResponseWriter, r *http.Request, repo Repo) {
	ref := cmp.Or(r.URL.Query().Get("ref"), "HEAD")
	if !repo.isHead(ref) {
		g.missing(w, "Commit")
		return
	}
	name := r.PathValue("path")
	content, ok := repo.Files[name]
	if !ok {
		g.missing(w, "File")
		return
	}
	h := w.Header()
	h.Set("X-Gitlab-Blob-Id", BlobHash(content))
	h.Set("X-Gitlab-Commit-Id", repo.Commit())
	h.Set("X-Gitlab-Last-Commit-Id", repo.Commit())
	h.Set("X-Gitlab-File-Path", url.PathEscape(name))
	h.Set("X-Gitlab-Ref", url.PathEscape(ref))
	h.Set("X-Gitlab-Size", strconv.Itoa(len(content)))
	writeFile(w, content)
}

// web serves what a browser sees: the page of a project and its files. It
// sends strangers to the sign-in form in place of telling what there is not.
func (g *gitlab) web(w http.ResponseWriter, r *http.Request) {
	where, rest, raw := strings.Cut(r.PathValue("path"), "/-/raw/")
	where, download, ok := strings.Cut(where, "/-/releases/")
	if repo, _, found := g.world.Find("gitlab", where); ok && found {
		g.download(w, r, repo, download)
		return
	}
	repo, moved, ok := g.world.Find("gitlab", strings.TrimSuffix(where, ".git"))
	switch {
	case where == "users/sign_in":
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte("<!DOCTYPE html>\n<title>Sign in</title>\n"))
	case !ok:
		http.Redirect(w, r, g.base+"/users/sign_in", http.StatusFound)
	case moved:
		to := url.URL{Path: "/" + repo.Path + strings.TrimPrefix(r.URL.Path, "/"+where)}
		http.Redirect(w, r, g.base+to.EscapedPath(), http.StatusMovedPermanently)
	case !raw:
		writePage(w, repo)
	default:
		if content, ok := repo.at(rest); ok && !repo.Blocked {
			writeFile(w, content)
			return
		}
		http.NotFound(w, r)
	}
}

// download answers with a file of a release, TAG/downloads/NAME.
func (g *gitlab) download(w http.ResponseWriter, r *http.Request, repo Repo, what string) {
	tag, name, _ := strings.Cut(what, "/downloads/")
	for _, release := range repo.published() {
		if content, ok := release.Assets[name]; ok && release.Tag == tag {
			writeFile(w, content)
			return
		}
	}
	http.NotFound(w, r)
}

var page = template.Must(template.New("page").Parse(`<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<title>{{.Path}}</title>
<h1>{{.Path}}</h1>
<p>{{.Description}}</p>
<ul>{{range .Paths}}
<li>{{.}}</li>{{end}}
</ul>
</html>
`))

// writePage answers with what a browser sees of a repository.
func writePage(w http.ResponseWriter, r Repo) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = page.Execute(w, r) // the client went away
}

// entry is one line of a folder.
type entry struct{ name, kind, mode, hash string }

// folder lists a folder of the repository, "" for its root, in order of name.
func (r Repo) folder(folder string) []entry {
	var out []entry
	for _, name := range r.Paths() {
		inside := name
		if folder != "" {
			var ok bool
			if inside, ok = strings.CutPrefix(name, folder+"/"); !ok {
				continue
			}
		}
		first, _, deeper := strings.Cut(inside, "/")
		switch {
		case !deeper:
			out = append(out, entry{first, "blob", "100644", BlobHash(r.Files[name])})
		case len(out) == 0 || out[len(out)-1].name != first:
			out = append(out, entry{first, "tree", "040000", BlobHash([]byte(path.Join(folder, first)))})
		}
	}
	return out
}

// at finds a file by a branch or commit and its path, written as one: either
// may hold slashes.
func (r Repo) at(refAndPath string) ([]byte, bool) {
	for i := range len(refAndPath) {
		if refAndPath[i] == '/' && r.isHead(refAndPath[:i]) {
			if content, ok := r.Files[refAndPath[i+1:]]; ok {
				return content, true
			}
		}
	}
	return nil, false
}

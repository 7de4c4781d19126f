// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package forgetest

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
)

// Forgejo serves the Forgejo repositories of a world: REST below /api/v1, files
// also at /OWNER/REPO/raw/branch/REF/PATH, those of releases at
// /OWNER/REPO/releases/download/TAG/NAME, and a page for each repository at
// /OWNER/REPO. base is its public address, which its answers are full of. It
// has what a reader of public repositories needs and no rate limits. A blocked
// repository is one whose files only members may read.
func Forgejo(w *World, base string) http.Handler {
	g := &forgejo{world: w, base: strings.TrimRight(base, "/")}
	mux := http.NewServeMux()
	for pattern, handler := range map[string]http.HandlerFunc{
		"GET /api/v1/version":                                    g.version,
		"GET /api/v1/settings/api":                               g.settings,
		"GET /api/v1/repos/search":                               g.search,
		"GET /api/v1/users/{owner}/repos":                        g.listOwner(true),
		"GET /api/v1/orgs/{owner}/repos":                         g.listOwner(false),
		"GET /api/v1/repos/{owner}/{repo}":                       g.repo(g.getRepo),
		"GET /api/v1/repos/{owner}/{repo}/commits":               g.repo(g.code(g.commits)),
		"GET /api/v1/repos/{owner}/{repo}/git/trees/{sha}":       g.repo(g.code(g.tree)),
		"GET /api/v1/repos/{owner}/{repo}/languages":             g.repo(g.code(g.languages)),
		"GET /api/v1/repos/{owner}/{repo}/compare/{basehead...}": g.repo(g.code(g.compare)),
		"GET /api/v1/repos/{owner}/{repo}/tags":                  g.repo(g.code(g.tags)),
		"GET /api/v1/repos/{owner}/{repo}/releases":              g.repo(g.releases),
		"GET /api/v1/repos/{owner}/{repo}/labels":                g.repo(g.labels),
		"GET /api/v1/repos/{owner}/{repo}/issues":                g.repo(g.issues),
		"GET /api/v1/repos/{owner}/{repo}/raw/{path...}":         g.repo(g.code(g.rawFile)),
		"GET /{owner}/{repo}":                                    g.repo(g.page),
		"GET /{owner}/{repo}/raw/{kind}/{rest...}":               g.repo(g.code(g.webRaw)),
		"GET /{owner}/{repo}/releases/download/{rest...}":        g.repo(g.asset),
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

// byID lists the repositories in order of their numbers.
func (g *forgejo) byID(keep func(Repo) bool) []Repo {
	repos := slices.DeleteFunc(g.world.Repos("forgejo"), func(r Repo) bool { return !keep(r) })
	slices.SortFunc(repos, func(a, b Repo) int { return cmp.Compare(a.ID, b.ID) })
	return repos
}

// search lists the repositories of the instance. It looks for no words.
func (g *forgejo) search(w http.ResponseWriter, r *http.Request) {
	repos := g.world.Repos("forgejo")
	if r.URL.Query().Get("sort") == "id" {
		repos = g.byID(func(Repo) bool { return true })
	}
	writeJSON(w, http.StatusOK, map[string]any{"ok": true, "data": paged(g, w, r, repos, g.repoJSON)})
}

func (g *forgejo) listOwner(people bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		is := func(name string) bool { return strings.EqualFold(name, r.PathValue("owner")) }
		if !slices.ContainsFunc(g.world.Owners("forgejo"), func(o Owner) bool { return is(o.Path) && (people || !o.User) }) {
			g.notFound(w, r)
			return
		}
		writeJSON(w, http.StatusOK, paged(g, w, r, g.byID(func(r Repo) bool { return is(r.Owner()) }), g.repoJSON))
	}
}

// paged is the page of a list that is asked for; it writes the headers that
// tell of the others.
func paged[E any](g *forgejo, w http.ResponseWriter, r *http.Request, list []E, show func(E) map[string]any) []map[string]any {
	query := r.URL.Query()
	size := min(positive(query.Get("limit"), forgejoPage), forgejoPageMax)
	number := positive(query.Get("page"), 1)
	last := max(1, (len(list)+size-1)/size)
	w.Header().Set("X-Total-Count", strconv.Itoa(len(list)))
	var links []string
	link := func(n int, rel string) {
		query.Set("page", strconv.Itoa(n))
		links = append(links, fmt.Sprintf("<%s%s?%s>; rel=%q", g.base, r.URL.EscapedPath(), query.Encode(), rel))
	}
	if number < last {
		link(number+1, "next")
		link(last, "last")
	}
	if number > 1 {
		link(1, "first")
		link(min(number-1, last), "prev")
	}
	if links != nil {
		w.Header().Set("Link", strings.Join(links, ","))
	}
	out := []map[string]any{}
	for _, e := range list[min(len(list), (number-1)*size):min(len(list), number*size)] {
		out = append(out, show(e))
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
		"has_issues": true, "open_issues_count": len(r.openIssues()), "has_releases": true, "release_counter": len(r.published()),
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
		i := (positive(r.URL.Query().Get("page"), 1) - 1) * min(positive(r.URL.Query().Get("limit"), forgejoPage), forgejoPageMax)
		writeJSON(w, http.StatusOK, paged(g, w, r, repo.Commits, func(c Commit) map[string]any {
			hash := repo.CommitHash(i)
			i++
			who := map[string]any{"name": c.Name, "email": c.Email, "date": stamp(c.Time)}
			return map[string]any{
				"sha": hash, "created": stamp(c.Time), "html_url": g.base + "/" + repo.Path + "/commit/" + hash, "author": nil, "committer": nil,
				"commit": map[string]any{"author": who, "committer": who, "message": c.title() + "\n"},
			}
		}))
	}
}

// forgejoTree is how many entries a tree has at most.
const forgejoTree = 1000

// tree lists a folder by its hash or the root by a commit, or all below.
func (g *forgejo) tree(w http.ResponseWriter, r *http.Request, repo Repo) {
	sha := r.PathValue("sha")
	folder, ok := "", repo.isHead(sha)
	for _, f := range repo.folders() {
		if BlobHash([]byte(f)) == sha {
			folder, ok = f, true
		}
	}
	if !ok {
		g.problem(w, http.StatusBadRequest, "sha not found: "+sha)
		return
	}
	entries := []map[string]any{}
	recursive, _ := strconv.ParseBool(r.URL.Query().Get("recursive"))
	var list func(below string)
	list = func(below string) {
		for _, e := range repo.folder(path.Join(folder, below)) {
			entries = append(entries, map[string]any{"path": path.Join(below, e.name), "mode": e.mode, "type": e.kind, "sha": e.hash})
			if recursive && e.kind == "tree" {
				list(path.Join(below, e.name))
			}
		}
	}
	list("")
	total := len(entries)
	entries = entries[:min(total, forgejoTree)]
	writeJSON(w, http.StatusOK, map[string]any{
		"sha": sha, "tree": entries, "truncated": total > len(entries), "page": 1, "total_count": total,
	})
}

// folders are the paths of all folders.
func (r Repo) folders() (out []string) {
	for _, name := range r.Paths() {
		for folder := path.Dir(name); folder != "."; folder = path.Dir(folder) {
			out = append(out, folder)
		}
	}
	return out
}

func (g *forgejo) languages(w http.ResponseWriter, _ *http.Request, repo Repo) {
	if repo.Languages == nil {
		repo.Languages = map[string]int{}
	}
	writeJSON(w, http.StatusOK, repo.Languages)
}

func (g *forgejo) tags(w http.ResponseWriter, r *http.Request, repo Repo) {
	writeJSON(w, http.StatusOK, paged(g, w, r, repo.Tags, func(t Tag) map[string]any {
		return map[string]any{"name": t.Name, "id": t.Commit, "message": "", "commit": map[string]any{"sha": t.Commit, "created": stamp(t.Date)}}
	}))
}

// published are the releases that strangers see.
func (r Repo) published() []Release {
	return slices.DeleteFunc(slices.Clone(r.Releases), func(r Release) bool { return r.Draft })
}

func (g *forgejo) releases(w http.ResponseWriter, r *http.Request, repo Repo) {
	// Forgejo shows drafts to those who may write.
	writeJSON(w, http.StatusOK, paged(g, w, r, repo.Releases, func(e Release) map[string]any {
		assets := []map[string]any{}
		for _, name := range slices.Sorted(maps.Keys(e.Assets)) {
			assets = append(assets, map[string]any{"name": name, "size": len(e.Assets[name]), "browser_download_url": "https://elsewhere.example/" + name})
		}
		return map[string]any{
			"tag_name": e.Tag, "name": e.Name, "draft": e.Draft, "prerelease": e.Prerelease,
			"created_at": stamp(e.Published), "published_at": stamp(e.Published), "assets": assets,
		}
	}))
}

func (g *forgejo) asset(w http.ResponseWriter, r *http.Request, repo Repo) {
	tag, name := path.Split(r.PathValue("rest"))
	for _, e := range repo.Releases {
		if content, ok := e.Assets[name]; ok && e.Tag+"/" == tag {
			writeFile(w, content)
			return
		}
	}
	http.NotFound(w, r)
}

func (r Repo) openIssues() []Issue {
	return slices.DeleteFunc(slices.Clone(r.Issues), func(i Issue) bool { return i.Closed })
}

// labels are those of the repository's issues.
func (g *forgejo) labels(w http.ResponseWriter, r *http.Request, repo Repo) {
	writeJSON(w, http.StatusOK, paged(g, w, r, repo.labels(), func(name string) map[string]any { return map[string]any{"name": name} }))
}

func (r Repo) labels() (names []string) {
	for _, i := range r.Issues {
		names = append(names, i.Labels...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// issues lists those that have all the labels that are asked for. As in
// Forgejo, a label that the repository does not have is passed over.
func (g *forgejo) issues(w http.ResponseWriter, r *http.Request, repo Repo) {
	query := r.URL.Query()
	if query.Get("type") == "pulls" {
		repo.Issues = nil
	}
	var wanted []string
	for _, name := range strings.Split(query.Get("labels"), ",") {
		if slices.Contains(repo.labels(), name) {
			wanted = append(wanted, name)
		}
	}
	type numbered struct {
		Issue
		number int
	}
	var found []numbered
	for i, issue := range repo.Issues {
		state := cmp.Or(query.Get("state"), "open")
		if state != "all" && issue.Closed != (state == "closed") ||
			slices.ContainsFunc(wanted, func(name string) bool { return !slices.Contains(issue.Labels, name) }) {
			continue
		}
		found = append(found, numbered{issue, len(repo.Issues) - i})
	}
	writeJSON(w, http.StatusOK, paged(g, w, r, found, func(i numbered) map[string]any {
		state, labels := "open", []map[string]any{}
		if i.Closed {
			state = "closed"
		}
		for _, name := range i.Labels {
			labels = append(labels, map[string]any{"name": name})
		}
		return map[string]any{
			"number": i.number, "title": i.Title, "state": state, "created_at": stamp(i.Created), "labels": labels, "pull_request": nil,
			"html_url": fmt.Sprintf("%s/%s/issues/%d", g.base, repo.Path, i.number),
		}
	}))
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

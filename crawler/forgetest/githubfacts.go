// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package forgetest

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

// What GitHub tells of a repository beyond its listing.

func githubCommit(r Repo, i int) *graphQLObject {
	commit := r.Commits[i]
	return &graphQLObject{kind: "Commit", also: words("GitObject Node"), fields: map[string]any{
		"oid": r.CommitHash(i), "committedDate": stamp(commit.Time),
		"author": &graphQLObject{kind: "GitActor", fields: map[string]any{
			"name": commit.Name, "email": commit.Email, "date": stamp(commit.Time), "user": nil,
		}},
		"history": graphQLField{args: append(words("since until"), paging...), resolve: func(args map[string]any) (any, error) {
			var indexes []int
			for j := i; j < len(r.Commits); j++ {
				at := r.Commits[j].Time
				if since, ok := githubTime(args["since"]); ok && at.Before(since) {
					continue
				}
				if until, ok := githubTime(args["until"]); ok && at.After(until) {
					continue
				}
				indexes = append(indexes, j)
			}
			history, err := connection("Commit", indexes, r.CommitHash, func(j int) any { return githubCommit(r, j) }, args)
			if o, ok := history.(*graphQLObject); ok {
				o.kind = "CommitHistoryConnection"
			}
			return history, err
		}},
	}}
}

func githubTime(v any) (time.Time, bool) {
	text, _ := v.(string)
	t, err := time.Parse(time.RFC3339, text)
	return t, err == nil
}

// githubFolder is a folder, nil for none.
func githubFolder(r Repo, name string) any {
	dir := strings.TrimPrefix(path.Clean("/"+name), "/")
	lines := r.folder(dir)
	if len(lines) == 0 {
		return nil
	}
	entries := []any{}
	for _, line := range lines {
		entries = append(entries, &graphQLObject{kind: "TreeEntry", fields: map[string]any{
			"name": line.name, "type": line.kind, "oid": line.hash, "path": path.Join(dir, line.name),
		}})
	}
	return &graphQLObject{kind: "Tree", also: words("GitObject Node"), fields: map[string]any{
		"oid": BlobHash([]byte("tree " + dir)), "entries": entries,
	}}
}

func (g *github) languages(r Repo, args map[string]any) (any, error) {
	names := slices.SortedFunc(maps.Keys(r.Languages), func(a, b string) int {
		return cmp.Or(cmp.Compare(r.Languages[b], r.Languages[a]), cmp.Compare(a, b))
	})
	total := 0
	for _, size := range r.Languages {
		total += size
	}
	list, err := connection("Language", names, func(n string) string { return n }, func(n string) any {
		return &graphQLObject{kind: "Language", fields: map[string]any{"name": n}}
	}, args)
	if o, ok := list.(*graphQLObject); ok {
		o.fields["totalSize"] = total
		if edges, ok := o.fields["edges"].([]any); ok {
			for _, e := range edges {
				fields := e.(*graphQLObject).fields
				fields["size"] = r.Languages[fields["node"].(*graphQLObject).fields["name"].(string)]
			}
		}
	}
	return list, err
}

func (g *github) releases(r Repo, args map[string]any) (any, error) {
	return connection("Release", r.Releases, func(e Release) string { return e.Tag }, func(e Release) any {
		var published any
		if !e.Published.IsZero() && !e.Draft {
			published = stamp(e.Published)
		}
		return &graphQLObject{kind: "Release", also: words("Node"), fields: map[string]any{
			"tagName": e.Tag, "name": orNull(e.Name), "publishedAt": published, "isDraft": e.Draft, "isPrerelease": e.Prerelease,
			"releaseAssets": graphQLField{args: paging, resolve: func(args map[string]any) (any, error) {
				return connection("ReleaseAsset", slices.Sorted(maps.Keys(e.Assets)), func(n string) string { return n }, func(n string) any {
					return &graphQLObject{kind: "ReleaseAsset", also: words("Node"), fields: map[string]any{"name": n, "size": len(e.Assets[n])}}
				}, args)
			}},
		}}
	}, args)
}

// refs knows tags, which are commits with the tag's date.
func (g *github) refs(r Repo, args map[string]any) (any, error) {
	tags := r.Tags
	if args["refPrefix"] != "refs/tags/" {
		tags = nil
	}
	return connection("Ref", tags, func(t Tag) string { return t.Name }, func(t Tag) any {
		return &graphQLObject{kind: "Ref", also: words("Node"), fields: map[string]any{
			"name": t.Name, "prefix": "refs/tags/",
			"target": &graphQLObject{kind: "Commit", also: words("GitObject Node"), fields: map[string]any{"oid": t.Commit, "committedDate": stamp(t.Date)}},
		}}
	}, args)
}

func (g *github) issues(r Repo, args map[string]any) (any, error) {
	states, _ := args["states"].([]any)
	labels, _ := args["labels"].([]any)
	var numbers []int
	for i, issue := range r.Issues {
		state := map[bool]string{false: "OPEN", true: "CLOSED"}[issue.Closed]
		labelled := slices.ContainsFunc(labels, func(l any) bool {
			return slices.ContainsFunc(issue.Labels, func(name string) bool { return strings.EqualFold(name, fmt.Sprint(l)) })
		})
		if (states == nil || slices.Contains(states, any(state))) && (labels == nil || labelled) {
			numbers = append(numbers, len(r.Issues)-i)
		}
	}
	if order, _ := args["orderBy"].(map[string]any); order["direction"] != "DESC" {
		slices.Reverse(numbers)
	}
	return connection("Issue", numbers, strconv.Itoa, func(n int) any {
		issue := r.Issues[len(r.Issues)-n]
		return &graphQLObject{kind: "Issue", also: words("Node"), fields: map[string]any{
			"number": n, "title": issue.Title, "createdAt": stamp(issue.Created),
			"labels": graphQLField{args: paging, resolve: func(args map[string]any) (any, error) {
				return connection("Label", issue.Labels, func(l string) string { return l }, func(l string) any {
					return &graphQLObject{kind: "Label", also: words("Node"), fields: map[string]any{"name": l}}
				}, args)
			}},
		}}
	}, args)
}

// getSBOM answers with the document as it is, in its envelope.
func (g *github) getSBOM(w http.ResponseWriter, r *http.Request, repo Repo) {
	if repo.SBOM == nil {
		g.notFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_, _ = fmt.Fprintf(w, `{"sbom":%s}`, repo.SBOM) // the client went away
}

// getContents lists a folder; of a file it tells no more than that it is one.
func (g *github) getContents(w http.ResponseWriter, r *http.Request, repo Repo) {
	name := r.PathValue("path")
	if ref := r.URL.Query().Get("ref"); repo.Empty() || ref != "" && !repo.isHead(ref) {
		g.notFound(w, r)
		return
	}
	if content, ok := repo.Files[name]; ok {
		g.reply(w, http.StatusOK, map[string]any{"type": "file", "name": path.Base(name), "path": name, "size": len(content), "sha": BlobHash(content)})
		return
	}
	lines := repo.folder(name)
	if len(lines) == 0 {
		g.notFound(w, r)
		return
	}
	out := []map[string]any{}
	for _, line := range lines[:min(1000, len(lines))] {
		out = append(out, map[string]any{
			"type": map[string]string{"blob": "file", "tree": "dir"}[line.kind], "name": line.name,
			"path": path.Join(name, line.name), "sha": line.hash, "size": len(repo.Files[path.Join(name, line.name)]),
		})
	}
	g.reply(w, http.StatusOK, out)
}

// searchCode knows the qualifiers filename, path:/ and size, and gives away the
// first thousand results.
func (g *github) searchCode(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") == "" {
		g.problem(w, http.StatusUnauthorized, "Requires authentication")
		return
	}
	query := r.URL.Query()
	name, least, most := "", 0, 1<<30
	for _, word := range strings.Fields(query.Get("q")) {
		key, value, _ := strings.Cut(word, ":")
		switch {
		case key == "filename":
			name = value
		case key == "size":
			if _, err := fmt.Sscanf(value, "%d..%d", &least, &most); err != nil {
				g.problem(w, http.StatusUnprocessableEntity, "Validation Failed")
				return
			}
		case word != "path:/":
			g.problem(w, http.StatusUnprocessableEntity, "Validation Failed")
			return
		}
	}
	found := slices.DeleteFunc(g.world.Repos("github"), func(r Repo) bool {
		content, ok := r.Files[name]
		return !ok || r.Blocked || r.Parent != "" || len(content) < least || len(content) > most
	})
	total := len(found)
	size := min(100, positive(query.Get("per_page"), 30))
	from := (positive(query.Get("page"), 1) - 1) * size
	if from >= 1000 {
		g.problem(w, http.StatusUnprocessableEntity, "Only the first 1000 search results are available")
		return
	}
	items := []map[string]any{}
	for _, repo := range found[min(from, total):min(from+size, total)] {
		items = append(items, map[string]any{
			"name": name, "path": name, "sha": BlobHash(repo.Files[name]),
			"repository": map[string]any{"id": repo.ID, "full_name": repo.Path, "private": false, "fork": false},
		})
	}
	g.reply(w, http.StatusOK, map[string]any{"total_count": total, "incomplete_results": false, "items": items})
}

// download serves what is attached to releases.
func (g *github) download(w http.ResponseWriter, r *http.Request) {
	repo, _, ok := g.world.Find("github", r.PathValue("owner")+"/"+r.PathValue("name"))
	if ok && !repo.Blocked {
		for _, release := range repo.Releases {
			for name, content := range release.Assets {
				if !release.Draft && r.PathValue("rest") == "releases/download/"+release.Tag+"/"+name {
					w.Header().Set("Content-Type", "application/octet-stream")
					_, _ = w.Write(content) // the client went away
					return
				}
			}
		}
	}
	http.NotFound(w, r)
}

// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package forgetest

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

const (
	gitlabTextMax  = 10_000 // the longest query
	gitlabPathsMax = 50     // in one list of projects
)

// graphQL answers queries of everyone. Those with a token, any token, may ask
// for more at once.
func (g *gitlab) graphQL(w http.ResponseWriter, r *http.Request) {
	refuse := func(status int, text string) {
		writeJSON(w, status, graphQLAnswer{Errors: []*graphQLError{{Message: text}}})
	}
	var request graphQLRequest
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&request); err != nil {
		refuse(http.StatusBadRequest, "Unexpected end of document")
		return
	}
	limit := 200
	if r.Header.Get("PRIVATE-TOKEN") != "" || r.Header.Get("Authorization") != "" {
		limit = 250
	}
	switch score := gitlabComplexity(request); {
	case len(request.Query) > gitlabTextMax:
		refuse(http.StatusUnprocessableEntity, "Query too large")
	case score > limit:
		refuse(http.StatusOK, fmt.Sprintf("Query has complexity of %d, which exceeds max complexity of %d", score, limit))
	default:
		writeJSON(w, http.StatusOK, runGraphQL(g.query(), request))
	}
}

// gitlabCosts are what fields cost that cost more than 1: what reads the Git store,
// and what looks things up.
var gitlabCosts = map[string]int{"lastCommit": 10, "rootRef": 2, "tree": 2, "blobs": 2}

// gitlabComplexity works out what GitLab makes of a query: the sum of its fields, and
// 1 % more for each record of a list. It is 0 where the query cannot be read.
func gitlabComplexity(request graphQLRequest) int {
	doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Name: "query", Input: request.Query}, graphQLTokens)
	if err != nil {
		return 0
	}
	var sum func(set ast.SelectionSet, inside string, depth int) int
	sum = func(set ast.SelectionSet, inside string, depth int) (total int) {
		if depth > graphQLDepth {
			return 0 // the answer says so
		}
		for _, s := range set {
			switch s := s.(type) {
			case *ast.InlineFragment:
				total += sum(s.SelectionSet, inside, depth+1)
			case *ast.FragmentSpread:
				if f := doc.Fragments.ForName(s.Name); f != nil {
					total += sum(f.SelectionSet, inside, depth+1)
				}
			case *ast.Field:
				total += gitlabCost(s, inside, request.Variables, sum(s.SelectionSet, s.Name, depth+1))
			}
		}
		return total
	}
	for _, op := range doc.Operations {
		return sum(op.SelectionSet, "", 0)
	}
	return 0
}

// gitlabCost is that of a field whose fields cost so much together.
func gitlabCost(f *ast.Field, inside string, variables map[string]any, below int) int {
	total := cmp.Or(gitlabCosts[f.Name], 1) + below
	list := slices.Contains(words("projects issues labels releases"), f.Name)
	if f.Name == "projects" && inside == "group" {
		total += 10
	}
	size := graphQLPage
	for _, a := range f.Arguments {
		value, err := a.Value.Value(variables)
		if err != nil {
			continue
		}
		switch a.Name {
		case "sort":
			total++
		case "paths":
			paths, _ := value.([]any)
			total += len(paths)
			list = true
		case "first":
			if n, ok := whole(value); ok && n >= 0 {
				size = min(size, n)
			}
		}
	}
	if list {
		total += total * size / 100
	}
	return total
}

// query is the object at the root of GitLab's schema, as far as it is served.
func (g *gitlab) query() *graphQLObject {
	return &graphQLObject{kind: "Query", fields: map[string]any{
		"group": graphQLField{args: words("fullPath"), resolve: func(args map[string]any) (any, error) {
			path, _ := args["fullPath"].(string)
			if !g.isGroup(path) {
				return nil, nil
			}
			return g.groupObject(path), nil
		}},
		"projects": graphQLField{args: words("ids fullPaths sort first after"), resolve: func(args map[string]any) (any, error) {
			ids, byID := args["ids"].([]any)
			paths, byPath := args["fullPaths"].([]any)
			if len(paths) > gitlabPathsMax {
				return nil, &graphQLError{Message: fmt.Sprintf("You cannot provide more than %d full_paths", gitlabPathsMax)}
			}
			named := func(p any, r Repo) bool { s, _ := p.(string); return strings.EqualFold(s, r.Path) }
			repos := g.byID(func(r Repo) bool {
				return (!byID || slices.Contains(ids, any(gid("Project", r.ID)))) &&
					(!byPath || slices.ContainsFunc(paths, func(p any) bool { return named(p, r) }))
			})
			return g.projectList(repos, args), nil
		}},
	}}
}

func gid(kind string, id int64) string { return fmt.Sprintf("gid://gitlab/%s/%d", kind, id) }

func (g *gitlab) groupObject(group string) *graphQLObject {
	return &graphQLObject{kind: "Group", fields: map[string]any{
		"id": gid("Group", OwnerID("gitlab", group)), "fullPath": group,
		"projects": graphQLField{args: words("includeSubgroups first after"), resolve: func(args map[string]any) (any, error) {
			return g.projectList(g.inGroup(group, args["includeSubgroups"] == true), args), nil
		}},
	}}
}

// projectList pages through projects by their numbers, the newest first where
// nothing else is asked for. It goes on after the number that a cursor has, also
// where that project has gone.
func (g *gitlab) projectList(repos []Repo, args map[string]any) *graphQLObject {
	ascending := args["sort"] == "id_asc"
	if !ascending {
		slices.Reverse(repos)
	}
	if after, ok := args["after"].(string); ok {
		var at struct{ ID string }
		text, _ := base64.RawURLEncoding.DecodeString(after)
		_ = json.Unmarshal(text, &at) // then it is the beginning
		last, _ := strconv.ParseInt(at.ID, 10, 64)
		repos = slices.DeleteFunc(repos, func(r Repo) bool { return at.ID != "" && (r.ID == last || r.ID < last == ascending) })
	}
	page := repos[:min(len(repos), gitlabFirst(args))]
	var end any
	nodes := make([]any, len(page))
	for i, r := range page {
		nodes[i] = g.projectObject(r)
		end = base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, `{"id":"%d"}`, r.ID))
	}
	return gitlabList("Project", nodes, end, len(page) < len(repos))
}

func gitlabFirst(args map[string]any) int {
	if n, ok := whole(args["first"]); ok && n >= 0 {
		return min(n, graphQLPage)
	}
	return graphQLPage
}

func gitlabList(kind string, nodes []any, end any, more bool) *graphQLObject {
	return &graphQLObject{kind: kind + "Connection", fields: map[string]any{
		"nodes":    nodes,
		"pageInfo": &graphQLObject{kind: "PageInfo", fields: map[string]any{"endCursor": end, "hasNextPage": more}},
	}}
}

// gitlabBeginning is a list of which only the beginning can be asked for.
func gitlabBeginning[T any](kind, args string, items func(args map[string]any) []T, object func(T) any) graphQLField {
	return graphQLField{args: append(words(args), "first"), resolve: func(args map[string]any) (any, error) {
		all := items(args)
		var nodes []any
		for _, item := range all[:min(len(all), gitlabFirst(args))] {
			nodes = append(nodes, object(item))
		}
		return gitlabList(kind, nodes, nil, len(nodes) < len(all)), nil
	}}
}

func (g *gitlab) projectObject(r Repo) *graphQLObject {
	v := g.projectJSON(r)
	fields := map[string]any{"id": gid("Project", r.ID)}
	for name, field := range map[string]string{
		"fullPath": "path_with_namespace", "description": "description", "visibility": "visibility", "archived": "archived",
		"createdAt": "created_at", "updatedAt": "updated_at", "lastActivityAt": "last_activity_at", "topics": "topics",
		"starCount": "star_count", "forksCount": "forks_count", "issuesEnabled": "issues_enabled", "openIssuesCount": "open_issues_count",
	} {
		fields[name] = v[field]
	}
	fields["isForked"] = r.Parent != ""
	var languages []any
	for _, name := range slices.Sorted(maps.Keys(r.Languages)) {
		languages = append(languages, &graphQLObject{kind: "RepositoryLanguage", fields: map[string]any{"name": name, "share": r.share(name)}})
	}
	fields["languages"] = languages
	fields["releases"] = gitlabBeginning("Release", "", func(map[string]any) []Release { return r.published() }, func(release Release) any {
		return &graphQLObject{kind: "Release", fields: map[string]any{"tagName": release.Tag, "name": release.Name}}
	})
	fields["issues"] = gitlabBeginning("Issue", "state labelName", func(args map[string]any) []numbered {
		labels, _ := args["labelName"].([]any)
		return slices.DeleteFunc(r.open(), func(i numbered) bool {
			return slices.ContainsFunc(labels, func(l any) bool { s, _ := l.(string); return !slices.Contains(i.Labels, s) })
		})
	}, gitlabIssue)
	fields["repository"] = nil // to strangers, where only members may read it
	if !r.Blocked {
		fields["repository"] = gitlabRepository(r)
	}
	return &graphQLObject{kind: "Project", fields: fields}
}

func gitlabIssue(i numbered) any {
	return &graphQLObject{kind: "Issue", fields: map[string]any{
		"iid": strconv.Itoa(i.number), "title": i.Title, "createdAt": i.Created,
		"labels": gitlabBeginning("Label", "", func(map[string]any) []string { return i.Labels }, func(label string) any {
			return &graphQLObject{kind: "Label", fields: map[string]any{"title": label}}
		}),
	}}
}

func gitlabRepository(r Repo) *graphQLObject {
	var branch any
	if !r.Empty() {
		branch = r.Branch
	}
	return &graphQLObject{kind: "Repository", fields: map[string]any{
		"empty": r.Empty(), "rootRef": branch,
		"blobs": gitlabBeginning("RepositoryBlob", "paths", func(args map[string]any) (found []string) {
			paths, _ := args["paths"].([]any)
			for _, p := range paths {
				if name, _ := p.(string); r.Files[name] != nil {
					found = append(found, name)
				}
			}
			return found
		}, func(name string) any {
			content := r.Files[name]
			fields := map[string]any{"path": name, "oid": BlobHash(content), "size": strconv.Itoa(len(content)), "rawTextBlob": nil}
			if !slices.Contains(content, 0) {
				// What is not in UTF-8 is recoded.
				fields["rawTextBlob"] = strings.ToValidUTF8(string(content), string(utf8.RuneError))
			}
			return &graphQLObject{kind: "RepositoryBlob", fields: fields}
		}),
		"tree": graphQLField{args: words("path"), resolve: func(args map[string]any) (any, error) {
			folder, _ := args["path"].(string)
			entries := r.folder(folder)
			switch {
			case r.Empty():
				return nil, nil
			case len(entries) == 0:
				return nil, &graphQLError{Message: "invalid revision or path"}
			}
			return gitlabTree(r, folder, entries), nil
		}},
	}}
}

func gitlabTree(r Repo, folder string, entries []entry) *graphQLObject {
	of := func(kind string) func(map[string]any) []entry {
		return func(map[string]any) []entry {
			return slices.DeleteFunc(slices.Clone(entries), func(e entry) bool { return e.kind != kind })
		}
	}
	object := func(e entry) any {
		return &graphQLObject{kind: "Entry", fields: map[string]any{"name": e.name, "path": path.Join(folder, e.name), "sha": e.hash}}
	}
	return &graphQLObject{kind: "Tree", fields: map[string]any{
		"lastCommit": &graphQLObject{kind: "Commit", fields: map[string]any{"sha": r.Commit(), "committedDate": r.Commits[0].Time}},
		"blobs":      gitlabBeginning("Blob", "", of("blob"), object),
		"trees":      gitlabBeginning("TreeEntry", "", of("tree"), object),
	}}
}

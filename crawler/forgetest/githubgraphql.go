// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package forgetest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// githubTextMax is the size in bytes above which GitHub cuts a blob's text.
const githubTextMax = 512_000

// graphQL answers queries of those who bring a token, any token.
func (g *github) graphQL(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") == "" {
		g.problem(w, http.StatusUnauthorized, "This endpoint requires you to be authenticated.")
		return
	}
	var request graphQLRequest
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&request); err != nil {
		g.problem(w, http.StatusBadRequest, "Problems parsing JSON")
		return
	}
	g.reply(w, http.StatusOK, runGraphQL(g.query(), request))
}

// query is the object at the root of GitHub's schema, as far as it is served.
func (g *github) query() *graphQLObject {
	return &graphQLObject{kind: "Query", fields: map[string]any{
		"repositoryOwner": graphQLField{args: words("login"), resolve: func(args map[string]any) (any, error) {
			login, _ := args["login"].(string)
			o, ok := g.owner(login)
			if !ok {
				return nil, nil
			}
			return g.ownerObject(o), nil
		}},
		"repository": graphQLField{args: words("owner name followRenames"), resolve: func(args map[string]any) (any, error) {
			where := fmt.Sprint(args["owner"], "/", args["name"])
			r, moved, ok := g.world.Find("github", where)
			switch {
			case !ok, moved && args["followRenames"] == false:
				return nil, &graphQLError{Type: "NOT_FOUND", Message: fmt.Sprintf("Could not resolve to a Repository with the name '%s'.", where)}
			case r.Blocked:
				return nil, &graphQLError{Type: "FORBIDDEN", Message: "Repository access blocked"}
			}
			return g.repoObject(r), nil
		}},
		"nodes": graphQLField{args: words("ids"), resolve: func(args map[string]any) (any, error) {
			ids, _ := args["ids"].([]any)
			if len(ids) > graphQLPage {
				return nil, &graphQLError{Type: "ARGUMENT_LIMIT", Message: fmt.Sprintf("You may not provide more than %d node ids", graphQLPage)}
			}
			out := make([]any, len(ids))
			for i, id := range ids {
				number, isRepo := strings.CutPrefix(fmt.Sprint(id), "R_")
				r, _, ok := g.world.Find("github", number)
				if !isRepo || !ok {
					out[i] = &graphQLError{Type: "NOT_FOUND", Message: fmt.Sprintf("Could not resolve to a node with the global id of '%v'", id)}
					continue
				}
				out[i] = g.repoObject(r)
			}
			return out, nil
		}},
	}}
}

func (g *github) ownerObject(o Owner) *graphQLObject {
	kind := "Organization"
	if o.User {
		kind = "User"
	}
	return &graphQLObject{kind: kind, also: words("RepositoryOwner Node"), fields: map[string]any{
		"id": nodeID("O", o.ID), "databaseId": o.ID, "login": o.Path, "url": g.base + "/" + o.Path,
		"repositories": graphQLField{
			args: words("first after privacy visibility ownerAffiliations affiliations orderBy isFork isArchived"),
			resolve: func(args map[string]any) (any, error) {
				repos := slices.DeleteFunc(g.owned(o), func(r Repo) bool {
					return args["privacy"] == "PRIVATE" || args["isFork"] == (r.Parent == "") || args["isArchived"] == !r.Archived
				})
				order, _ := args["orderBy"].(map[string]any)
				if err := sortByOrder(repos, order); err != nil {
					return nil, err
				}
				return connection("Repository", repos,
					func(r Repo) string { return strconv.FormatInt(r.ID, 10) },
					func(r Repo) any { return g.repoObject(r) }, args)
			},
		},
	}}
}

// sortByOrder sorts by an argument of the type RepositoryOrder.
func sortByOrder(repos []Repo, order map[string]any) error {
	if order == nil {
		return nil
	}
	compare, ok := map[any]func(a, b Repo) int{
		"NAME":       func(a, b Repo) int { return cmp.Compare(strings.ToLower(a.Name()), strings.ToLower(b.Name())) },
		"CREATED_AT": func(a, b Repo) int { return a.Created.Compare(b.Created) },
		"PUSHED_AT":  func(a, b Repo) int { return a.Pushed.Compare(b.Pushed) },
		"UPDATED_AT": func(a, b Repo) int { return a.Updated.Compare(b.Updated) },
		"STARGAZERS": func(a, b Repo) int { return cmp.Compare(a.Stars, b.Stars) },
	}[order["field"]]
	if !ok {
		return fmt.Errorf("argument 'orderBy' has an invalid field %v", order["field"])
	}
	slices.SortStableFunc(repos, func(a, b Repo) int {
		if order["direction"] == "DESC" {
			return compare(b, a)
		}
		return compare(a, b)
	})
	return nil
}

func (g *github) repoObject(r Repo) *graphQLObject {
	named := func(kind, field, value string) any {
		if value == "" {
			return nil
		}
		return &graphQLObject{kind: kind, fields: map[string]any{field: value}}
	}
	list := func(args string, resolve func(Repo, map[string]any) (any, error)) graphQLField {
		return graphQLField{args: append(words(args), paging...), resolve: func(args map[string]any) (any, error) { return resolve(r, args) }}
	}
	var branch, pushed any
	if !r.Empty() && !r.Blocked {
		branch = &graphQLObject{kind: "Ref", fields: map[string]any{
			"name": r.Branch, "prefix": "refs/heads/",
			"target": githubCommit(r, 0),
		}}
	}
	if !r.Empty() {
		pushed = stamp(r.Pushed)
	}
	return &graphQLObject{kind: "Repository", also: words("Node RepositoryInfo"), fields: map[string]any{
		"id": nodeID("R", r.ID), "databaseId": r.ID, "name": r.Name(), "nameWithOwner": r.Path,
		"url": g.base + "/" + r.Path, "description": orNull(r.Description),
		"isPrivate": false, "isFork": r.Parent != "", "isArchived": r.Archived, "isDisabled": r.Blocked,
		"isLocked": false, "isEmpty": r.Empty(), "defaultBranchRef": branch,
		"createdAt": stamp(r.Created), "pushedAt": pushed, "updatedAt": stamp(r.Updated),
		"stargazerCount": r.Stars, "forkCount": r.Forks,
		"licenseInfo": named("License", "spdxId", r.Licence), "primaryLanguage": named("Language", "name", r.Language),
		"owner": graphQLField{resolve: func(map[string]any) (any, error) {
			o, _ := g.owner(r.Owner())
			return g.ownerObject(o), nil
		}},
		"parent": graphQLField{resolve: func(map[string]any) (any, error) {
			parent, ok := g.parent(r)
			if !ok {
				return nil, nil
			}
			return g.repoObject(parent), nil
		}},
		"repositoryTopics": graphQLField{args: paging, resolve: func(args map[string]any) (any, error) {
			return connection("RepositoryTopic", r.Topics, func(t string) string { return t }, func(t string) any {
				return &graphQLObject{kind: "RepositoryTopic", fields: map[string]any{"topic": named("Topic", "name", t)}}
			}, args)
		}},
		"hasIssuesEnabled": true,
		"languages":        list("orderBy", g.languages), "releases": list("orderBy", g.releases),
		"refs": list("refPrefix orderBy", g.refs), "issues": list("states labels orderBy", g.issues),
		"object": graphQLField{args: words("expression"), resolve: func(args map[string]any) (any, error) {
			expression, _ := args["expression"].(string)
			return gitObject(r, expression), nil
		}},
	}}
}

// gitObject is what an expression such as HEAD:docs/install.md names: a file, a
// folder or, without a path, a commit; nil for nothing.
func gitObject(r Repo, expression string) any {
	ref, name, hasPath := strings.Cut(expression, ":")
	if r.Blocked || !r.isHead(ref) {
		return nil
	}
	if !hasPath {
		return githubCommit(r, 0)
	}
	content, ok := r.Files[name]
	if !ok {
		return githubFolder(r, name)
	}
	cut := content[:min(len(content), githubTextMax)]
	var text any
	binary := slices.Contains(content, 0)
	if !binary {
		text = strings.ToValidUTF8(string(cut), string(utf8.RuneError))
	}
	return &graphQLObject{kind: "Blob", also: words("GitObject Node"), fields: map[string]any{
		"oid": BlobHash(content), "byteSize": len(content), "isBinary": binary,
		"isTruncated": len(cut) < len(content), "text": text,
	}}
}

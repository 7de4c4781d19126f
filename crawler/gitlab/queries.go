// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package gitlab

import (
	"fmt"
	"strings"

	"github.com/allmende-registry/allmende/registry"
)

// What is asked of a project. GitLab bounds the complexity of a query, which is
// the number of its fields, more for what reads the Git store, and 1 % more for
// each record of a page: a page of a hundred is twice one of a few, while each
// further group costs as much as the first.
const (
	// briefly is what a project is known by.
	briefly = `id fullPath visibility updatedAt`

	// marks are briefly and what tells of every change. The commit of the tree
	// is the newest one that touched it.
	marks = briefly + ` repository { rootRef tree { lastCommit { sha } } }`

	// metadata is what an entry shows of a project. What it is a fork of GraphQL
	// does not tell.
	metadata = briefly + ` description archived createdAt lastActivityAt forksCount starCount topics isForked`

	// full is metadata with the files that decide what a visit comes to.
	full = metadata + ` repository {
    rootRef
    tree { lastCommit { sha committedDate } ` + entries + ` }
    blobs(paths: ["publiccode.yml", "publiccode.yaml", "adoptions.yml", "needs.yml"], first: 4) { nodes { path oid rawTextBlob } }
  }`

	// entries is what lies in a folder.
	entries = `blobs(first: 100) { nodes { name } pageInfo { hasNextPage } } trees(first: 100) { nodes { name } pageInfo { hasNextPage } }`

	// facts is what an Activity is made of, as far as it comes over GraphQL.
	facts = `id issuesEnabled openIssuesCount languages { name share } releases(first: 1) { nodes { tagName } }
  issues(state: opened, first: 100) { pageInfo { hasNextPage } ` + issues + ` }`

	// issues is what is asked of each issue.
	issues = `nodes { iid title createdAt labels(first: 20) { nodes { title } } }`
)

// instanceQuery lists all projects.
func instanceQuery(fields string) string {
	return `query($first: Int!, $after: String) {
  projects(sort: "id_asc", first: $first, after: $after) { pageInfo { endCursor hasNextPage } nodes { ` + fields + ` } }
}`
}

// groupsQuery lists so many groups, each with all below it.
func groupsQuery(n int, fields string) string {
	var head, body strings.Builder
	for i := range n {
		fmt.Fprintf(&head, "$path%d: ID! $first%d: Int! $after%d: String ", i, i, i)
		fmt.Fprintf(&body, "  g%d: group(fullPath: $path%d) { projects(includeSubgroups: true, first: $first%d, after: $after%d) { ...page } }\n", i, i, i, i)
	}
	return "query(" + head.String() + ") {\n" + body.String() + "}\n" +
		"fragment page on ProjectConnection { pageInfo { endCursor hasNextPage } nodes { " + fields + " } }"
}

// idsQuery names projects by their numbers.
func idsQuery(fields string) string {
	return `query($ids: [ID!], $first: Int!) { projects(ids: $ids, first: $first) { nodes { ` + fields + ` } } }`
}

// pathsQuery names projects by so many lists of paths.
func pathsQuery(n int, fields string) string {
	var head, body strings.Builder
	for i := range n {
		fmt.Fprintf(&head, "$paths%d: [String!] $first%d: Int! ", i, i)
		fmt.Fprintf(&body, "  p%d: projects(fullPaths: $paths%d, first: $first%d) { ...page }\n", i, i, i)
	}
	return "query(" + head.String() + ") {\n" + body.String() + "}\nfragment page on ProjectConnection { nodes { " + fields + " } }"
}

// foldersQuery lists folders, each of projects that have it, all of them in the
// part of the page that there are.
func foldersQuery(folders []string) string {
	var head, body strings.Builder
	for i, name := range folders {
		fmt.Fprintf(&head, "$ids%d: [ID!] $first%d: Int! ", i, i)
		fmt.Fprintf(&body, "  f%d: projects(ids: $ids%d, first: $first%d) { nodes { id repository { tree(path: %q) { ...entries } } } }\n", i, i, i, name)
	}
	return "query(" + head.String() + ") {\n" + body.String() + "}\nfragment entries on Tree { " + entries + " }"
}

// helpQuery asks for open issues under so many labels.
func helpQuery(labels int) string {
	var head, body strings.Builder
	for i := range labels {
		fmt.Fprintf(&head, "$label%d: String! ", i)
		fmt.Fprintf(&body, "  h%d: projects(ids: $ids, first: $first) { nodes { id issues(state: opened, labelName: [$label%d], first: %d) { ...issues } } }\n", i, i, registry.MaxIssues)
	}
	return "query($ids: [ID!] $first: Int! " + head.String() + ") {\n" + body.String() + "}\nfragment issues on IssueConnection { " + issues + " }"
}

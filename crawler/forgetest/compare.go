// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package forgetest

import (
	"cmp"
	"crypto/sha1" // Git names its objects with it.
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// ownCommit is a commit that one of two repositories has alone.
type ownCommit struct {
	Commit
	hash string
}

// title is the first line of its message.
func (c Commit) title() string { return cmp.Or(c.Title, "Change something") }

// apart are the commits of two repositories of a forge, of which one is a fork of
// the other, that head or base has alone, each the newest first. ok is false where
// neither is a fork of the other.
func (w *World) apart(base, head Repo) (ahead, behind []ownCommit, ok bool) {
	switch {
	case base.Empty() || head.Empty():
		return nil, nil, false
	case base.ID == head.ID:
		return nil, nil, true
	case w.isParent(base, head):
		return head.newestOf(head.Ahead), base.newestOf(head.Behind), true
	case w.isParent(head, base):
		return head.newestOf(base.Behind), base.newestOf(base.Ahead), true
	}
	return nil, nil, false
}

func (w *World) isParent(parent, fork Repo) bool {
	found, _, ok := w.Find(fork.Forge, fork.Parent)
	return fork.Parent != "" && ok && found.ID == parent.ID
}

// newestOf are the newest commits of a repository; older ones are made up where it
// has no more.
func (r Repo) newestOf(n int) []ownCommit {
	out := make([]ownCommit, n)
	for i := range out {
		if i < len(r.Commits) {
			out[i] = ownCommit{r.Commits[i], r.CommitHash(i)}
			continue
		}
		h := sha1.Sum(fmt.Appendf(nil, "%d older %d", r.ID, i))
		out[i] = ownCommit{Commit{Time: r.Created.Add(-time.Duration(i) * time.Hour)}, hex.EncodeToString(h[:])}
	}
	return out
}

// compare has no paging: as GitHub does, it tells the newest 250 of the commits,
// the newest last.
func (g *github) compare(w http.ResponseWriter, r *http.Request, repo Repo) {
	base, head, _ := strings.Cut(r.PathValue("basehead"), "...")
	from, fromOK := g.side(repo, base)
	to, toOK := g.side(repo, head)
	ahead, behind, ok := g.world.apart(from, to)
	if !ok || !fromOK || !toOK {
		g.notFound(w, r)
		return
	}
	status := map[[2]bool]string{{}: "identical", {true, false}: "ahead", {false, true}: "behind", {true, true}: "diverged"}
	commits := []map[string]any{}
	for _, c := range slices.Backward(ahead[:min(len(ahead), 250)]) {
		who := map[string]any{"name": c.Name, "email": c.Email, "date": stamp(c.Time)}
		commits = append(commits, map[string]any{
			"sha": c.hash, "commit": map[string]any{"author": who, "committer": who, "message": c.title() + "\n\nSigned-off-by: " + c.Name},
		})
	}
	g.reply(w, http.StatusOK, map[string]any{
		"status":   status[[2]bool{len(ahead) > 0, len(behind) > 0}],
		"ahead_by": len(ahead), "behind_by": len(behind), "total_commits": len(ahead), "commits": commits, "files": []any{},
	})
}

// side is a side of a comparison: a branch, or OWNER:BRANCH in the same network.
func (g *github) side(repo Repo, ref string) (Repo, bool) {
	owner, branch, ok := strings.Cut(ref, ":")
	if !ok {
		return repo, repo.isHead(ref)
	}
	return g.world.related(repo, owner, branch)
}

// related is the repository of an owner that is one with a repository, a fork or
// the parent of it.
func (w *World) related(repo Repo, owner, branch string) (Repo, bool) {
	for _, other := range w.Repos(repo.Forge) {
		if strings.EqualFold(other.Owner(), owner) && other.isHead(branch) && (other.ID == repo.ID || w.isParent(repo, other) || w.isParent(other, repo)) {
			return other, true
		}
	}
	return Repo{}, false
}

// compare tells the commits of one project that another does not have, the oldest
// first, and never how many it is the other way round.
func (g *gitlab) compare(w http.ResponseWriter, r *http.Request, repo Repo) {
	query := r.URL.Query()
	from := repo
	if id := query.Get("from_project_id"); id != "" {
		var ok bool
		if from, _, ok = g.world.Find("gitlab", id); !ok {
			g.missing(w, "Project")
			return
		}
	}
	ahead, _, ok := g.world.apart(from, repo)
	if !ok || !from.isHead(query.Get("from")) || !repo.isHead(query.Get("to")) {
		g.missing(w, "Ref")
		return
	}
	commits := []map[string]any{}
	for _, c := range slices.Backward(ahead) {
		commits = append(commits, map[string]any{
			"id": c.hash, "short_id": c.hash[:8], "title": c.title(), "message": c.title() + "\n", "author_name": c.Name,
			"authored_date": c.Time, "committed_date": c.Time, "created_at": c.Time,
		})
	}
	writeJSON(w, http.StatusOK, map[string]any{"commits": commits, "diffs": []any{}, "compare_timeout": false, "compare_same_ref": from.ID == repo.ID})
}

// compare tells the commits of head that base does not have, the newest first, and
// never how many it is the other way round.
func (g *forgejo) compare(w http.ResponseWriter, r *http.Request, repo Repo) {
	base, head, ok := strings.Cut(r.PathValue("basehead"), "...")
	other := repo
	if owner, branch, of := strings.Cut(head, ":"); of {
		other, of = g.world.related(repo, owner, branch)
		ok, head = ok && of, branch
	}
	ahead, _, apart := g.world.apart(repo, other)
	if !ok || !apart || !repo.isHead(base) || !other.isHead(head) {
		g.notFound(w, r)
		return
	}
	commits := []map[string]any{}
	for _, c := range ahead {
		who := map[string]any{"name": c.Name, "email": c.Email, "date": stamp(c.Time)}
		commits = append(commits, map[string]any{
			"sha": c.hash, "created": stamp(c.Time), "html_url": g.base + "/" + other.Path + "/commit/" + c.hash,
			"commit": map[string]any{"author": who, "committer": who, "message": c.title() + "\n"},
		})
	}
	writeJSON(w, http.StatusOK, map[string]any{"total_commits": len(ahead), "commits": commits, "files": []any{}})
}

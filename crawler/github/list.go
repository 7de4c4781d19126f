// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package github

import (
	"crypto/sha1" // Git names its objects with it.
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/google/go-github/v66/github"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/registry"
)

// repository is one as the queries describe it.
type repository struct {
	DatabaseID    int64
	NameWithOwner string
	Description   string
	IsPrivate     bool
	IsFork        bool
	Parent        *struct {
		NameWithOwner string
		IsPrivate     bool
	}
	IsArchived       bool
	IsDisabled       bool
	IsLocked         bool
	IsEmpty          bool
	DefaultBranchRef *struct {
		Name   string
		Target *struct{ OID string }
	}
	CreatedAt        time.Time
	PushedAt         time.Time
	StargazerCount   int
	ForkCount        int
	LicenseInfo      *struct{ SPDXID string }
	PrimaryLanguage  *struct{ Name string }
	RepositoryTopics struct {
		Nodes []struct{ Topic struct{ Name string } }
	}
	YML, YAML *object
}

// object is a file, or what is in its place.
type object struct {
	Typename    string `json:"__typename"`
	OID         string
	ByteSize    int64
	IsBinary    bool
	IsTruncated bool
	Text        *string
}

// owner lists what an organisation or user owns.
func (l *listing) owner(login string) error {
	what := fmt.Sprintf("repositories of %s on %s", login, l.forge.base.Host)
	size := pages{pageSize}
	var after *string
	cursors := make(map[string]bool)
	for {
		var data struct {
			RepositoryOwner *struct {
				Repositories *struct {
					PageInfo struct {
						EndCursor   *string
						HasNextPage bool
					}
					Nodes []*repository
				}
			}
		}
		errs, err := l.forge.query(size.patience(l.ctx), what, ownerQuery,
			map[string]any{"login": login, "first": size.size, "after": after}, &data)
		if err == nil {
			switch owner := data.RepositoryOwner; {
			case owner == nil && len(errs) == 0:
				return fmt.Errorf("%s: %w", what, registry.ErrNotFound)
			case owner == nil || owner.Repositories == nil:
				err = fmt.Errorf("%s: %w", what, missing(errs))
			}
		}
		if err == nil {
			const place = "repositoryOwner/repositories/nodes"
			err = l.emitNodes(data.RepositoryOwner.Repositories.Nodes, errs, place, size.size > 1)
		}
		if err != nil {
			switch again, stop := l.smaller(&size, err); {
			case stop != nil:
				return stop
			case again:
				continue
			}
			return err
		}
		page := data.RepositoryOwner.Repositories.PageInfo
		if l.stopped || !page.HasNextPage {
			return nil
		}
		if page.EndCursor == nil || cursors[*page.EndCursor] {
			return fmt.Errorf("%s: %w after %d repositories", what, errCircle, len(l.seen))
		}
		after = page.EndCursor
		cursors[*after] = true
		size.grow()
	}
}

func (l *listing) single(owner, name string) error {
	what := fmt.Sprintf("%s/%s on %s", owner, name, l.forge.base.Host)
	var data struct{ Repository *repository }
	errs, err := l.forge.query(l.ctx, what, singleQuery, map[string]any{"owner": owner, "name": name}, &data)
	if err != nil {
		return err
	}
	switch {
	case data.Repository == nil && len(errs) > 0:
		return fmt.Errorf("%s: %w", what, errs.err())
	case data.Repository == nil:
		return fmt.Errorf("%s: %w", what, registry.ErrNotFound)
	case data.Repository.IsPrivate:
		return fmt.Errorf("%s: %w: it is not public", what, registry.ErrNotFound)
	}
	r, err := l.forge.describeNode(data.Repository, errs, "repository")
	if err == nil {
		l.emit(r)
	}
	return err
}

// instance lists a whole Enterprise server. Only REST has a list of all
// repositories, with little but their names; GraphQL describes them.
func (l *listing) instance() error {
	what := fmt.Sprintf("all repositories of %s", l.forge.base.Host)
	size := pages{pageSize}
	return l.all(func(page []*github.Repository) error {
		var ids []string
		for _, r := range page {
			if r.GetNodeID() == "" {
				l.lost = append(l.lost, fmt.Errorf("%s is listed without a node id", r.GetFullName()))
				continue
			}
			ids = append(ids, r.GetNodeID())
		}
		for len(ids) > 0 {
			n := min(size.size, len(ids))
			var data struct{ Nodes []*repository }
			errs, err := l.forge.query(size.patience(l.ctx), what, nodesQuery, map[string]any{"ids": ids[:n]}, &data)
			if err == nil && len(data.Nodes) != n {
				err = fmt.Errorf("%s: %w", what, missing(errs))
			}
			if err == nil {
				err = l.emitNodes(data.Nodes, errs, "nodes", n > 1)
			}
			if l.stopped {
				return nil
			}
			if err != nil {
				switch again, stop := l.smaller(&size, err); {
				case stop != nil:
					return stop
				case again:
					continue
				case !smallerHelps(l.ctx, err):
					return err
				}
				l.lost = append(l.lost, err)
			}
			ids = ids[n:]
			size.grow()
		}
		return nil
	})
}

// smaller reports whether to ask again for a page, of half the size, after a
// pause in which the forge may recover. stop is the context's error.
func (l *listing) smaller(size *pages, err error) (again bool, stop error) {
	if !smallerHelps(l.ctx, err) || !size.shrink() {
		return false, nil
	}
	pause := time.NewTimer(l.forge.pause)
	defer pause.Stop()
	select {
	case <-pause.C:
		return true, nil
	case <-l.ctx.Done():
		return false, l.ctx.Err()
	}
}

// missing is why an answer lacks what was asked for.
func missing(errs queryErrors) error {
	if err := errs.err(); err != nil {
		return err
	}
	return errors.New("the answer lacks the repositories")
}

// emitNodes hands over the repositories of one page. One that GitHub refuses
// or has no longer is left out; one that failed for another reason fails the
// page where a smaller one may do, before anything of it is handed over, and is
// lost otherwise.
func (l *listing) emitNodes(nodes []*repository, errs queryErrors, place string, smallerMayDo bool) error {
	for i, node := range nodes {
		if node != nil {
			continue
		}
		why := errs.below(place + "/" + strconv.Itoa(i)).err()
		switch {
		case errors.Is(why, registry.ErrNotFound), errors.Is(why, registry.ErrForbidden):
		case smallerMayDo && why != nil:
			return why
		case why != nil:
			l.lost = append(l.lost, why)
		}
	}
	for i, node := range nodes {
		if node == nil || node.IsPrivate {
			continue
		}
		r, err := l.forge.describeNode(node, errs, place+"/"+strconv.Itoa(i))
		if err != nil {
			l.lost = append(l.lost, err)
			continue
		}
		if !l.emit(r) {
			break
		}
	}
	return nil
}

// describeNode makes a repository of what a query tells of it. place is where
// it stands in the answer.
func (f *Forge) describeNode(n *repository, errs queryErrors, place string) (crawler.Repo, error) {
	address, err := f.address(n.NameWithOwner)
	if err != nil {
		return crawler.Repo{}, err
	}
	out := crawler.Repo{Repository: registry.Repository{
		URL:         address,
		Forge:       kind,
		ForgeID:     strconv.FormatInt(n.DatabaseID, 10),
		Description: n.Description,
		Stars:       n.StargazerCount,
		Forks:       n.ForkCount,
		Fork:        n.IsFork,
		Archived:    n.IsArchived,
		Created:     n.CreatedAt.UTC(),
		Pushed:      n.PushedAt.UTC(),
	}}
	if n.LicenseInfo != nil {
		out.Licence = licence(n.LicenseInfo.SPDXID)
	}
	if n.PrimaryLanguage != nil {
		out.Language = n.PrimaryLanguage.Name
	}
	for _, t := range n.RepositoryTopics.Nodes {
		out.Topics = append(out.Topics, t.Topic.Name)
	}
	if n.Parent != nil && !n.Parent.IsPrivate {
		if out.Parent, err = f.address(n.Parent.NameWithOwner); err != nil {
			return crawler.Repo{}, err
		}
	}
	listed := &native{files: make(map[string]*blob)}
	out.Native = listed
	if ref := n.DefaultBranchRef; ref != nil {
		out.DefaultBranch = ref.Name
		if ref.Target != nil && isHash(ref.Target.OID) {
			listed.commit = ref.Target.OID
		}
	}
	switch {
	case n.IsDisabled || n.IsLocked:
		out.State = crawler.Blocked
	case n.IsEmpty, n.DefaultBranchRef == nil && len(errs.below(place+"/defaultBranchRef")) == 0:
		out.State = crawler.Empty
	}
	if out.State == crawler.Readable {
		for alias, o := range map[string]*object{"yml": n.YML, "yaml": n.YAML} {
			if len(errs.below(place+"/"+alias)) > 0 {
				continue
			}
			if b, known := o.blob(); known {
				listed.files[carried[alias]] = b
			}
		}
	}
	if listed.commit != "" || out.State != crawler.Readable {
		out.Version = version(listed.commit, out.Repository, out.State)
	}
	return out, nil
}

// blob is the file that came along, nil for none. Its content is set only where
// it is there to the last byte, which Git's name for it proves: GitHub leaves
// out what is binary, cuts what is long and recodes what is not in UTF-8.
// known is false where the object is not a file.
func (o *object) blob() (b *blob, known bool) {
	if o == nil {
		return nil, true
	}
	if o.Typename != "Blob" {
		return nil, false
	}
	b = &blob{size: o.ByteSize}
	if o.Text == nil || o.IsBinary || o.IsTruncated || int64(len(*o.Text)) != o.ByteSize {
		return b, true
	}
	h := sha1.New()
	fmt.Fprintf(h, "blob %d\x00", o.ByteSize)
	_, _ = io.WriteString(h, *o.Text) // never fails
	if hex.EncodeToString(h.Sum(nil)) == o.OID {
		b.content = []byte(*o.Text)
	}
	return b, true
}

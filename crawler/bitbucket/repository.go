// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package bitbucket

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/registry"
)

// fields are those of a repository that are asked for.
var fields = []string{
	"uuid", "full_name", "description", "language", "is_private", "has_issues", "created_on", "updated_on",
	"parent.full_name", "mainbranch.name", "mainbranch.target.hash", "mainbranch.target.date",
}

// repository is a repository as Bitbucket tells it.
type repository struct {
	UUID        string    `json:"uuid"`
	FullName    string    `json:"full_name"` // workspace/slug
	Description string    `json:"description"`
	Language    string    `json:"language"` // lower-cased, as its owner chose
	Private     bool      `json:"is_private"`
	HasIssues   bool      `json:"has_issues"`
	Created     time.Time `json:"created_on"`
	Updated     time.Time `json:"updated_on"`
	Parent      *struct {
		FullName string `json:"full_name"`
	} `json:"parent"`
	MainBranch *struct {
		Name   string `json:"name"`
		Target *struct {
			Hash string    `json:"hash"`
			Date time.Time `json:"date"`
		} `json:"target"`
	} `json:"mainbranch"` // null where there are no commits
}

// native is what a Repo carries along.
type native struct {
	fullName  string
	branch    string
	hasIssues bool

	mu      sync.Mutex
	commit  string // "" until it is known
	folders map[string]*folder
}

// repo is the repository in the project's own terms.
func (f *Forge) repo(r *repository, path string) (crawler.Repo, error) {
	address, err := f.address(r.FullName)
	if err != nil {
		return crawler.Repo{}, err
	}
	n := &native{fullName: r.FullName, hasIssues: r.HasIssues, folders: map[string]*folder{}}
	repo := crawler.Repo{
		Repository: registry.Repository{
			URL: address, Forge: crawler.Bitbucket, ForgeID: strings.Trim(r.UUID, "{}"),
			Description: r.Description, Language: language(r.Language), Created: utc(r.Created), Pushed: utc(r.Updated),
		},
		Path:   path,
		Native: n,
	}
	if r.Parent != nil {
		repo.Fork = true
		// A parent that may not be seen has no name.
		if parent, err := f.address(r.Parent.FullName); err == nil {
			repo.Parent = parent
		}
	}
	if r.MainBranch == nil {
		crawler.TidyRepository(&repo.Repository)
		repo.State = crawler.Empty
		return repo, nil
	}
	repo.DefaultBranch, n.branch = r.MainBranch.Name, r.MainBranch.Name
	crawler.TidyRepository(&repo.Repository)
	if t := r.MainBranch.Target; t != nil && commitHash.MatchString(t.Hash) {
		n.commit = t.Hash
		if !t.Date.IsZero() {
			repo.Pushed = utc(t.Date)
		}
		repo.Version = version(t.Hash, utc(r.Updated), repo)
	}
	return repo, nil
}

func utc(t time.Time) time.Time {
	if y := t.Year(); t.IsZero() || y < 1 || y > 9998 {
		return time.Time{}
	}
	return t.UTC()
}

// version differs where the commit does, or anything else that an entry shows.
func version(commit string, updated time.Time, r crawler.Repo) string {
	text, err := json.Marshal([]any{commit, updated, r.Repository})
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16])
}

// languages are those that are not written as Bitbucket does.
var languages = map[string]string{
	"c": "C", "c++": "C++", "c#": "C#", "css": "CSS", "dart": "Dart", "go": "Go", "groovy": "Groovy", "html/css": "HTML",
	"java": "Java", "javascript": "JavaScript", "kotlin": "Kotlin", "objective-c": "Objective-C", "perl": "Perl", "php": "PHP",
	"python": "Python", "r": "R", "ruby": "Ruby", "rust": "Rust", "scala": "Scala", "shell": "Shell", "sql": "SQL",
	"swift": "Swift", "typescript": "TypeScript", "vb.net": "Visual Basic .NET", "other": "",
}

func language(name string) string {
	if usual, ok := languages[name]; ok {
		return usual
	}
	return name
}

// single asks for one repository.
func (f *Forge) single(ctx context.Context, fullName, path string) (crawler.Repo, error) {
	var r *repository
	workspace, slug, _ := strings.Cut(fullName, "/")
	err := f.ask(ctx, []string{"repositories", workspace, slug}, url.Values{"fields": {strings.Join(fields, ",")}}, &r)
	switch {
	case err != nil:
		return crawler.Repo{}, err
	case r == nil:
		return crawler.Repo{}, fmt.Errorf("%s/%s: Bitbucket answered with nothing", f.base, fullName)
	case r.Private:
		return crawler.Repo{}, fmt.Errorf("%s/%s: the repository is not public: %w", f.base, fullName, registry.ErrForbidden)
	}
	return f.repo(r, path)
}

// of is what a listed repository carries along; one that does not is asked for.
func (f *Forge) of(ctx context.Context, r crawler.Repo) (*native, error) {
	if n, ok := r.Native.(*native); ok {
		return n, nil
	}
	fullName, err := f.fullName(r.URL)
	if err != nil {
		return nil, err
	}
	again, err := f.single(ctx, fullName, r.Path)
	if err != nil {
		return nil, err
	}
	return again.Native.(*native), nil
}

// head is the newest commit of the default branch.
func (f *Forge) head(ctx context.Context, n *native) (string, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.commit != "" {
		return n.commit, nil
	}
	var ref struct {
		Target struct {
			Hash string `json:"hash"`
		} `json:"target"`
	}
	path := append(n.at("refs", "branches"), strings.Split(cmp.Or(n.branch, "main"), "/")...)
	if err := f.ask(ctx, path, url.Values{"fields": {"target.hash"}}, &ref); err != nil {
		return "", err
	}
	if !commitHash.MatchString(ref.Target.Hash) {
		return "", fmt.Errorf("%s/%s: Bitbucket tells no commit of branch %q", f.base, n.fullName, n.branch)
	}
	n.commit = ref.Target.Hash
	return n.commit, nil
}

// at is the path of something of a repository in the API.
func (n *native) at(path ...string) []string {
	workspace, slug, _ := strings.Cut(n.fullName, "/")
	return append([]string{"repositories", workspace, slug}, path...)
}

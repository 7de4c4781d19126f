// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package github

import (
	"fmt"
	"strconv"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/registry"
)

// listed is what a listing asks of a repository.
const listed = `
fragment listed on Repository {
  databaseId nameWithOwner description isPrivate
  isFork parent { nameWithOwner isPrivate }
  isArchived isDisabled isLocked isEmpty
  defaultBranchRef { name target { oid } }
  createdAt pushedAt stargazerCount forkCount
  licenseInfo { spdxId } primaryLanguage { name }
  repositoryTopics(first: 20) { nodes { topic { name } } }
}`

// carried is what a listing asks too where most repositories are new to whoever
// asks.
const carried = `
fragment carried on Repository {
  yml: object(expression: "HEAD:publiccode.yml") { ...file }
  yaml: object(expression: "HEAD:publiccode.yaml") { ...file }
  adoptions: object(expression: "HEAD:adoptions.yml") { ...file }
  needs: object(expression: "HEAD:needs.yml") { ...file }
}` + file

const file = `
fragment file on GitObject {
  __typename oid
  ... on Blob { byteSize isBinary isTruncated text }
}`

// carriedFiles are the files that a listing brings along, by their alias in it.
var carriedFiles = map[string]string{"yml": "publiccode.yml", "yaml": "publiccode.yaml", "adoptions": adoption.FileName, "needs": adoption.NeedsFileName}

// repository is one as a listing has it.
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
	CreatedAt        crawler.Date
	PushedAt         crawler.Date
	StargazerCount   int
	ForkCount        int
	LicenseInfo      *struct{ SPDXID string }
	PrimaryLanguage  *struct{ Name string }
	RepositoryTopics struct {
		Nodes []struct{ Topic struct{ Name string } }
	}
	filesOf
}

// filesOf are the files of a repository that came along.
type filesOf struct{ YML, YAML, Adoptions, Needs *object }

// add notes the files, or that there are none. What failed is not known.
func (o filesOf) add(files map[string]*blob, errs queryErrors, place string) {
	for alias, o := range map[string]*object{"yml": o.YML, "yaml": o.YAML, "adoptions": o.Adoptions, "needs": o.Needs} {
		if len(errs.below(place+"/"+alias)) > 0 {
			continue
		}
		if b, known := o.blob(); known {
			files[carriedFiles[alias]] = b
		}
	}
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

// listedRepo makes a repository of what a query tells of it. place is where
// it stands in the answer; withFiles says that files were asked for.
func (f *Forge) listedRepo(n *repository, errs queryErrors, place string, withFiles bool) (crawler.Repo, error) {
	address, err := f.address(n.NameWithOwner)
	if err == nil && n.DatabaseID <= 0 {
		err = fmt.Errorf("%s is listed without a number", address)
	}
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
		Created:     n.CreatedAt.Time,
		Pushed:      n.PushedAt.Time,
	}}
	if n.LicenseInfo != nil {
		out.Licence = licence(n.LicenseInfo.SPDXID)
	}
	if n.PrimaryLanguage != nil {
		out.Language = n.PrimaryLanguage.Name
	}
	for _, t := range n.RepositoryTopics.Nodes {
		out.Topics = append(out.Topics, t.Topic.Name) // "" where GitHub says null
	}
	if n.Parent != nil && !n.Parent.IsPrivate {
		if out.Parent, err = f.address(n.Parent.NameWithOwner); err != nil {
			return crawler.Repo{}, err
		}
	}
	brought := &native{files: make(map[string]*blob)}
	out.Native = brought
	if ref := n.DefaultBranchRef; ref != nil {
		out.DefaultBranch = ref.Name
		if ref.Target != nil && crawler.IsHash(ref.Target.OID) {
			brought.commit = ref.Target.OID
		}
	}
	switch {
	case n.IsDisabled || n.IsLocked:
		out.State = crawler.Blocked
	case n.IsEmpty, n.DefaultBranchRef == nil && len(errs.below(place+"/defaultBranchRef")) == 0:
		out.State = crawler.Empty
	}
	if out.State == crawler.Readable && withFiles {
		n.add(brought.files, errs, place)
	}
	crawler.TidyRepository(&out.Repository)
	if brought.commit != "" || out.State != crawler.Readable {
		out.Version = version(brought.commit, out)
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
	if content := []byte(*o.Text); crawler.BlobHash(content) == o.OID {
		b.content = content
	}
	return b, true
}

// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/sbom"
)

const sbomPath = "/v1/sboms/"

var errNoSBOM = &problem{Status: http.StatusNotFound, Detail: "The catalogue keeps no bill of materials that was read from a file with this SHA-256. Those of an entry are in its sboms, with their addresses in links.packages."}

// sbomItem is a bill of materials without its packages.
type sbomItem struct {
	Path         string        `json:"path"`
	Origin       string        `json:"origin,omitempty"`
	SHA256       string        `json:"sha256"`
	Seen         string        `json:"seen,omitempty"`
	Error        string        `json:"error,omitempty"`
	Standard     sbom.Standard `json:"standard,omitempty"`
	Version      string        `json:"version,omitempty"`
	Encoding     string        `json:"encoding,omitempty"`
	Created      string        `json:"created,omitempty"`
	Remarks      []string      `json:"remarks"`
	Root         *sbomRoot     `json:"root,omitempty"`
	Dependencies dependencies  `json:"dependencies"`
	Checklists   []checklist   `json:"checklists"`
	Links        sbomLinks     `json:"links"`
}

type sbomRoot struct {
	Name    string `json:"name,omitempty"`
	Version string `json:"version,omitempty"`
	PURL    string `json:"purl,omitempty"`
}

type dependencies struct {
	Packages   int            `json:"packages"`
	Unasserted int            `json:"unasserted"`
	Share      *float64       `json:"share,omitempty"` // of packages that are unasserted; nil where there are none
	Licences   []licenceCount `json:"licences"`
	Others     int            `json:"others"`
}

type licenceCount struct {
	SPDX     string `json:"spdx"`
	Packages int    `json:"packages"`
}

type checklist struct {
	Guideline string          `json:"guideline"`
	Version   string          `json:"version"`
	Lines     []checklistLine `json:"lines"`
}

type checklistLine struct {
	ID       string     `json:"id"`
	Title    string     `json:"title"`
	Detail   string     `json:"detail,omitempty"`
	Level    sbom.Level `json:"level"`
	State    sbom.State `json:"state"`
	Passed   int        `json:"passed"`
	Of       int        `json:"of"`
	Evidence []string   `json:"evidence"`
}

type sbomLinks struct {
	Packages string `json:"packages,omitempty"`
}

func (a *api) newSBOMItem(b registry.SBOM, lang string) sbomItem {
	out := sbomItem{
		Path: b.Path, Origin: b.Origin, SHA256: b.Hash, Seen: instant(b.Seen), Error: b.Error,
		Standard: b.Standard, Version: b.Version, Encoding: b.Encoding, Created: instant(b.Created), Remarks: orEmpty(b.Remarks),
		Dependencies: dependencies{
			Packages: b.Dependencies.Packages, Unasserted: b.Dependencies.Unasserted, Others: b.Dependencies.Others,
			Licences: each(b.Dependencies.Licences, func(n registry.LicenceCount) licenceCount { return licenceCount(n) }),
		},
		Checklists: each(b.Checklists, func(c sbom.Checklist) checklist { return newChecklist(c, lang) }),
	}
	if b.Root != nil {
		out.Root = &sbomRoot{Name: b.Root.Name, Version: b.Root.Version, PURL: b.Root.PURL}
	}
	if n := b.Dependencies.Packages; n > 0 {
		share := float64(b.Dependencies.Unasserted) / float64(n)
		out.Dependencies.Share = &share
	}
	if b.Error == "" {
		out.Links.Packages = a.link(sbomPath + b.Hash)
	}
	return out
}

func newChecklist(c sbom.Checklist, lang string) checklist {
	return checklist{
		Guideline: c.Guideline, Version: c.Version,
		Lines: each(c.Lines, func(l sbom.Line) checklistLine {
			title, detail := c.Wording(l.ID, lang)
			return checklistLine{
				ID: l.ID, Title: title, Detail: detail, Level: l.Level, State: l.State,
				Passed: l.Passed, Of: l.Of, Evidence: orEmpty(l.Evidence),
			}
		}),
	}
}

// bill is a bill of materials in full. The lists are there, if empty, and the
// date is written as all others are.
type bill struct {
	SHA256 string `json:"sha256"` // of the file that it was read from
	*sbom.Document
	Created       string              `json:"created,omitempty"`
	Packages      []sbom.Package      `json:"packages"`
	Relationships []sbom.Relationship `json:"relationships"`
}

// getSBOM hands out a bill of materials as it was read.
func (a *api) getSBOM(c *gin.Context) (*answer, error) {
	hash := c.Param("sha256")
	if !isHash(hash) {
		return nil, errNoSBOM
	}
	d, err := a.catalogue.SBOM(c.Request.Context(), hash)
	if errors.Is(err, registry.ErrNotFound) {
		return nil, errNoSBOM
	}
	if err != nil {
		return nil, err
	}
	return jsonAnswer(bill{
		SHA256: hash, Document: d, Created: instant(d.Created),
		Packages: orEmpty(d.Packages), Relationships: orEmpty(d.Relationships),
	})
}

// isHash reports whether s is a SHA-256 as addresses have it.
func isHash(s string) bool {
	for _, c := range s {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return len(s) == 64
}

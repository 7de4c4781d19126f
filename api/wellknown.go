// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
)

const (
	apiCatalogPath = "/.well-known/api-catalog"
	securityPath   = "/.well-known/security.txt"
)

// typeLinkset is the media type of a list of links, with the profile that makes it
// an API catalogue (RFC 9727, section 4.1).
const typeLinkset = `application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"`

// securityValid is how long what security.txt says may be relied on. It is said anew
// for each request: a node that answers is run by somebody.
const securityValid = 90 * 24 * time.Hour

// Security is whom to tell of a weakness of the node (RFC 9116). Its values are URIs
// and language tags without line breaks.
type Security struct {
	Contact   []string // mailto:, tel: or https:, the preferred one first
	Policy    string   // the address of the policy for disclosure; "" for none
	Languages []string // those preferred for reports; none is any
}

var errNoSecurity = &problem{Status: http.StatusNotFound, Detail: "The operator of this node has named nobody to tell of weaknesses."}

// linkset is a list of links (RFC 9264) for each of some resources.
type linkset struct {
	Linkset []map[string]any `json:"linkset"`
}

// target is where a link leads.
type target struct {
	Href string `json:"href"`
	Type string `json:"type,omitempty"`
}

// getAPICatalog lists the APIs of this node (RFC 9727) with what describes them.
func (a *api) getAPICatalog(*gin.Context) (*answer, error) {
	var items []target
	list := linkset{}
	for _, root := range a.document.roots() {
		items = append(items, target{Href: a.link(root)})
		list.Linkset = append(list.Linkset, map[string]any{
			"anchor":       a.link(root),
			"service-desc": []target{{a.link("/openapi.json"), typeJSON}, {a.link("/openapi.yaml"), typeYAML}},
			"service-doc":  []target{{a.link(referencePath), "text/html"}},
			"status":       []target{{a.link("/readyz"), typeJSON}},
		})
	}
	list.Linkset = append(list.Linkset, map[string]any{"anchor": a.link(apiCatalogPath), "item": items})
	ans, err := jsonAnswer(list)
	if err != nil {
		return nil, err
	}
	ans.contentType = typeLinkset
	ans.header = map[string]string{"Link": "<" + a.link(apiCatalogPath) + `>; rel="api-catalog"`}
	return ans, nil
}

// getSecurity says whom to tell of a weakness.
func (a *api) getSecurity(*gin.Context) (*answer, error) {
	if len(a.security.Contact) == 0 {
		return nil, errNoSecurity
	}
	var b strings.Builder
	for _, contact := range a.security.Contact {
		fmt.Fprintf(&b, "Contact: %s\n", contact)
	}
	fmt.Fprintf(&b, "Expires: %s\n", a.now().UTC().Truncate(24*time.Hour).Add(securityValid).Format(time.RFC3339))
	if a.security.Policy != "" {
		fmt.Fprintf(&b, "Policy: %s\n", a.security.Policy)
	}
	if len(a.security.Languages) > 0 {
		fmt.Fprintf(&b, "Preferred-Languages: %s\n", strings.Join(a.security.Languages, ", "))
	}
	if strings.HasPrefix(a.base, "https://") {
		fmt.Fprintf(&b, "Canonical: %s\n", a.link(securityPath))
	}
	body := []byte(b.String())
	return &answer{contentType: typeText, body: body, etag: entityTag(body), cache: cacheMinute}, nil
}

// versioned is the part of a path up to the version of an API.
var versioned = regexp.MustCompile(`^/.+/v[0-9]+/`)

// roots are the paths under which APIs stand: the one of the document, and those of
// the paths outside it that have a version.
func (d document) roots() []string {
	found := map[string]bool{}
	for _, s := range list(d.tree, "servers") {
		found[text(s, "url")] = true
	}
	for path, item := range inOrder(child(d.tree, "paths")) {
		if list(item, "servers") != nil {
			if root := versioned.FindString(path); root != "" {
				found[strings.TrimSuffix(root, "/")] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(found))
}

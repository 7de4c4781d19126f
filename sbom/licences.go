// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package sbom

import (
	"strings"

	"github.com/allmende-registry/allmende/spdx"
)

// licences are those of a graph, RDF or SPDX 3, by identifier: expressions, and
// operators with operands that stand elsewhere in it.
type licences struct {
	nodes   map[string]licenceNode
	written map[string]string // what expression has made of them
}

func newLicences() licences {
	return licences{nodes: map[string]licenceNode{}, written: map[string]string{}}
}

type licenceNode struct {
	kind       string // the name of its class
	expression string
	name       string
	members    []string
}

// underWay stands in for a licence that is being written.
const underWay = "\x00"

// expression writes a licence as an expression. What contains itself, or is
// deeper than any licence is, is taken for not known.
func (g licences) expression(d *draft, id string, depth int) string {
	const deepest = 20
	s, known := g.written[id]
	switch {
	case s == underWay || depth > deepest:
		d.remark("licences that contain one another", id)
		return spdx.NoAssertion
	case known:
		return s
	}
	g.written[id] = underWay
	s = g.write(d, id, depth)
	g.written[id] = s
	return s
}

func (g licences) write(d *draft, id string, depth int) string {
	l, known := g.nodes[id]
	parts := func(operator string) string {
		var out strings.Builder
		for i, m := range l.members {
			if out.Len() > maxText {
				d.remark("licences that are too long, which were cut", id)
				break
			}
			if i > 0 {
				out.WriteString(operator)
			}
			if part := g.expression(d, m, depth+1); strings.Contains(part, " ") {
				out.WriteString("(" + part + ")")
			} else {
				out.WriteString(part)
			}
		}
		return out.String()
	}
	switch {
	case l.expression != "":
		return d.cut(l.expression)
	case l.kind == "ConjunctiveLicenseSet" && len(l.members) > 0:
		return parts(" AND ")
	case l.kind == "DisjunctiveLicenseSet" && len(l.members) > 0:
		return parts(" OR ")
	case l.kind == "WithAdditionOperator" && len(l.members) == 2:
		return parts(" WITH ")
	case l.kind == "OrLaterOperator" && len(l.members) == 1:
		return parts("") + "+"
	}
	return d.listed(id, l, known)
}

// listed is the identifier of a licence of the list, or of one's own, by the
// last part of its address.
func (d *draft) listed(id string, l licenceNode, known bool) string {
	last := id[strings.LastIndexAny(id, "/#:")+1:]
	switch word := strings.TrimSuffix(strings.ToLower(last), "license"); {
	case word == "noassertion":
		return spdx.NoAssertion
	case word == "none":
		return spdx.None
	case strings.Contains(id, "spdx.org/licenses/") || strings.HasPrefix(last, "LicenseRef-"):
		return last
	case known && strings.HasPrefix(l.kind, "Listed"):
		return last
	case known && l.name != "":
		return reference(l.name)
	case known:
		return reference(last)
	}
	d.remark("licences that are not in the document", id)
	return spdx.NoAssertion
}

// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package evidence

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/sbom"
	"github.com/allmende-registry/allmende/spdx"
)

const maxRemarks = 20

// bills reads the SBOMs, and returns what they say of their root packages.
func (r *reading) bills() ([]registry.SBOM, []statement) {
	files := r.of(registry.RoleSBOM)
	var bills []registry.SBOM
	var roots []statement
	for _, f := range files[:min(len(files), maxBills)] {
		b := r.bill(&f)
		bills = append(bills, b)
		roots = append(roots, r.roots(f, b)...)
	}
	return bills, roots
}

func (r *reading) bill(f *registry.File) registry.SBOM {
	if b, ok := r.known(f); ok {
		return b
	}
	b := registry.SBOM{Path: f.Path, Origin: f.Origin, Hash: f.Hash, Seen: r.billSeen(*f)}
	if f.Size > maxBill {
		b.Error = fmt.Sprintf("%d bytes; at most %d are read", f.Size, maxBill)
		return b
	}
	src, err := r.read(f, maxBill+1)
	if err == nil && len(src) > maxBill {
		err = fmt.Errorf("over %d bytes, which is as much as is read", maxBill)
	}
	b.Hash, b.Seen = f.Hash, r.billSeen(*f)
	if old, ok := r.known(f); ok && err == nil {
		return old
	}
	var d *sbom.Document
	if err == nil {
		d, err = sbom.Read(src)
	}
	if err == nil && d == nil {
		err = errors.New("no document")
	}
	if err != nil {
		b.Error = said(err.Error())
		return b
	}
	b.Standard, b.Version, b.Encoding, b.Created = d.Standard, d.Version, d.Encoding, d.Created
	for _, remark := range d.Remarks[:min(len(d.Remarks), maxRemarks)] {
		b.Remarks = append(b.Remarks, said(remark))
	}
	if i := slices.IndexFunc(d.Packages, func(p sbom.Package) bool { return slices.Contains(d.Roots, p.Ref) }); i >= 0 {
		root := d.Packages[i] // a copy, so that it does not hold all others
		b.Root = &root
	}
	b.Dependencies = dependencies(d)
	b.Checklists = sbom.Check(d, b.Seen)
	b.Document = d
	return b
}

// billSeen is when a document was first read, or the attempt made where it has
// no hash.
func (r *reading) billSeen(f registry.File) time.Time {
	if old, ok := r.former[billKey(f.Hash, f.Origin, f.Path)]; ok {
		return old.Seen
	}
	return r.Now
}

func billKey(hash, origin, name string) string {
	if hash == "" {
		return origin + " " + name
	}
	return hash
}

// known returns a bill that needs not be read again.
func (r *reading) known(f *registry.File) (registry.SBOM, bool) {
	b, ok := r.former[f.Hash]
	b.Path, b.Origin = f.Path, f.Origin
	return b, ok && r.current && f.Hash != "" && b.Error == ""
}

// roots are what a bill says of the licence of its root package: what its
// authors declared, and what somebody concluded where that is something else.
func (r *reading) roots(f registry.File, b registry.SBOM) []statement {
	if b.Root == nil {
		return nil
	}
	var out []statement
	for _, written := range []string{b.Root.Declared, b.Root.Concluded} {
		if strings.TrimSpace(written) == "" || len(out) > 0 && written == b.Root.Declared {
			continue
		}
		s := r.from(f, registry.FromSBOM)
		s.say(written)
		// What a forge makes of a repository is but the forge's own guess.
		s.binding = !strings.HasSuffix(f.Origin, "/dependency-graph/sbom")
		out = append(out, s)
	}
	return out
}

// dependencies counts the packages that are not roots by licence.
func dependencies(d *sbom.Document) registry.Dependencies {
	var out registry.Dependencies
	roots := map[string]bool{}
	for _, ref := range d.Roots {
		roots[ref] = true
	}
	spelt := map[string]string{} // official spelling by what is written
	counts := map[string]int{}
	for _, p := range d.Packages {
		if roots[p.Ref] {
			continue
		}
		out.Packages++
		licence := official(spelt, p.Concluded)
		if licence == "" {
			licence = official(spelt, p.Declared)
		}
		if licence == "" {
			out.Unasserted++
		} else {
			counts[licence]++
		}
	}
	for licence, n := range counts {
		out.Licences = append(out.Licences, registry.LicenceCount{SPDX: licence, Packages: n})
	}
	slices.SortFunc(out.Licences, func(a, b registry.LicenceCount) int {
		return cmp.Or(cmp.Compare(b.Packages, a.Packages), strings.Compare(a.SPDX, b.SPDX))
	})
	for len(out.Licences) > registry.MaxDependencyLicences {
		last := len(out.Licences) - 1
		out.Others += out.Licences[last].Packages
		out.Licences = out.Licences[:last]
	}
	return out
}

// official spells an expression as SPDX does, what is none as written; "" is
// said of nothing.
func official(spelt map[string]string, written string) string {
	if written == "" {
		return ""
	}
	if s, ok := spelt[written]; ok {
		return s
	}
	expr, _, err := spdx.Parse(written)
	s := ""
	switch {
	case errors.Is(err, spdx.ErrNone):
		s = spdx.None
	case errors.Is(err, spdx.ErrNoAssertion):
	case err != nil:
		s = said(written)
	default:
		s = expr.String()
	}
	spelt[written] = s
	return s
}

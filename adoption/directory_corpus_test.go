// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package adoption_test

import (
	"bufio"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/publiccode"
)

// The samples that were judged, and what must be right of the first; docs/proof.md
// tells how it was done.
const (
	judgedMatches = 400
	judgedMisses  = 100
	minPrecision  = 0.98
	sampleSeed    = "2026-11-23"
)

// match is a line of usedBy, and whom it is found to mean; nobody where by is "".
type match struct {
	claim    string
	meant    adoption.Organisation
	by       adoption.Means
	official bool // by the list of municipalities alone
}

// hash stands for the match in testdata, where no text of the files may be.
func (m match) hash() string {
	sum := sha256.Sum256([]byte(m.claim + "\n" + cmp.Or(m.meant.URI, m.meant.Name)))
	return hex.EncodeToString(sum[:16])
}

// TestUsedBy holds what Directory finds in the usedBy of real files against verdicts
// given one by one, where a collection of such files lies beside the repository.
func TestUsedBy(t *testing.T) {
	paths, err := filepath.Glob("../../shared/corpus/forge/*/*/*/publiccode.y*ml")
	if err != nil {
		t.Fatal(err)
	}
	if len(paths) == 0 {
		t.Skip("no corpus beside the repository")
	}
	var files []*publiccode.PublicCode
	for _, path := range paths {
		src, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if p := publiccode.Parse(src, publiccode.Options{}).PublicCode; p != nil {
			files = append(files, p)
		}
	}
	matches, misses := findAll(files, municipalities(t))
	judged := verdicts(t)

	own := slices.IndexFunc(matches, func(m match) bool { return m.official })
	t.Logf("%d lines mean somebody: %d whom other lines of the files name, %d of the list of municipalities; %d mean nobody known", len(matches), own, len(matches)-own, len(misses))
	sample := append(slices.Clone(matches[:own]), draw(matches[own:], judgedMatches-own)...)
	right, n := count(t, sample, judged, "right", "wrong")
	precision := float64(right) / float64(n)
	low, high := wilson(right, n)
	t.Logf("precision: %d of %d right, %.3f (95 %%: %.3f to %.3f)", right, n, precision, low, high)
	if n < judgedMatches || precision < minPrecision {
		t.Errorf("precision %.3f of %d, want at least %.2f of %d", precision, n, minPrecision, judgedMatches)
	}
	unknown, n := count(t, draw(misses, judgedMisses), judged, "unknown", "missed")
	low, high = wilson(n-unknown, n)
	missed := float64(n-unknown) / float64(n) * float64(len(misses))
	t.Logf("missed: %d of %d that mean nobody found (95 %%: %.3f to %.3f); found are about %d of %.0f", n-unknown, n, low, high, len(matches), float64(len(matches))+missed)
}

// findAll finds whom each line means, each pair once, in the order of their hashes:
// among those whom a file names as its owner and the like and the users that other
// files name; else among the official ones, who come last.
func findAll(files []*publiccode.PublicCode, official []adoption.Organisation) (matches, misses []match) {
	var named, listed adoption.Directory
	for _, f := range files {
		addNamed(&named, f)
		addNamed(&listed, f)
	}
	for _, o := range official {
		listed.Add(o)
	}
	seen := map[string]bool{}
	for i, f := range files {
		var others adoption.Directory // as it would be without this file's own list
		for j, other := range files {
			for _, claim := range other.UsedBy {
				if i != j && len(f.UsedBy) > 0 {
					others.Add(adoption.Organisation{Name: claim})
				}
			}
		}
		for _, claim := range f.UsedBy {
			m := match{claim: claim}
			for k, d := range []*adoption.Directory{&named, &listed, &others} {
				if o, by, ok := d.Find(claim); ok {
					m.meant, m.by, m.official = o, by, k == 1
					break
				}
			}
			switch {
			case seen[m.hash()]:
			case m.by == "":
				misses = append(misses, m)
			default:
				matches = append(matches, m)
			}
			seen[m.hash()] = true
		}
	}
	for _, list := range [][]match{matches, misses} {
		slices.SortFunc(list, func(a, b match) int {
			if a.official != b.official {
				return map[bool]int{false: -1, true: 1}[a.official]
			}
			return strings.Compare(a.hash(), b.hash())
		})
	}
	return matches, misses
}

// addNamed adds whom a file names but in usedBy.
func addNamed(d *adoption.Directory, p *publiccode.PublicCode) {
	if o := p.Organisation; o != nil {
		d.Add(adoption.Organisation{Name: o.Name, URI: o.URI})
	}
	for _, o := range p.FundedBy {
		d.Add(adoption.Organisation{Name: o.Name, URI: o.URI})
	}
	for _, c := range p.Maintenance.Contractors {
		d.Add(adoption.Organisation{Name: c.Name, URI: c.Website})
	}
	for _, c := range p.Maintenance.Contacts {
		d.Add(adoption.Organisation{Name: c.Affiliation})
	}
	d.Add(adoption.Organisation{Name: p.Legal.RepoOwner})
	d.Add(adoption.Organisation{Name: p.Legal.MainCopyrightOwner})
}

// municipalities are those of Italy, from where most of the files are, with the
// URIs of the Italian index of administrations.
func municipalities(t *testing.T) (all []adoption.Organisation) {
	t.Helper()
	for _, line := range lines(t, "testdata/comuni.tsv") {
		code, name, _ := strings.Cut(line, "\t")
		all = append(all, adoption.Organisation{URI: "urn:x-italian-pa:" + code, Name: "Comune di " + name})
	}
	return all
}

// verdicts are what a person said of matches, by hash.
func verdicts(t *testing.T) map[string]string {
	t.Helper()
	said := map[string]string{}
	for _, line := range lines(t, "testdata/usedby.tsv") {
		hash, verdict, _ := strings.Cut(line, "\t")
		said[hash] = verdict
	}
	return said
}

// lines are those of a file but for comments.
func lines(t *testing.T, path string) (all []string) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	s := bufio.NewScanner(f)
	for s.Scan() {
		if line := s.Text(); line != "" && !strings.HasPrefix(line, "#") {
			all = append(all, line)
		}
	}
	if err := s.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// draw takes n at random, the same ones each time.
func draw(list []match, n int) []match {
	key := func(m match) string {
		sum := sha256.Sum256([]byte(sampleSeed + m.hash()))
		return string(sum[:])
	}
	list = slices.SortedFunc(slices.Values(list), func(a, b match) int { return strings.Compare(key(a), key(b)) })
	return list[:min(len(list), max(n, 0))]
}

// count counts those of which the first verdict was given, and all that were
// judged; what nobody has judged yet is told, to be judged.
func count(t *testing.T, sample []match, judged map[string]string, good, bad string) (found, n int) {
	t.Helper()
	for _, m := range sample {
		switch verdict := judged[m.hash()]; verdict {
		case good:
			found++
			n++
		case bad:
			n++
		default:
			t.Errorf("not judged yet, %s or %s? %s\t%q is found by %q to mean %q %s", good, bad, m.hash(), m.claim, m.by, m.meant.Name, m.meant.URI)
		}
	}
	return found, n
}

// wilson is the interval in which a share of n lies with 95 % confidence, of which
// k were seen.
func wilson(k, n int) (low, high float64) {
	const z = 1.959964
	p, size := float64(k)/float64(n), float64(n)
	centre := p + z*z/(2*size)
	spread := z * math.Sqrt(p*(1-p)/size+z*z/(4*size*size))
	return (centre - spread) / (1 + z*z/size), (centre + spread) / (1 + z*z/size)
}

func TestWilson(t *testing.T) {
	if low, high := wilson(198, 200); fmt.Sprintf("%.3f %.3f", low, high) != "0.964 0.997" {
		t.Errorf("%.3f to %.3f", low, high)
	}
}

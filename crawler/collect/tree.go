// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package collect

import (
	"bytes"
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/allmende-registry/allmende/registry"
)

// tree collects from the repository's own files. A folder is listed only where
// it is there and may hold what is still wanted: each listing may cost a
// request.
func (c *collector) tree() {
	if c.Folder != "." {
		if entries, ok := c.list(c.Folder, rootRules); ok {
			c.folder(c.Folder, entries, inner)
		}
	}
	c.folder(".", c.Root, slices.Concat(inner, outer))
}

// folder collects from a folder and from places in it.
func (c *collector) folder(folder string, entries []fs.DirEntry, places []place) {
	c.take(folder, entries, rootRules)
	for _, p := range places {
		for _, e := range entries {
			name := path.Join(folder, e.Name())
			if !e.IsDir() || !slices.Contains(p.names, strings.ToLower(e.Name())) || !c.wants(p.rules) {
				continue
			}
			if entries, ok := c.list(name, p.rules); ok {
				c.take(name, entries, p.rules)
			}
		}
	}
}

// wants reports whether a file of one of the rules is still of use.
func (c *collector) wants(rules []*rule) bool {
	return c.ctx.Err() == nil && slices.ContainsFunc(rules, func(r *rule) bool { return !r.one || !c.found[r.role] })
}

// list lists a folder. Where that fails, what was there stays.
func (c *collector) list(folder string, rules []*rule) ([]fs.DirEntry, bool) {
	entries, err := c.Tree.ReadDir(folder)
	if err == nil || c.ctx.Err() != nil || absent(err) {
		return entries, err == nil
	}
	why := Failed
	c.keepAll(func(old registry.File) bool {
		stays := old.Origin == "" && path.Dir(old.Path) == folder && slices.ContainsFunc(rules, func(r *rule) bool {
			if r.role != old.Role || r.one && c.found[r.role] {
				return false
			}
			c.found[r.role] = true
			return true
		})
		if stays {
			why = Kept
		}
		return stays
	})
	c.note(registry.File{Path: folder}, why, err.Error())
	return nil, false
}

// take reads the files of a folder that the rules ask for.
func (c *collector) take(folder string, entries []fs.DirEntry, rules []*rule) {
	for _, r := range rules {
		names := r.choose(entries)
		if r.one && (len(names) == 0 || c.found[r.role]) {
			continue
		}
		c.found[r.role] = true
		for i, name := range names {
			if r.most > 0 && c.taken[r] >= r.most {
				c.note(registry.File{Path: folder}, TooMany, fmt.Sprintf("%d more %s files than the %d that are read", len(names)-i, r.role, r.most))
				break
			}
			if c.ctx.Err() != nil {
				return
			}
			c.taken[r]++
			c.file(registry.File{Path: path.Join(folder, name), Role: r.role})
		}
	}
}

// choose names the files of a listing that a rule asks for.
func (r *rule) choose(entries []fs.DirEntry) []string {
	type candidate struct {
		name string
		rank int
	}
	var all []candidate
	for _, e := range entries {
		if rank, ok := r.fits(strings.ToLower(e.Name())); ok && !e.IsDir() && fs.ValidPath(e.Name()) {
			all = append(all, candidate{e.Name(), rank})
		}
	}
	slices.SortStableFunc(all, func(a, b candidate) int { return cmp.Compare(a.rank, b.rank) })
	if r.one && len(all) > 1 {
		all = all[:1]
	}
	names := make([]string, len(all))
	for i, a := range all {
		names[i] = a.name
	}
	return names
}

// file reads one file of the repository.
func (c *collector) file(f registry.File) {
	if c.has(f) {
		return
	}
	src, err := c.read(f.Path)
	if err != nil {
		c.failed(f, MaxFile, err)
		return
	}
	f.Bytes = src
	if f.Role == registry.RoleSBOM && !isSBOM(src) {
		c.note(f, Invalid, "neither an SPDX nor a CycloneDX document")
		return
	}
	c.add(f)
}

func isSBOM(src []byte) bool {
	return slices.ContainsFunc(sbomMarks, func(mark string) bool { return bytes.Contains(src, []byte(mark)) })
}

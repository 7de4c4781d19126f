// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package github

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/allmende-registry/allmende/crawler"
)

// wanted is a repository whose files shall come along.
type wanted struct {
	owner, name string
	*native
}

// take adds a repository to a page, and sees to its files where it is not known.
func (l *listing) take(t *target, page []crawler.Repo, r crawler.Repo) []crawler.Repo {
	before := len(page)
	if page = t.take(page, r); len(page) == before {
		return page
	}
	l.met++
	if t.known != nil && t.known(r) {
		l.known++
		return page
	}
	brought := r.Native.(*native)
	if owner, name, err := l.forge.names(r.URL); err == nil && l.light && r.State == crawler.Readable && brought.commit != "" {
		l.wanted = append(l.wanted, wanted{owner, name, brought})
	}
	return page
}

// bring asks for the files that are wanted, and decides how to go on listing.
// What cannot be had is left to be opened.
func (l *listing) bring() error {
	if l.met > 0 {
		l.light = 2*l.known >= l.met
	}
	files := l.wanted
	l.met, l.known, l.wanted = 0, 0, nil
	err := each(l.ctx, l.forge, &l.withFiles, files, l.forge.askFiles, func(wanted, error) {})
	if errors.Is(err, errNoGraphQL) || err != nil && smallerHelps(l.ctx, err) {
		return nil
	}
	return err
}

// filesQuery asks for the files of repositories under the aliases r0, r1 and so
// on.
func filesQuery(files []wanted) string {
	var b strings.Builder
	b.WriteString("query {")
	for i, w := range files {
		fmt.Fprintf(&b, "\n  r%d: repository(owner: %s, name: %s) {", i, literal(w.owner), literal(w.name))
		for alias, name := range carriedFiles {
			fmt.Fprintf(&b, " %s: object(expression: %s) { ...file }", alias, literal(w.commit+":"+name))
		}
		b.WriteString(" }")
	}
	b.WriteString("\n}" + file)
	return b.String()
}

func (f *Forge) askFiles(ctx context.Context, files []wanted) error {
	got, err := f.query(ctx, fmt.Sprintf("files of %d repositories on %s", len(files), f.base.Host), filesQuery(files))
	if err != nil {
		return err
	}
	for i, w := range files {
		var found filesOf
		alias := "r" + strconv.Itoa(i)
		if got.get(alias, &found) == nil {
			found.add(w.files, got.errs, alias)
		}
	}
	return nil
}

// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import "net/url"

// selected says what of a list in memory a page is to have.
type selected[T, U any] struct {
	wanted func(*T) bool   // by the filters
	behind func(*T) bool   // the place where the page begins
	cursor func(*T) string // of the place behind one
	show   func(*T) U
}

// pageOf is a page of a list that is in memory, with how many there are on all pages.
func pageOf[T, U any](a *api, p paged, path string, all []T, s selected[T, U]) (items []U, total int, links pageLinks) {
	items, links.Self = []U{}, p.filtered(a, path, p.after)
	var last *T
	for i := range all {
		one := &all[i]
		if !s.wanted(one) {
			continue
		}
		total++
		switch {
		case !s.behind(one) || links.Next != "":
		case len(items) == p.limit:
			links.Next = p.filtered(a, path, s.cursor(last))
		default:
			items, last = append(items, s.show(one)), one
		}
	}
	return items, total, links
}

// filtered is the address of a page of a list with filters.
func (p paged) filtered(a *api, path, after string) string {
	v := url.Values{}
	for name, values := range p.values {
		v[name] = values
	}
	v.Del("after")
	if after != "" {
		v.Set("after", after)
	}
	return a.link(path + questioned(v))
}

// noCursor reports a place that this list has not handed out.
func (p paged) noCursor() {
	p.fault("after", codeMalformed, "after is not a cursor of this list: take it from links.next of the page before.")
}

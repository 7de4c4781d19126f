// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import "github.com/allmende-registry/allmende/api/compat"

// crawled are the publishers of the configuration with the addresses that are
// crawled for them.
func (c *config) crawled() []compat.Publisher {
	list := make([]compat.Publisher, len(c.Publishers))
	for i, p := range c.Publishers {
		list[i].Publisher = p.publisher()
		for _, s := range p.Sources {
			list[i].Sources = append(list[i].Sources, s.URL)
		}
	}
	return list
}

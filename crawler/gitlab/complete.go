// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package gitlab

import (
	"context"
	"fmt"

	"github.com/allmende-registry/allmende/crawler"
)

// complete asks for what is wanting of repositories that wait. One that has gone
// meanwhile is left out.
func (f *Forge) complete(ctx context.Context, wanting []*item) error {
	ask := func(fields string) func(context.Context, []*item) error {
		return func(ctx context.Context, part []*item) error {
			ids := make([]string, len(part))
			for i, item := range part {
				ids[i] = globalID + item.repo.ForgeID
			}
			var data struct{ Projects *nodes[node] }
			if err := f.query(ctx, idsQuery(fields), map[string]any{"ids": ids, "first": len(ids)}, &data); err != nil {
				return err
			}
			if data.Projects == nil || data.Projects.Nodes == nil {
				return fmt.Errorf("%s: %w", f.base, errNull)
			}
			byNumber := make(map[string]*node)
			for n := range data.Projects.all {
				byNumber[n.number()] = n
			}
			for _, item := range part {
				n := byNumber[item.repo.ForgeID]
				item.wanting = false
				if n == nil || !n.public() || !n.listable() {
					item.repo = crawler.Repo{}
					continue
				}
				path := item.repo.Path
				item.repo = f.repoOf(n, fields == full)
				item.repo.Path = path
			}
			return nil
		}
	}
	err := inParts(ctx, wanting, ask(full), func(lost *item, why error) {
		// Perhaps its files are what is too much; they can be read alone.
		if err := ask(metadata)(ctx, []*item{lost}); err != nil {
			lost.repo.Version, lost.repo.Native = "", &native{failed: why}
			lost.wanting = false
		}
	})
	for _, item := range wanting {
		if item.source.one {
			f.parent(ctx, &item.repo)
		}
	}
	return err
}

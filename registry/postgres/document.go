// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package postgres

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/jackc/pgx/v5"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/stored"
)

var _ registry.Documents = (*Store)(nil)

// PutDocuments implements [registry.Documents].
func (s *Store) PutDocuments(ctx context.Context, documents ...*registry.Document) error {
	err := registry.CheckDocuments(documents)
	if len(documents) == 0 || err != nil {
		return err
	}
	var versions []int64
	err = s.update(ctx, func(ctx context.Context, tx pgx.Tx) (err error) {
		versions, err = form.PutDocuments(ctx, work{tx}, documents)
		return err
	})
	if err != nil {
		return fail(ctx, err, "write %d documents", len(documents))
	}
	stored.SetVersions(documents, versions)
	return nil
}

// Document implements [registry.Documents].
func (s *Store) Document(ctx context.Context, kind registry.DocumentKind, key string) (*registry.Document, error) {
	d, err := read(ctx, s, form.ScanKept, stored.FindDocument, kind, key)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, fmt.Errorf("%s %q: %w", kind, key, registry.ErrNotFound)
	}
	if err != nil {
		return nil, fail(ctx, err, "read %s %q", kind, key)
	}
	return d, nil
}

// ListDocuments implements [registry.Documents].
func (s *Store) ListDocuments(ctx context.Context, list registry.DocumentList) iter.Seq2[*registry.Document, error] {
	return stored.ListDocuments(ctx, list,
		func(query string, args ...any) (page []*registry.Document, err error) {
			err = s.attempt(ctx, readAttempts, func() (err error) {
				page, err = rowsOf(ctx, s.pool, form.ScanKept, query, args...)
				return err
			})
			return page, err
		},
		func(err error) error { return fail(ctx, err, "list the documents of the kind %s", list.Kind) })
}

// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"

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
	err = s.write.update(ctx, func(ctx context.Context) (err error) {
		versions, err = form.PutDocuments(ctx, work{&s.write.statements}, documents)
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
	d, err := form.ScanKept(s.read.row(ctx, stored.FindDocument, kind, key))
	if errors.Is(err, sql.ErrNoRows) {
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
		func(query string, args ...any) ([]*registry.Document, error) {
			return onePage(ctx, s.read, query, func(row *sql.Rows) (*registry.Document, error) { return form.ScanKept(row) }, args)
		},
		func(err error) error { return fail(ctx, err, "list the documents of the kind %s", list.Kind) })
}

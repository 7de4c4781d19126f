// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"io/fs"
	"iter"
	"path/filepath"
	"strings"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/keyword"
	"github.com/blevesearch/bleve/v2/analysis/lang/de"
	"github.com/blevesearch/bleve/v2/search/query"

	"github.com/allmende-registry/allmende/registry"
)

// bleveIndex is bleve on disk with its German analyser.
type bleveIndex struct {
	bleve.Index
	dir string
}

func newBleve(dir string) (engine, error) {
	word, exact := bleve.NewTextFieldMapping(), bleve.NewTextFieldMapping()
	word.Analyzer, word.Store, word.IncludeInAll = de.AnalyzerName, false, false
	exact.Analyzer, exact.Store, exact.IncludeInAll, exact.IncludeTermVectors = keyword.Name, false, false, false
	date := bleve.NewDateTimeFieldMapping()
	date.Store, date.IncludeInAll = false, false
	document := bleve.NewDocumentStaticMapping()
	document.AddFieldMappingsAt("text", word)
	for _, f := range append([]string{"name"}, facets...) {
		document.AddFieldMappingsAt(f, exact)
	}
	document.AddFieldMappingsAt("pushed", date)
	document.AddFieldMappingsAt("first", date)
	mapping := bleve.NewIndexMapping()
	mapping.DefaultMapping = document
	index, err := bleve.New(filepath.Join(dir, "bleve"), mapping)
	return &bleveIndex{index, dir}, err
}

func (b *bleveIndex) build(ctx context.Context, entries iter.Seq[*registry.Software]) error {
	batch := b.NewBatch()
	for s := range entries {
		fields := map[string]any{
			"text": textOf(s), "name": strings.ToLower(s.PublicCode.Name), "pushed": s.Repository.Pushed, "first": s.FirstSeen,
		}
		for f, values := range valuesOf(s) {
			fields[string(f)] = values
		}
		if err := batch.Index(string(s.ID), fields); err != nil {
			return err
		}
		if batch.Size() == 1000 {
			if err := b.Batch(batch); err != nil {
				return err
			}
			batch.Reset()
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return b.Batch(batch)
}

func (b *bleveIndex) search(ctx context.Context, q registry.Query, page int) (int, bool, error) {
	asked, ok := understood(q.Text)
	if !ok {
		return 0, false, nil
	}
	all := bleve.NewBooleanQuery()
	for _, w := range asked.words {
		all.AddMust(matching(w, asked))
	}
	for _, w := range asked.without {
		all.AddMustNot(matching(w, question{}))
	}
	if asked.phrase != "" {
		phrase := bleve.NewMatchPhraseQuery(asked.phrase)
		phrase.SetField("text")
		all.AddMust(phrase)
	}
	for f, values := range q.Filters {
		term := bleve.NewTermQuery(values[0])
		term.SetField(string(f))
		all.AddMust(term)
	}
	var asks query.Query = all
	if q.Text == "" && len(q.Filters) == 0 {
		asks = bleve.NewMatchAllQuery()
	}
	request := bleve.NewSearchRequestOptions(asks, perPage, page*perPage, false)
	switch {
	case q.Sort == registry.ByUpdated:
		request.SortBy([]string{"-pushed", "name"})
	case q.Sort == registry.ByNew:
		request.SortBy([]string{"-first", "name"})
	case q.Text == "":
		request.SortBy([]string{"name"})
	}
	for _, f := range facets {
		request.AddFacet(f, bleve.NewFacetRequest(f, 100))
	}
	found, err := b.SearchInContext(ctx, request)
	if err != nil {
		return 0, false, err
	}
	return int(found.Total), true, nil //nolint:gosec // a number of entries
}

func matching(word string, asked question) query.Query {
	if asked.begun {
		prefix := bleve.NewPrefixQuery(strings.ToLower(word))
		prefix.SetField("text")
		return prefix
	}
	match := bleve.NewMatchQuery(word)
	match.SetField("text")
	if asked.typos {
		match.SetFuzziness(min(2, len(word)/6+1))
	}
	return match
}

func (b *bleveIndex) disk() int64  { return sizeOf(b.dir) }
func (b *bleveIndex) close() error { return b.Close() }

// sizeOf is what the files in a folder take.
func sizeOf(dir string) int64 {
	total := int64(0)
	_ = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			if info, err := d.Info(); err == nil {
				total += info.Size()
			}
		}
		return nil
	})
	return total
}

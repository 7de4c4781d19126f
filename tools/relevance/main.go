// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Command relevance measures how good the search is: it asks the queries of
// judged.yaml, held-out.yaml and unseen.yaml over the samples of `allmende demo`, prints
// nDCG@10, success@3 and MRR in all and by kind, and every query whose results
// are not what was judged. It exits with 1 where success@3 is below 0.95.
//
//	go run ./tools/relevance [-explain] [-url ADDRESS] [FILE ...]
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/allmende-registry/allmende/registry/search"
)

// sets are the judged queries: docs/search.md tells how they came about.
var sets = []string{"judged.yaml", "held-out.yaml", "unseen.yaml"}

// least is the success@3 that the project sets itself.
const least = 0.95

func main() {
	address := flag.String("url", "", "address of a running demo; the default is to start one")
	explain := flag.Bool("explain", false, "say why each of the wrong results was found")
	flag.Parse()
	files := flag.Args()
	if len(files) == 0 {
		for _, set := range sets {
			files = append(files, filepath.Join("tools", "relevance", set))
		}
	}
	good, err := run(context.Background(), os.Stdout, *address, *explain, files)
	if err != nil {
		fmt.Fprintln(os.Stderr, "relevance:", err)
	}
	if err != nil || !good {
		os.Exit(1)
	}
}

// run measures file by file and reports whether all are good enough.
func run(ctx context.Context, w io.Writer, address string, explain bool, files []string) (good bool, err error) {
	entries, err := samples(ctx, address)
	if err != nil {
		return false, err
	}
	index := search.New(entries)
	good = true
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			return false, err
		}
		queries, err := parse(src)
		if err != nil {
			return false, fmt.Errorf("%s: %w", file, err)
		}
		fmt.Fprintf(w, "%s: %d queries over %d entries\n\n", file, len(queries), len(entries.all))
		t := table{}
		for _, q := range queries {
			a, err := q.ask(ctx, index, entries.byName)
			if err != nil {
				return false, fmt.Errorf("%s: %q: %w", file, q.text, err)
			}
			t.add(q.kind, a)
			if fault := a.fault(explain); fault != "" {
				fmt.Fprintf(w, "  %s %s: %s\n", q.kind, q.text, fault)
			}
		}
		t.print(w)
		good = good && t.total().success() >= least
	}
	return good, nil
}

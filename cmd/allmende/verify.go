// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/backup"
	"github.com/allmende-registry/allmende/registry/search"
)

func verifyCommand() *cobra.Command {
	var configFile string
	var servers []string
	cmd := &cobra.Command{
		Use:   "verify --config FILE",
		Short: "Check that the registry is whole",
		Long: `Read all that the registry holds, as it is at one moment, and check that it
agrees: the change log is without a gap, every entry is as its last change left it,
every file and dossier has its hash, every former address leads to an entry, bills
of materials, history, crawl log and statistics can be read, and an index made anew
finds exactly the entries there are. What is wrong is printed, a line each, with its
place. Nothing is written; others may crawl and serve meanwhile.

With --server the list of one that serves this registry is read too, page by page
as anybody may, and compared with the registry.

Exit codes: 0 all agrees; 1 something is wrong; 2 unusable configuration; 4 the
registry could not be opened or read.`,
		Example: `  allmende verify --config allmende.yml
  allmende verify --config allmende.yml --server http://127.0.0.1:8080`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			v := verification{out: cmd.OutOrStdout()}
			_, store, err := openFilled(cmd.Context(), configFile)
			if err == nil {
				defer store.Close()
				err = v.run(cmd.Context(), store)
			}
			switch {
			case errors.Is(err, registry.ErrDamaged):
				v.wrong(err)
			case err != nil:
				return err
			}
			if v.found > 0 {
				return &exitError{exitFindings, fmt.Errorf("%d things are wrong: restore the registry from a backup", v.found)}
			}
			fmt.Fprintf(v.out, "%s, the index: all agrees\nsha256 of the records %s\n", contents(&v.digest), v.digest.SHA256())
			for _, server := range servers {
				if err := v.compare(cmd.Context(), store, server); err != nil {
					return err
				}
			}
			if v.found > 0 {
				return &exitError{exitFindings, fmt.Errorf("%d things differ at the servers: start them again; what still differs then, report", v.found)}
			}
			return nil
		},
	}
	cmd.Flags().StringArrayVar(&servers, "server", nil, "address of a server to compare with; may be given again")
	cmd.Flags().StringVar(&configFile, "config", "", "configuration file (required)")
	return cmd
}

// maxWrong is how many lines are printed of what is wrong.
const maxWrong = 1000

// verification looks for what is wrong with a registry.
type verification struct {
	out     io.Writer
	found   int
	digest  backup.Digest
	entries map[registry.ID]registry.Rev // those that are not removed
}

func (v *verification) wrong(what any) {
	switch v.found++; {
	case v.found <= maxWrong:
		fmt.Fprintln(v.out, what)
	case v.found == maxWrong+1:
		fmt.Fprintln(v.out, "and more")
	}
}

// run checks all. An error is what ended it.
func (v *verification) run(ctx context.Context, store registry.Store) error {
	if file, ok := store.(interface {
		Damage(context.Context) ([]string, error)
	}); ok {
		found, err := file.Damage(ctx)
		for _, line := range found {
			v.wrong(line)
		}
		if err != nil {
			return err
		}
	}
	if err := v.records(ctx, store); err != nil {
		return err
	}
	return v.index(ctx, store)
}

// compare holds what a server lists against what there is.
func (v *verification) compare(ctx context.Context, store registry.Store, server string) error {
	c, err := newComparison(store, server)
	if err != nil {
		return err
	}
	lines, n, err := c.run(ctx)
	for _, line := range lines {
		v.wrong(line)
	}
	if err == nil && len(lines) == 0 {
		fmt.Fprintf(v.out, "%s lists the same %d entries\n", c.server.Host, n)
	}
	return err
}

func (v *verification) records(ctx context.Context, store registry.Store) error {
	v.entries = map[registry.ID]registry.Rev{}
	var check registry.DumpCheck
	for r, err := range store.Dump(ctx) {
		switch {
		case errors.Is(err, registry.ErrDamaged):
			v.wrong(err)
			continue
		case err != nil:
			return err
		}
		for _, err := range check.Next(&r) {
			v.wrong(err)
		}
		for _, err := range v.digest.Of(func(yield func(registry.Record, error) bool) { yield(r, nil) }) {
			if err != nil {
				v.wrong(err)
			}
		}
		if e := r.Entry; e != nil && !e.Removed {
			v.entries[e.Software.ID] = e.Software.Rev
		}
	}
	if err := check.End(); err != nil {
		v.wrong(err)
	}
	return nil
}

// index compares what an index finds with the entries there were. Who writes
// meanwhile makes no difference: only an entry that is still as it was counts.
func (v *verification) index(ctx context.Context, store registry.Store) error {
	index := search.New(store)
	found := map[registry.ID]bool{}
	total := 0
	for q := (registry.Query{Sort: registry.ByName, Limit: 500}); ; {
		page, err := index.Search(ctx, q)
		if err != nil {
			return err
		}
		for _, s := range page.Items {
			if found[s.ID] {
				v.wrong(fmt.Sprintf("the index has the entry %s twice", s.ID))
			}
			found[s.ID] = true
		}
		if q.After, total = page.Next, page.Total; q.After == "" {
			break
		}
	}
	for id, rev := range v.entries {
		switch s, err := store.Get(ctx, id); {
		case errors.Is(err, registry.ErrNotFound):
			v.wrong(fmt.Sprintf("the entry %s is there, and is not found by its ID", id))
		case err == nil && s.Rev == rev && !found[id]:
			v.wrong(fmt.Sprintf("the entry %s is not in the index", id))
		}
		delete(found, id)
	}
	newest, err := store.Rev(ctx)
	if err != nil || newest != v.digest.Rev {
		return err
	}
	for id := range found {
		v.wrong(fmt.Sprintf("the index has the entry %s, which is not there", id))
	}
	if total != len(v.entries) {
		v.wrong(fmt.Sprintf("the index counts %d entries; there are %d", total, len(v.entries)))
	}
	return nil
}

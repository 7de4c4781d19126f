// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bufio"
	"context"
	"embed"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/allmende-registry/allmende/registry/sqlite" //nolint:depguard // the registry of the program that is measured
)

// hugoSite is a site for Hugo without its data: a content adapter that makes the
// pages, and layouts that show what an entry's page of ours shows.
//
//go:embed all:hugo
var hugoSite embed.FS

// writeHugo writes a site for Hugo with the entries of a store.
func writeHugo(ctx context.Context, store *sqlite.Store, dir string) error {
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	root, err := fs.Sub(hugoSite, "hugo")
	if err == nil {
		err = os.CopyFS(dir, root)
	}
	if err == nil {
		err = os.MkdirAll(filepath.Join(dir, "assets"), 0o755)
	}
	if err != nil {
		return err
	}
	f, err := os.Create(filepath.Join(dir, "assets", "entries.json")) //nolint:gosec // in the folder of this run
	if err != nil {
		return err
	}
	out := bufio.NewWriter(f)
	separator := "[\n"
	for s, err := range store.All(ctx) {
		if err != nil {
			return errors.Join(err, f.Close())
		}
		body, err := json.Marshal(s)
		if err != nil {
			return errors.Join(err, f.Close())
		}
		_, _ = out.WriteString(separator) // Flush tells
		_, _ = out.Write(body)
		separator = ",\n"
	}
	_, _ = out.WriteString("]\n")
	return errors.Join(out.Flush(), f.Close())
}

// countPages counts the pages below a folder.
func countPages(dir string) (n int, err error) {
	err = filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if strings.HasSuffix(path, ".html") {
			n++
		}
		return err
	})
	return n, err
}

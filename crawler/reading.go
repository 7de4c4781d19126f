// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package crawler

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

// readFirst reads the first of the files that exists.
func readFirst(tree fs.FS, names []string) (string, []byte, error) {
	for _, name := range names {
		src, err := readFile(tree, name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return name, nil, err
		}
		// Forges serve a symbolic link as a file that holds its target.
		if target, ok := linkTarget(name, src); ok {
			if linked, err := readFile(tree, target); err == nil {
				return target, linked, nil
			}
		}
		return name, src, nil
	}
	return "", nil, fs.ErrNotExist
}

func readFile(tree fs.FS, name string) ([]byte, error) {
	f, err := tree.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	src, err := io.ReadAll(io.LimitReader(f, MaxFileSize+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(src) > MaxFileSize {
		return nil, fmt.Errorf("%s: %w", name, registry.ErrTooLarge)
	}
	return src, nil
}

func linkTarget(name string, src []byte) (string, bool) {
	s := string(src)
	if len(s) > 512 || strings.ContainsAny(s, "\n: ") || !strings.HasSuffix(s, ".yml") && !strings.HasSuffix(s, ".yaml") {
		return "", false
	}
	target := path.Join(path.Dir(name), s)
	return target, fs.ValidPath(target) && target != name
}

func firstError(findings []publiccode.Finding) string {
	for _, f := range findings {
		if f.Severity == publiccode.Error {
			return fmt.Sprintf("line %d: %s", f.Line, f.Message("en"))
		}
	}
	return "no reason given"
}

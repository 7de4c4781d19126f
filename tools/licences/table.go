// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// table is one file: its heading, and rows with a key each.
type table struct {
	file string
	head []string
	rows [][]string
}

var (
	isHash       = regexp.MustCompile(`^[0-9a-f]{40}$`)
	isVersion    = regexp.MustCompile(`^v?[0-9][0-9A-Za-z.+-]{0,40}$`)
	isIdentifier = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9.+-]{0,99}$`)
)

// newTable sorts the rows by their keys and refuses what no list of licences has.
func newTable(file string, head []string, rows [][]string) (table, error) {
	slices.SortFunc(rows, func(a, b []string) int {
		return cmp.Or(cmp.Compare(strings.ToLower(a[0]), strings.ToLower(b[0])), cmp.Compare(a[0], b[0]))
	})
	if len(rows) == 0 {
		return table{}, fmt.Errorf("%s: no rows; has the format changed?", file)
	}
	for i, row := range rows {
		if !isIdentifier.MatchString(row[0]) {
			return table{}, fmt.Errorf("%s: %q is no identifier; has the format changed?", file, row[0])
		}
		if i > 0 && row[0] == rows[i-1][0] {
			return table{}, fmt.Errorf("%s: %q stands there twice", file, row[0])
		}
		for _, cell := range row {
			if len(cell) > 300 || strings.ContainsFunc(cell, unicode.IsControl) {
				return table{}, fmt.Errorf("%s: %s: %q is too long or has control characters", file, row[0], cell)
			}
		}
	}
	return table{file, head, rows}, nil
}

// read returns the rows of a table as it is kept, by key.
func (r *refresh) read(file string) (map[string][]string, error) {
	src, err := os.ReadFile(filepath.Join(r.folder, file))
	if err != nil {
		return nil, err
	}
	rows, err := csv.NewReader(bytes.NewReader(src)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if len(rows) == 0 {
		return nil, fmt.Errorf("%s: empty", file)
	}
	m := map[string][]string{}
	for _, row := range rows[1:] {
		m[row[0]] = row
	}
	return m, nil
}

// compare says what is new, and refuses a table in which rows are missing:
// identifiers stay on these lists, so a source has then been read wrongly, or
// has less than what is kept.
func (r *refresh) compare(t table) error {
	old, err := r.read(t.file)
	if err != nil {
		return err
	}
	added, changed := 0, 0
	for _, row := range t.rows {
		had, ok := old[row[0]]
		switch {
		case !ok:
			added++
		case !slices.Equal(had, row):
			changed++
		}
		delete(old, row[0])
	}
	gone := make([]string, 0, len(old))
	for id := range old {
		gone = append(gone, id)
	}
	slices.Sort(gone)
	fmt.Fprintf(r.out, "%s: %d rows, %d new, %d changed, %d gone\n", t.file, len(t.rows), added, changed, len(gone))
	if len(gone) > 0 && !r.drop {
		return fmt.Errorf("%s: would lose %s; where that is right, run it again with -drop", t.file, strings.Join(gone[:min(len(gone), 20)], ", "))
	}
	return nil
}

func (r *refresh) write(t table) error {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	if err := w.WriteAll(append([][]string{t.head}, t.rows...)); err != nil {
		return err
	}
	return r.replace(t.file, b.Bytes())
}

// replace writes a file as a whole.
func (r *refresh) replace(file string, content []byte) error {
	path := filepath.Join(r.folder, file)
	if err := os.WriteFile(path+".new", content, 0o644); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

// note writes the version of a source into sources.json.
func (r *refresh) note(id, version string) error {
	const file = "sources.json"
	src, err := os.ReadFile(filepath.Join(r.folder, file))
	if err != nil {
		return err
	}
	var sources []struct {
		ID          string   `json:"id"`
		Name        string   `json:"name"`
		URL         string   `json:"url"`
		Version     string   `json:"version"`
		Licence     string   `json:"licence"`
		Attribution string   `json:"attribution"`
		Changes     string   `json:"changes"`
		Files       []string `json:"files"`
	}
	if err := json.Unmarshal(src, &sources); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	found := false
	for i := range sources {
		if sources[i].ID == id {
			sources[i].Version, found = version, true
		}
	}
	if !found {
		return fmt.Errorf("%s: there is no source %q", file, id)
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(sources); err != nil {
		return err
	}
	return r.replace(file, b.Bytes())
}

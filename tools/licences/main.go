// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Command licences fetches the facts about licences anew from where they are
// published and writes them into the folder of the package licence, with the
// version of each source. It is not needed to build; docs/licence-data.md says
// when to run it.
//
//	go generate ./licence
//	go run ./tools/licences -data licence/data -only spdx,osadl
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"
)

// published are the hosts that the sources are fetched from.
type published struct {
	githubAPI, githubRaw, githubArchive, npm, osadl string
}

var official = published{
	githubAPI:     "https://api.github.com",
	githubRaw:     "https://raw.githubusercontent.com",
	githubArchive: "https://codeload.github.com",
	npm:           "https://registry.npmjs.org",
	osadl:         "https://www.osadl.org",
}

// source is one that can be fetched: its id in sources.json, and how to get its
// version and tables. The list of SPDX licences comes first, because others are
// reduced to what is on it.
type source struct {
	id    string
	fetch func(ctx context.Context, r *refresh) (version string, tables []table, err error)
}

var fetched = []source{
	{"spdx", fetchSPDX},
	{"scancode", fetchScanCode},
	{"choosealicense", fetchChooseALicense},
	{"blueoak", fetchBlueOak},
	{"osadl", fetchOSADL},
}

// refresh is one run.
type refresh struct {
	from   published
	client *http.Client
	folder string
	drop   bool // whether rows may go
	out    io.Writer
	// listed are the identifiers of the SPDX list.
	listed map[string]bool
}

func main() {
	folder := flag.String("data", "licence/data", "the folder to write to")
	only := flag.String("only", "", "sources to fetch, with commas between; all of them without it")
	drop := flag.Bool("drop", false, "let rows go that a source has no more")
	flag.Parse()
	r := &refresh{from: official, client: newClient(), folder: *folder, drop: *drop, out: os.Stdout}
	if err := r.run(context.Background(), *only); err != nil {
		fmt.Fprintln(os.Stderr, "licences:", err)
		os.Exit(1)
	}
}

// run fetches the sources one by one. Each is written whole or not at all; where
// one fails the others are fetched all the same.
func (r *refresh) run(ctx context.Context, only string) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	wanted := strings.FieldsFunc(only, func(c rune) bool { return c == ',' || c == ' ' })
	for _, id := range wanted {
		if !slices.ContainsFunc(fetched, func(s source) bool { return s.id == id }) {
			return fmt.Errorf("there is no source %q to fetch", id)
		}
	}
	var failed []string
	for _, s := range fetched {
		if len(wanted) > 0 && !slices.Contains(wanted, s.id) {
			continue
		}
		if err := r.refresh(ctx, s); err != nil {
			fmt.Fprintf(r.out, "%s: %v\n", s.id, err)
			failed = append(failed, s.id)
		}
	}
	if len(failed) > 0 {
		return fmt.Errorf("not refreshed: %s", strings.Join(failed, ", "))
	}
	return nil
}

func (r *refresh) refresh(ctx context.Context, s source) error {
	version, tables, err := s.fetch(ctx, r)
	if err != nil {
		return err
	}
	for _, t := range tables {
		if err := r.compare(t); err != nil {
			return err
		}
	}
	for _, t := range tables {
		if err := r.write(t); err != nil {
			return err
		}
	}
	fmt.Fprintf(r.out, "%s: version %s\n", s.id, version)
	return r.note(s.id, version)
}

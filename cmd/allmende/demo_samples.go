// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"embed"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path"
	"reflect"
	"regexp"
	"strings"
	"time"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/forgetest"
)

// samples are invented repositories and the configuration that crawls them.
//
//go:embed samples
var samples embed.FS

// samplesDay is the day that the samples are written for. On another day all
// their dates move along, so that they are as old as on that one.
var samplesDay = time.Date(2026, time.November, 22, 0, 0, 0, 0, time.UTC)

var isoDate = regexp.MustCompile(`\b20[0-9]{2}-[01][0-9]-[0-3][0-9]`)

// movedTo moves the dates in the text of a sample from samplesDay to now.
func movedTo(now time.Time) func([]byte) []byte {
	days := int(now.UTC().Truncate(24*time.Hour).Sub(samplesDay) / (24 * time.Hour))
	return func(text []byte) []byte {
		return isoDate.ReplaceAllFunc(text, func(date []byte) []byte {
			t, err := time.Parse(time.DateOnly, string(date))
			if err != nil {
				return date
			}
			return t.AddDate(0, 0, days).AppendFormat(nil, time.DateOnly)
		})
	}
}

// sampleFolder opens a folder of samples; "" is that of the program.
func sampleFolder(dir string) (fs.FS, error) {
	if dir == "" {
		return fs.Sub(samples, "samples")
	}
	return os.DirFS(dir), nil
}

// writeSamples writes the samples of the program to a folder that has none of them.
func writeSamples(dir string, out io.Writer) error {
	folder, err := sampleFolder("")
	if err == nil {
		err = os.CopyFS(dir, folder)
	}
	if err != nil {
		return usageError(fmt.Errorf("cannot write the samples: %w; name a folder that is empty or not there yet", err))
	}
	_, err = fmt.Fprintf(out, "The samples are in %[1]s. To show them, with all that you change: allmende demo --samples %[1]s\n", dir)
	return err
}

// readSamples reads the configuration and the world of a folder of samples.
func readSamples(dir string) (*config, *sampleWorld, error) {
	folder, err := sampleFolder(dir)
	if err != nil {
		return nil, nil, err
	}
	cfg, err := sampleConfig(folder)
	if err != nil {
		return nil, nil, usageError(fmt.Errorf("samples in %s: %w", dir, err))
	}
	s := &sampleWorld{World: forgetest.New(), folder: folder, edit: movedTo(time.Now()), read: forgetest.New()}
	switch changed, err := s.again(); {
	case err != nil:
		return nil, nil, usageError(fmt.Errorf("samples in %s: %w", dir, err))
	case !changed:
		return nil, nil, usageError(fmt.Errorf("samples in %s: no file *.txtar is there; --write-samples writes some to begin with", dir))
	}
	return cfg, s, nil
}

// sampleConfig reads the configuration in a folder of samples.
func sampleConfig(folder fs.FS) (*config, error) {
	const name = "config.yaml"
	src, err := fs.ReadFile(folder, name)
	if err != nil {
		return nil, err
	}
	cfg, err := parseConfig(src)
	if err != nil {
		return nil, fmt.Errorf("%s:\n%w", name, err)
	}
	for i, f := range cfg.Forges {
		if standIns[f.Kind] == nil {
			return nil, fmt.Errorf("%s: %s is of the kind %q, and there are stand-ins for %s, %s and %s alone", name, f.URL, f.Kind, crawler.GitHub, crawler.GitLab, crawler.Forgejo)
		}
		// With any token, GitHub is read the way it should be, by GraphQL.
		cfg.Forges[i].tokens = []string{"demo"}
	}
	cfg.duties, err = readPages(cfg.Pages, func(name string) ([]byte, error) { return fs.ReadFile(folder, name) })
	if err != nil {
		return nil, fmt.Errorf("pages of %s: %w", name, err)
	}
	return cfg, nil
}

// sampleWorld is what the stand-ins serve, and the folder that it is read from.
type sampleWorld struct {
	*forgetest.World
	folder fs.FS
	edit   func([]byte) []byte
	read   *forgetest.World // as the folder last was
	state  string           // of its files then
}

// again reads the samples anew where their files are not as they were, and reports
// whether the world changed. What is wrong with them is told once, and leaves the
// world as it was.
func (s *sampleWorld) again() (bool, error) {
	state, err := stateOf(s.folder)
	if state == s.state {
		return false, nil
	}
	s.state = state
	if err != nil {
		return false, err
	}
	next, err := forgetest.Load(s.folder, s.edit)
	if err != nil {
		return false, err
	}
	changed := false
	for forge := range standIns {
		for _, r := range next.Repos(forge) {
			if before, _, ok := s.read.Find(forge, r.Path); !ok || !reflect.DeepEqual(before, r) {
				s.Put(r)
				changed = true
			}
		}
		for _, r := range s.read.Repos(forge) {
			if now, _, ok := next.Find(forge, r.Path); !ok || now.Path != r.Path {
				s.Remove(forge, r.Path)
				changed = true
			}
		}
	}
	s.read = next
	return changed, nil
}

// stateOf tells samples that were written from those before.
func stateOf(folder fs.FS) (string, error) {
	var state strings.Builder
	err := fs.WalkDir(folder, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ".txtar" {
			return err
		}
		info, err := d.Info()
		if err == nil {
			fmt.Fprintln(&state, name, info.Size(), info.ModTime().UnixNano())
		}
		return err
	})
	if err != nil {
		return err.Error(), err
	}
	return state.String(), nil
}

// samplesEvery is how often a folder of samples is looked at for changes.
const samplesEvery = time.Second

// follow sweeps whenever the samples change, until the context ends.
func (s *sampleWorld) follow(ctx context.Context, sweep func(context.Context) error, log *slog.Logger) {
	look := time.NewTicker(samplesEvery)
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-look.C:
		}
		changed, err := s.again()
		if err == nil && changed {
			err = sweep(ctx)
		}
		if err != nil && ctx.Err() == nil {
			log.Error("what is shown stays as it is until the samples change again", "error", err)
		}
	}
}

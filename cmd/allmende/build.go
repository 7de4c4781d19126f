// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"sync"
	"time"

	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"

	"github.com/allmende-registry/allmende/site"
)

func buildCommand() *cobra.Command {
	var configFile, out string
	var asJSON, links bool
	var how site.Making
	cmd := &cobra.Command{
		Use:   "build --config FILE --out DIR",
		Short: "Write the site as static files",
		Long: `Write the whole site, German and English, as files that any web server can
serve. The site is made beside the folder, in a hidden one, and exchanged with it
in one step when it is whole; until then readers see what was there before. Only
what changed since the last build is made again, and files that are gone are
removed. Files that build did not write are kept. Where nothing may be written
beside the folder, or something is mounted on it, files are put into place one by
one.

With SOURCE_DATE_EPOCH in the environment, in seconds since 1970, the site is that
of that day: statements are confirmed or not as they were then.`,
		Example: `  allmende build --config allmende.yml --out public
  allmende build --config allmende.yml --out public --full --json`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if out == "" {
				return usageError(errors.New("name the folder to write to with --out DIR"))
			}
			now, err := buildClock()
			if err != nil {
				return err
			}
			cat, opt, err := configuredCatalogue(cmd, configFile)
			if err != nil {
				return err
			}
			defer cat.Close()
			opt.Now, how.Unchecked = now, !links
			pages, err := site.New(cat, opt)
			if err != nil {
				return err
			}
			shown := showProgress(cmd.ErrOrStderr())
			how.Progress = shown.tell
			report, err := pages.Make(cmd.Context(), out, how)
			shown.clear()
			if err != nil {
				return err
			}
			if asJSON {
				return json.NewEncoder(cmd.OutOrStdout()).Encode(report)
			}
			if report.InPlace {
				fmt.Fprintf(cmd.OutOrStdout(), "%s: cannot be exchanged for a new folder, so files were put into place one by one\n", out)
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s: %d pages; %d files written, %d unchanged, %d removed; %.1f s, %.0f pages per second\n",
				out, report.Pages, report.Written, report.Unchanged, report.Removed, report.Seconds, float64(report.Pages)/max(report.Seconds, 1e-3))
			return nil
		},
	}
	cmd.Flags().StringVar(&configFile, "config", "", "configuration file (required)")
	cmd.Flags().StringVar(&out, "out", "", "folder to write to (required); created where missing")
	cmd.Flags().BoolVar(&how.Full, "full", false, "make all pages, and look at each file that is there")
	cmd.Flags().BoolVar(&links, "check-links", true, "fail where a link of the site leads nowhere")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the report as JSON")
	return cmd
}

// buildClock is the clock of a build: it stands still, so that all pages are of
// one moment.
func buildClock() (func() time.Time, error) {
	now := time.Now()
	if epoch := os.Getenv("SOURCE_DATE_EPOCH"); epoch != "" {
		seconds, err := strconv.ParseInt(epoch, 10, 64)
		if err != nil {
			return nil, usageError(fmt.Errorf("SOURCE_DATE_EPOCH %q is no number of seconds: %w", epoch, err))
		}
		now = time.Unix(seconds, 0).UTC()
	}
	return func() time.Time { return now }, nil
}

// countdown is a line on a terminal that tells how far a build is; nothing
// elsewhere.
type countdown struct {
	out   io.Writer // nil for nothing
	mu    sync.Mutex
	begin time.Time
	last  time.Time
}

func showProgress(out io.Writer) *countdown {
	if f, ok := out.(*os.File); !ok || !isatty.IsTerminal(f.Fd()) {
		out = nil
	}
	return &countdown{out: out, begin: time.Now()}
}

func (p *countdown) tell(made, all int) {
	if p.out == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	if now.Sub(p.last) < 100*time.Millisecond && made < all {
		return
	}
	p.last = now
	spent := now.Sub(p.begin)
	rest := time.Duration(float64(spent) / float64(made) * float64(all-made)).Round(time.Second)
	fmt.Fprintf(p.out, "\r\033[K%d of %d entries, %.0f a second, %s to go", made, all, float64(made)/spent.Seconds(), rest)
}

func (p *countdown) clear() {
	if p.out != nil {
		fmt.Fprint(p.out, "\r\033[K")
	}
}

// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Command allmende is the registry's one binary: it crawls forges, validates
// publiccode.yml files, and serves the catalogue as an API and a site.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

// The exit codes, which scripts rely on.
const (
	exitFindings = 1 // validate, fix: a file has errors; why: it is not listed; history: it never was; licence: the answer is not a yes
	exitUsage    = 2 // unusable command line or configuration
	exitPartial  = 3 // crawl: some source or repository failed
	exitFailure  = 4 // anything else, such as a store that cannot be written
)

// exitError ends the program with a code. Its text is printed unless it is "".
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

func usageError(err error) error { return &exitError{exitUsage, err} }

func main() {
	os.Exit(run(context.Background(), os.Args[1:], os.Stdout, os.Stderr))
}

// untilSignal lets a command end its work in order when it is interrupted. The
// others are simply ended by the signal.
func untilSignal(cmd *cobra.Command) *cobra.Command {
	work := cmd.RunE
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
		defer stop()
		cmd.SetContext(ctx)
		return work(cmd, args)
	}
	return cmd
}

// run runs one command line and returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	root := rootCommand()
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return 0
	}
	var exit *exitError
	if !errors.As(err, &exit) {
		exit = &exitError{exitFailure, err}
	}
	if text := exit.Error(); text != "" {
		fmt.Fprintln(stderr, "allmende:", text)
	}
	return exit.code
}

func rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "allmende",
		Short: "The community registry for public-sector software",
		Long: `Allmende collects publiccode.yml files from GitHub, GitLab, Forgejo, Bitbucket,
any host of git, folders and other catalogues into a registry, and serves it as
an HTTP API and a website, so that administrations can find, reuse and
co-maintain each other's software.

A first look, without any configuration or network:

    allmende demo

A registry of your own:

    allmende serve --config allmende.yml     collect, API and site on one address
    allmende crawl --config allmende.yml     collect once
    allmende build --config allmende.yml --out public     the site as files
    allmende why URL --config allmende.yml   why a repository is (not) in it
    allmende history URL --config allmende.yml    what changed in an entry, and when
    allmende stats --config allmende.yml     the catalogue day by day
    allmende token create --config allmende.yml --scope overrides --name NAME     who may
                                             write by the API; see also audit
    allmende backup --config allmende.yml --out BACKUP    all of it in one file; see also
                                             restore, verify, prune, copy and migrate

For maintainers:

    allmende validate publiccode.yml
    allmende fix --diff publiccode.yml       what can be mended without a decision

Exit codes: 0 all is well; 1 validate or fix found errors, why no entry, the
answer of licence is not a yes; 2 the command line or the configuration cannot be
used; 3 crawl could not read some source or repository; 4 any other failure.`,
		Version:       cmp.Or(programVersion(), "built from a work tree"),
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          noArgs,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usageError(fmt.Errorf("%w\nsee '%s --help'", err, cmd.CommandPath()))
	})
	root.AddCommand(
		untilSignal(crawlCommand()), untilSignal(buildCommand()), untilSignal(serveCommand()), untilSignal(workerCommand()), untilSignal(demoCommand()),
		untilSignal(backupCommand()), untilSignal(restoreCommand()), untilSignal(verifyCommand()), untilSignal(pruneCommand()), untilSignal(copyCommand()), migrateCommand(), tokenCommand(), auditCommand(), untilSignal(mcpCommand()),
		whyCommand(), historyCommand(), statsCommand(), reuseCommand(), untilSignal(exportCommand()), adoptionsCommand(), claimsCommand(), needsCommand(), communitiesCommand(), joinCommand(), forksCommand(), dossierCommand(), newCommand(), validateCommand(), fixCommand(), schemaCommand(), explainCommand(), licenceCommand(),
	)
	return root
}

// noArgs refuses arguments, which may be a command's name misspelt.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usageError(fmt.Errorf("unknown command or argument %q; see '%s --help'", args[0], cmd.CommandPath()))
	}
	return nil
}

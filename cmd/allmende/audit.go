// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"encoding/json"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/allmende-registry/allmende/registry"
)

func auditCommand() *cobra.Command {
	var configFile, since string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "audit --config FILE",
		Short: "Show who wrote what by the API and with this program, the newest first",
		Long: `Show the audit log, the newest line first: when, who, what was done, and to what.
Who is the ID of a token, the subject of a sign-in elsewhere, or cli for this program.
With --json each line is one JSON object.`,
		Example: "  allmende audit --config allmende.yml --since 2026-01-31\n  allmende audit --config allmende.yml --json | jq .actor",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			from, err := parseSince(since)
			if err != nil {
				return usageError(err)
			}
			store, err := openKept(cmd.Context(), configFile)
			if err != nil {
				return err
			}
			defer store.Close()
			out := cmd.OutOrStdout()
			w, enc := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0), json.NewEncoder(out)
			for d, err := range store.ListDocuments(cmd.Context(), registry.DocumentList{Kind: registry.AuditDocument, Backward: true}) {
				if err != nil {
					return err
				}
				line, err := registry.ReadDocument[registry.AuditLine](d)
				if err != nil {
					return err
				}
				if line.Time.Before(from) {
					break
				}
				if asJSON {
					err = enc.Encode(line)
				} else {
					_, err = fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", line.Time.UTC().Format(time.RFC3339),
						printable(line.Actor), line.Action, printable(line.Object), printable(line.Detail))
				}
				if err != nil {
					return err
				}
			}
			return w.Flush()
		},
	}
	cmd.Flags().StringVar(&configFile, "config", "", "configuration file (required)")
	cmd.Flags().StringVar(&since, "since", "", "the first day (2026-01-31, in UTC) or moment (RFC 3339) that is shown")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON, an object a line")
	return cmd
}

// parseSince reads a day or a moment; "" is the beginning of time.
func parseSince(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	if t, err := time.Parse(time.DateOnly, s); err == nil {
		return t, nil
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return t, fmt.Errorf("--since is a day such as 2026-01-31 or a moment such as 2026-01-31T08:00:00Z, not %q", s)
	}
	return t, nil
}

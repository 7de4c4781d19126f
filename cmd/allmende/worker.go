// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/spf13/cobra"
)

func workerCommand() *cobra.Command {
	var configFile, metrics string
	var hosts int
	var delivers bool
	cmd := &cobra.Command{
		Use:   "worker --config FILE",
		Short: "Crawl what is due and what is pushed, beside other workers",
		Long: `Crawl each source when it is due, and single repositories when a server of the
same registry was told of a push: what 'serve' does unless it is started with
--crawl=false, without serving anything.

Any number of workers and servers may share one registry in PostgreSQL; all use
the same configuration. What is to be done waits in the registry, and nothing is
lost when one of them ends, however it ends: another goes on. All sources of a
host are crawled by one worker at a time.

SIGINT and SIGTERM stop it; what is under way is gone on with by another worker,
or at the next start.`,
		Example: "  allmende worker --config allmende.yml\n  allmende worker --config allmende.yml --hosts 4",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if hosts < 1 {
				return usageError(fmt.Errorf("--hosts must be at least 1, not %d", hosts))
			}
			cfg, err := loadConfig(configFile)
			if err != nil {
				return err
			}
			log := slog.New(slog.NewTextHandler(cmd.ErrOrStderr(), nil))
			store, err := openStore(cmd.Context(), cfg.Store)
			if err != nil {
				return err
			}
			schedule, err := newSchedule(cfg, store, log)
			if err != nil {
				return errors.Join(err, store.Close())
			}
			schedule.Hosts = hosts
			observed, err := newObservation(cmd.Context(), cmp.Or(metrics, cfg.Metrics), log)
			if err != nil {
				return errors.Join(err, store.Close())
			}
			err = observed.during(cmd.Context(), numbersOf{store: store, log: log}, func(ctx context.Context) error {
				return schedule.during(ctx, func(ctx context.Context) error {
					if delivers {
						defer cfg.delivering(ctx, store, nil, log)()
					}
					fmt.Fprintf(cmd.OutOrStdout(), "working on %s\n", storeName(cfg.Store))
					<-ctx.Done()
					return nil
				})
			})
			return cmp.Or(err, store.Close())
		},
	}
	cmd.Flags().StringVar(&configFile, "config", "", "configuration file (required)")
	cmd.Flags().StringVar(&metrics, "metrics", "", "address to tell Prometheus at, such as 127.0.0.1:9464; none unless the configuration has one")
	cmd.Flags().BoolVar(&delivers, "deliver", true, "send changes to those who subscribed to them")
	cmd.Flags().IntVar(&hosts, "hosts", 8, "hosts that are crawled at a time; the others are left to other workers")
	return cmd
}

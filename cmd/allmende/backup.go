// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/backup"
)

func backupCommand() *cobra.Command {
	var configFile, out string
	cmd := &cobra.Command{
		Use:   "backup --config FILE --out BACKUP",
		Short: "Write all that the registry holds into one file",
		Long: `Write all that the registry holds, as it is at one moment, into one compressed
file, while others crawl and serve. It is read again before the command says
done; until then a file of that name from before stays as it was. The
configuration and the secrets of the environment are not in it. What is beside the
catalogue is, such as hashes of tokens and restricted statements: keep it as safe as
the registry.`,
		Example: "  allmende backup --config allmende.yml --out allmende-$(date +%F).zst",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if out == "" {
				return usageError(errors.New("name the file to write with --out BACKUP"))
			}
			_, store, err := openFilled(cmd.Context(), configFile)
			if err != nil {
				return err
			}
			defer store.Close()
			digest, size, err := writeBackup(cmd.Context(), store, out)
			if errors.Is(err, registry.ErrInvalid) {
				err = fmt.Errorf("%w; 'allmende verify' says all that is wrong", err)
			}
			if err != nil {
				return fmt.Errorf("no backup was made: %w", err)
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s: %s; %d bytes\nsha256 of the records %s\n", out, contents(digest), size, digest.SHA256())
			return nil
		},
	}
	cmd.Flags().StringVar(&configFile, "config", "", "configuration file (required)")
	cmd.Flags().StringVar(&out, "out", "", "file to write (required)")
	return cmd
}

// contents says in a few words what a dump had.
func contents(d *backup.Digest) string {
	return fmt.Sprintf("%d entries, %d files, %d visits, %d changes, %d documents beside them",
		d.Count("entry"), d.Count("file"), d.Count("visit"), d.Count("change"), d.Count("document"))
}

// writeBackup writes a backup beside path, reads it again, and puts it in place.
func writeBackup(ctx context.Context, store registry.Store, path string) (_ *backup.Digest, size int64, err error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".backup-*") // readable by its owner alone
	if err != nil {
		return nil, 0, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	written, err := backup.Write(f, time.Now(), store.Dump(ctx))
	if err == nil {
		err = f.Sync()
	}
	if err == nil {
		size, err = f.Seek(0, io.SeekEnd)
	}
	if err == nil {
		err = verifyFile(f, written)
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, 0, err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return nil, 0, err
	}
	return written, size, syncFolder(filepath.Dir(path))
}

func verifyFile(f *os.File, written *backup.Digest) error {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	return sameDigest(written, backup.Read(f))
}

// sameDigest reports a dump that is another than the one with a digest.
func sameDigest(want *backup.Digest, dump iter.Seq2[registry.Record, error]) error {
	var got backup.Digest
	for _, err := range got.Of(dump) {
		if err != nil {
			return err
		}
	}
	if got.Records != want.Records || got.SHA256() != want.SHA256() {
		return fmt.Errorf("what was read again differs from what was written: %d records with the hash %s, not %d with %s",
			got.Records, got.SHA256(), want.Records, want.SHA256())
	}
	return nil
}

// syncFolder makes a new name in a folder outlast a power cut.
func syncFolder(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

func restoreCommand() *cobra.Command {
	var configFile string
	cmd := &cobra.Command{
		Use:   "restore BACKUP --config FILE",
		Short: "Fill an empty registry from a backup",
		Long: `Fill the registry of a configuration from a file that backup wrote, all of it or
nothing. A registry that holds anything already is refused and stays as it is.
What was restored is read again and compared before the command says done.`,
		Example: "  allmende restore allmende-2026-11-22.zst --config allmende.yml",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usageError(fmt.Errorf("name one file that backup wrote; see '%s --help'", cmd.CommandPath()))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := loadConfig(configFile)
			if err != nil {
				return err
			}
			f, err := os.Open(args[0])
			if err != nil {
				return usageError(err)
			}
			defer f.Close()
			digest, err := fill(cmd.Context(), cfg.Store, backup.Read(f))
			if err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s: %s, verified\nsha256 of the records %s\n", storeName(cfg.Store), contents(digest), digest.SHA256())
			return nil
		},
	}
	cmd.Flags().StringVar(&configFile, "config", "", "configuration file (required)")
	return cmd
}

// fill loads a dump into the empty registry at an address, and compares what is
// there then with what came.
func fill(ctx context.Context, address string, dump iter.Seq2[registry.Record, error]) (_ *backup.Digest, err error) {
	store, err := openStore(ctx, address)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	var digest backup.Digest
	err = store.Load(ctx, digest.Of(dump))
	switch {
	case errors.Is(err, registry.ErrNotEmpty):
		return nil, usageError(fmt.Errorf("%w: name a new one as store of the configuration, or move the old one away", err))
	case err != nil:
		return nil, fmt.Errorf("nothing was taken over: %w", err)
	}
	if err := sameDigest(&digest, store.Dump(ctx)); err != nil {
		return nil, fmt.Errorf("the registry %s is not to be trusted: %w", storeName(address), err)
	}
	return &digest, nil
}

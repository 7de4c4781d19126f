// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/allmende-registry/allmende/registry"
)

// cliActor is who runs the program, in the audit log.
const cliActor = "cli"

func tokenCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "token",
		Short: "Make, list and revoke the tokens of those who may write by the API",
		Long: `Make, list and revoke the tokens of those who may write by the API.

A token has scopes, which say what it allows, and may be bound to regions and to an
organisation. The registry keeps a hash of it, no more. Every change is a line in the
audit log, see 'allmende audit'. Reading what is public needs no token.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(tokenCreateCommand(), tokenListCommand(), tokenRevokeCommand())
	return cmd
}

func tokenCreateCommand() *cobra.Command {
	var configFile, name, expires, organisation string
	var scopes, regions []string
	cmd := &cobra.Command{
		Use:   "create --config FILE --name NAME --scope SCOPE",
		Short: "Make a token and print it, this once",
		Long: fmt.Sprintf(`Make a token and print it on standard output, this once: it is kept nowhere.
The scopes are %s.`, strings.Join(scopeWords(registry.Scopes()), ", ")),
		Example: "  allmende token create --config allmende.yml --name 'Redaktion Kiel' --scope overrides --scope crawl --region DE-SH\n" +
			"  allmende token create --config allmende.yml --name 'Stadt Beispiel' --scope adoptions --organisation https://stadt.example/ --expires 90d",
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			now := time.Now()
			until, err := registry.Expiry(expires, now)
			if err != nil {
				return usageError(fmt.Errorf("--expires: %w", err))
			}
			grant := registry.Grant{Organisation: organisation}
			for _, s := range scopes {
				grant.Scopes = append(grant.Scopes, registry.Scope(s))
			}
			for _, r := range regions {
				code, err := registry.ParseRegion(r)
				if err != nil {
					return usageError(fmt.Errorf("--region: %w", err))
				}
				grant.Regions = append(grant.Regions, code)
			}
			token, value, err := registry.NewToken(now, cliActor, name, grant, until)
			if err != nil {
				return usageError(err)
			}
			cfg, err := loadConfig(configFile)
			if err != nil {
				return err
			}
			store, err := openStore(cmd.Context(), cfg.Store)
			if err != nil {
				return err
			}
			line := registry.Audit(now, cliActor, "token.create", token.ID, token.Describe())
			err = store.PutDocuments(cmd.Context(), token.Document(), line.Document())
			if err = cmp.Or(err, store.Close()); err != nil {
				return err
			}
			fmt.Fprintln(cmd.ErrOrStderr(), "Keep it safe, it is shown this once. "+token.ID+" is "+token.Describe()+".")
			_, err = fmt.Fprintln(cmd.OutOrStdout(), value)
			return err
		},
	}
	cmd.Flags().StringVar(&configFile, "config", "", "configuration file (required)")
	cmd.Flags().StringVar(&name, "name", "", "who has it, and what for (required)")
	cmd.Flags().StringArrayVar(&scopes, "scope", nil, "what it allows (required, several times for several)")
	cmd.Flags().StringArrayVar(&regions, "region", nil, "where, such as DE-SH (several times for several); everywhere without")
	cmd.Flags().StringVar(&organisation, "organisation", "", "URI of the organisation that it speaks for")
	cmd.Flags().StringVar(&expires, "expires", "", "90d, 2027-01-31 or never; a year without")
	return cmd
}

func scopeWords(scopes []registry.Scope) []string {
	words := make([]string, len(scopes))
	for i, s := range scopes {
		words[i] = string(s)
	}
	return words
}

// shownToken is a token as list shows it: without the hash of its secret.
type shownToken struct {
	ID      string    `json:"id"`
	Name    string    `json:"name"`
	State   string    `json:"state"` // valid, expired or revoked
	Created time.Time `json:"created"`
	By      string    `json:"by"`
	Expires time.Time `json:"expires,omitzero"`
	Revoked time.Time `json:"revoked,omitzero"`
	Used    time.Time `json:"used,omitzero"`
	registry.Grant
}

func showToken(t *registry.Token, now time.Time) shownToken {
	state := "valid"
	switch {
	case !t.Revoked.IsZero():
		state = "revoked"
	case !t.Holds(now):
		state = "expired"
	}
	return shownToken{
		ID: t.ID, Name: t.Name, State: state, Created: t.Created, By: t.By, Expires: t.Expires, Revoked: t.Revoked, Used: t.Used, Grant: t.Grant,
	}
}

func tokenListCommand() *cobra.Command {
	var configFile string
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "list --config FILE",
		Short:   "List the tokens, those that have expired or were revoked too",
		Example: "  allmende token list --config allmende.yml",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			store, err := openKept(cmd.Context(), configFile)
			if err != nil {
				return err
			}
			defer store.Close()
			list := []shownToken{}
			for d, err := range store.ListDocuments(cmd.Context(), registry.DocumentList{Kind: registry.TokenDocument}) {
				if err != nil {
					return err
				}
				t, err := registry.ReadDocument[registry.Token](d)
				if err != nil {
					return err
				}
				list = append(list, showToken(t, time.Now()))
			}
			slices.SortStableFunc(list, func(a, b shownToken) int { return a.Created.Compare(b.Created) })
			if asJSON {
				return json.NewEncoder(cmd.OutOrStdout()).Encode(list)
			}
			return printTokens(cmd.OutOrStdout(), list)
		},
	}
	cmd.Flags().StringVar(&configFile, "config", "", "configuration file (required)")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON array of tokens")
	return cmd
}

// openKept opens the registry that a configuration names, which has to be there.
func openKept(ctx context.Context, configFile string) (store, error) {
	cfg, err := loadConfig(configFile)
	if err != nil {
		return nil, err
	}
	return openExisting(ctx, cfg.Store)
}

func printTokens(out io.Writer, list []shownToken) error {
	if len(list) == 0 {
		_, err := fmt.Fprintln(out, "There are no tokens; 'allmende token create' makes one.")
		return err
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tName\tState\tScopes\tRegions\tOrganisation\tExpires\tUsed")
	for _, t := range list {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", t.ID, printable(t.Name), t.State, strings.Join(scopeWords(t.Scopes), ","),
			cmp.Or(strings.Join(t.Regions, ","), "all"), cmp.Or(t.Organisation, "-"), day(t.Expires, "never"), day(t.Used, "never"))
	}
	return w.Flush()
}

// day is the day of a time in UTC, or what stands for none.
func day(t time.Time, none string) string {
	if t.IsZero() {
		return none
	}
	return t.UTC().Format(time.DateOnly)
}

// revokeAttempts is how often revoking is tried while the token's use is written
// down.
const revokeAttempts = 5

func tokenRevokeCommand() *cobra.Command {
	var configFile string
	cmd := &cobra.Command{
		Use:     "revoke ID --config FILE",
		Short:   "Revoke a token: it opens nothing from now on",
		Example: "  allmende token revoke k3v7q2mzp4xa --config allmende.yml",
		Args:    oneToken,
		RunE: func(cmd *cobra.Command, args []string) error {
			store, err := openKept(cmd.Context(), configFile)
			if err != nil {
				return err
			}
			defer store.Close()
			for range revokeAttempts {
				if err = revokeToken(cmd.Context(), store, args[0]); !errors.Is(err, registry.ErrConflict) {
					break
				}
			}
			if errors.Is(err, registry.ErrNotFound) {
				return usageError(fmt.Errorf("there is no token %q; 'allmende token list' has their IDs", args[0]))
			}
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(cmd.OutOrStdout(), "revoked "+args[0])
			return err
		},
	}
	cmd.Flags().StringVar(&configFile, "config", "", "configuration file (required)")
	return cmd
}

func oneToken(_ *cobra.Command, args []string) error {
	if len(args) != 1 {
		return usageError(errors.New("name one token by its ID, as 'allmende token list' has it"))
	}
	return nil
}

func revokeToken(ctx context.Context, store registry.Documents, id string) error {
	if _, _, isToken := registry.CutToken(id); isToken || !registry.IsTokenID(id) {
		return registry.ErrNotFound // a token itself is not to be repeated
	}
	doc, err := store.Document(ctx, registry.TokenDocument, id)
	if err != nil {
		return err
	}
	t, err := registry.ReadDocument[registry.Token](doc)
	if err != nil || !t.Revoked.IsZero() {
		return err
	}
	now := time.Now()
	t.Revoked = now.UTC().Truncate(time.Second)
	revoked, line := t.Document(), registry.Audit(now, cliActor, "token.revoke", t.ID, t.Name)
	revoked.Version = doc.Version
	return store.PutDocuments(ctx, revoked, line.Document())
}

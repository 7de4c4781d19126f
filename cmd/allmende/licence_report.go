// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/allmende-registry/allmende/registry"
)

func licenceReportCommand() *cobra.Command {
	var flags licenceFlags
	var configFile, region string
	var verdicts []string
	var issues bool
	cmd := &cobra.Command{
		Use:   "report --config FILE",
		Short: "Count how the licences of the catalogue stand, and list what is to be mended",
		Long: `Count for how many entries declaration and licence texts agree (match), may mean
the same (ambiguous), contradict one another (conflict), or are not both there
(missing), in all and by region; then list the entries that do not agree, with the
reason, as a list of work. With --issues each comes with a text, ready for an issue
in its tracker.

Exit codes: 0 it is counted; 2 unusable configuration; 4 any other failure.`,
		Example: "  allmende licence report --config allmende.yml --region DE-SH --verdict conflict,missing",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			lang, err := chosenLanguage(flags.lang)
			if err != nil {
				return err
			}
			for _, v := range verdicts {
				if !slices.Contains(registry.LicenceVerdicts(), registry.LicenceVerdict(v)) {
					return usageError(fmt.Errorf("--verdict: there is no verdict %q; there are match, ambiguous, conflict and missing", v))
				}
			}
			_, store, err := openFilled(cmd.Context(), configFile)
			if err != nil {
				return err
			}
			defer store.Close()
			report := licenceReport{Worklist: []licenceWork{}}
			count := map[string]*licenceStanding{}
			for s, err := range store.All(cmd.Context()) {
				if err != nil {
					return err
				}
				if region != "" && !strings.EqualFold(s.Publisher.Region, region) {
					continue
				}
				report.All.add(s)
				if count[s.Publisher.Region] == nil {
					count[s.Publisher.Region] = &licenceStanding{Region: s.Publisher.Region}
				}
				count[s.Publisher.Region].add(s)
				if work, ok := workOn(s, verdicts, issues, lang); ok {
					report.Worklist = append(report.Worklist, work)
				}
			}
			for _, one := range count {
				report.Regions = append(report.Regions, *one)
			}
			slices.SortFunc(report.Regions, func(a, b licenceStanding) int { return cmp.Compare(a.Region, b.Region) })
			if flags.asJSON {
				return json.NewEncoder(cmd.OutOrStdout()).Encode(report)
			}
			return report.print(cmd.OutOrStdout(), lang)
		},
	}
	cmd.Flags().StringVar(&configFile, "config", "", "configuration file (required)")
	cmd.Flags().StringVar(&region, "region", "", "entries of one region only, as DE-SH")
	cmd.Flags().StringSliceVar(&verdicts, "verdict", []string{"conflict", "missing", "ambiguous"}, "what to list")
	cmd.Flags().BoolVar(&issues, "issues", false, "with a text for an issue each")
	flags.add(cmd)
	return cmd
}

// licenceReport is how the licences of the catalogue stand.
type licenceReport struct {
	All      licenceStanding   `json:"all"`
	Regions  []licenceStanding `json:"regions"`
	Worklist []licenceWork     `json:"worklist"`
}

// licenceStanding counts entries by verdict.
type licenceStanding struct {
	Region    string `json:"region,omitempty"` // "" is all, or none named
	Entries   int    `json:"entries"`
	Match     int    `json:"match"`
	Ambiguous int    `json:"ambiguous"`
	Conflict  int    `json:"conflict"`
	Missing   int    `json:"missing"`
	Unknown   int    `json:"unknown"` // not compared yet
}

func (n *licenceStanding) add(s *registry.Software) {
	n.Entries++
	if s.Licence == nil {
		n.Unknown++
		return
	}
	switch s.Licence.Verdict {
	case registry.LicenceMatch:
		n.Match++
	case registry.LicenceAmbiguous:
		n.Ambiguous++
	case registry.LicenceConflict:
		n.Conflict++
	case registry.LicenceMissing:
		n.Missing++
	}
}

// licenceWork is an entry whose licence is not clear.
type licenceWork struct {
	ID      registry.ID             `json:"id"`
	Verdict registry.LicenceVerdict `json:"verdict"`
	Reasons []string                `json:"reasons"`
	Issue   *issueText              `json:"issue,omitempty"`
}

type issueText struct {
	Title string `json:"title"`
	Body  string `json:"body"` // Markdown
}

func workOn(s *registry.Software, verdicts []string, issues bool, lang string) (work licenceWork, ok bool) {
	if s.Licence == nil || !slices.Contains(verdicts, string(s.Licence.Verdict)) {
		return work, false
	}
	work = licenceWork{ID: s.ID, Verdict: s.Licence.Verdict}
	for _, r := range s.Licence.Reasons {
		sentence, _ := r.Wording(lang)
		work.Reasons = append(work.Reasons, sentence)
	}
	if title, body := registry.IssueText(s, lang); issues && title != "" {
		work.Issue = &issueText{title, body}
	}
	return work, true
}

func (r *licenceReport) print(out io.Writer, lang string) error {
	head := "\tEntries\tMatch\tAmbiguous\tConflict\tMissing\tNot compared"
	all, none := "all", "no region"
	if lang == "de" {
		head = "\tEinträge\tStimmig\tUnklar\tWiderspruch\tFehlt\tNicht verglichen"
		all, none = "alle", "ohne Region"
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, head)
	for i, n := range append([]licenceStanding{r.All}, r.Regions...) {
		name := cmp.Or(n.Region, none)
		if i == 0 {
			name = all
		}
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%d\t%d\n", name, n.Entries, n.Match, n.Ambiguous, n.Conflict, n.Missing, n.Unknown)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, work := range r.Worklist {
		fmt.Fprintf(out, "\n%s: %s\n", work.ID, work.Verdict.Wording(lang))
		for _, reason := range work.Reasons {
			fmt.Fprintf(out, "- %s\n", reason)
		}
		if work.Issue != nil {
			fmt.Fprintf(out, "\n# %s\n\n%s", work.Issue.Title, work.Issue.Body)
		}
	}
	return nil
}

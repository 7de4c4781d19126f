// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"
)

// fetchSPDX reads the last release of the SPDX licence list.
// Format: https://github.com/spdx/license-list-data/blob/main/accessingLicenses.md
func fetchSPDX(ctx context.Context, r *refresh) (string, []table, error) {
	var release struct {
		Tag string `json:"tag_name"`
	}
	if err := r.getJSON(ctx, r.from.githubAPI+"/repos/spdx/license-list-data/releases/latest", &release); err != nil {
		return "", nil, err
	}
	if !isVersion.MatchString(release.Tag) {
		return "", nil, fmt.Errorf("the release %q has no version for a name", release.Tag)
	}
	var list struct {
		Version  string    `json:"licenseListVersion"`
		Date     time.Time `json:"releaseDate"`
		Licences []struct {
			ID         string `json:"licenseId"`
			Name       string `json:"name"`
			OSI        *bool  `json:"isOsiApproved"`
			FSF        *bool  `json:"isFsfLibre"`
			Deprecated bool   `json:"isDeprecatedLicenseId"`
		} `json:"licenses"`
	}
	folder := r.from.githubRaw + "/spdx/license-list-data/" + release.Tag + "/json/"
	if err := r.getJSON(ctx, folder+"licenses.json", &list); err != nil {
		return "", nil, err
	}
	var exceptions struct {
		Exceptions []struct {
			ID         string `json:"licenseExceptionId"`
			Name       string `json:"name"`
			Deprecated bool   `json:"isDeprecatedLicenseId"`
		} `json:"exceptions"`
	}
	if err := r.getJSON(ctx, folder+"exceptions.json", &exceptions); err != nil {
		return "", nil, err
	}
	var licenceRows, exceptionRows [][]string
	for _, l := range list.Licences {
		licenceRows = append(licenceRows, []string{l.ID, oneLine(l.Name), answer(l.OSI), answer(l.FSF), mark(l.Deprecated)})
	}
	for _, e := range exceptions.Exceptions {
		exceptionRows = append(exceptionRows, []string{e.ID, oneLine(e.Name), mark(e.Deprecated)})
	}
	licences, err := newTable("spdx_licences.csv", []string{"id", "name", "osi", "fsf", "deprecated"}, licenceRows)
	if err != nil {
		return "", nil, err
	}
	with, err := newTable("spdx_exceptions.csv", []string{"id", "name", "deprecated"}, exceptionRows)
	if err != nil {
		return "", nil, err
	}
	r.listed = map[string]bool{}
	for _, row := range licences.rows {
		r.listed[row[0]] = true
	}
	return fmt.Sprintf("%s (%s)", list.Version, list.Date.Format(time.DateOnly)), []table{licences, with}, nil
}

// answer writes what a list says; nothing where it says nothing.
func answer(yes *bool) string {
	switch {
	case yes == nil:
		return ""
	case *yes:
		return "yes"
	}
	return "no"
}

func mark(yes bool) string {
	if yes {
		return "yes"
	}
	return ""
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// onList reports whether an identifier is on the SPDX list, the one fetched or
// else the one that is kept.
func (r *refresh) onList(id string) (bool, error) {
	if r.listed == nil {
		rows, err := r.read("spdx_licences.csv")
		if err != nil {
			return false, err
		}
		r.listed = map[string]bool{}
		for id := range rows {
			r.listed[id] = true
		}
	}
	return r.listed[id], nil
}

// fetchScanCode reads the categories of ScanCode's LicenseDB.
// Format: https://scancode-licensedb.aboutcode.org/help.html
func fetchScanCode(ctx context.Context, r *refresh) (string, []table, error) {
	const repository = "aboutcode-org/scancode-licensedb"
	sha, day, err := r.commit(ctx, repository, "docs/index.json")
	if err != nil {
		return "", nil, err
	}
	var index []struct {
		Category   string   `json:"category"`
		SPDX       string   `json:"spdx_license_key"`
		Others     []string `json:"other_spdx_license_keys"`
		Exception  bool     `json:"is_exception"`
		Deprecated bool     `json:"is_deprecated"`
	}
	if err := r.getJSON(ctx, r.from.githubRaw+"/"+repository+"/"+sha+"/docs/index.json", &index); err != nil {
		return "", nil, err
	}
	// An entry's own identifier counts more than those that others name besides.
	category := map[string]string{}
	for _, own := range []bool{true, false} {
		for _, entry := range index {
			if entry.Exception || entry.Deprecated {
				continue
			}
			ids := entry.Others
			if own {
				ids = []string{entry.SPDX}
			}
			for _, id := range ids {
				ok, err := r.onList(id)
				if err != nil {
					return "", nil, err
				}
				if ok && category[id] == "" {
					category[id] = entry.Category
				}
			}
		}
	}
	var rows [][]string
	for id, c := range category {
		rows = append(rows, []string{id, c})
	}
	t, err := newTable("scancode_categories.csv", []string{"id", "category"}, rows)
	return fmt.Sprintf("%s %.8s (%s)", repository, sha, day), []table{t}, err
}

// tags are those of choosealicense.com, in the order in which they are kept. A
// new one needs words in licence/words.go too.
var tags = []string{
	"commercial-use", "modifications", "distribution", "private-use", "patent-use",
	"include-copyright", "include-copyright--source", "document-changes", "disclose-source",
	"network-use-disclose", "same-license", "same-license--file", "same-license--library",
	"trademark-use", "liability", "warranty",
}

// fetchChooseALicense reads the heads of the licences of choosealicense.com.
// Format: https://github.com/github/choosealicense.com#license-metadata
func fetchChooseALicense(ctx context.Context, r *refresh) (string, []table, error) {
	const repository = "github/choosealicense.com"
	sha, day, err := r.commit(ctx, repository, "_licenses")
	if err != nil {
		return "", nil, err
	}
	var rows [][]string
	err = r.getArchive(ctx, r.from.githubArchive+"/"+repository+"/tar.gz/"+sha,
		func(name string) bool {
			ok, _ := path.Match("*/_licenses/*.txt", name)
			return ok
		},
		func(_ string, content []byte) error {
			row, err := readHead(content)
			rows = append(rows, row)
			return err
		})
	if err != nil {
		return "", nil, err
	}
	t, err := newTable("choosealicense_rules.csv", []string{"id", "permissions", "conditions", "limitations"}, rows)
	return fmt.Sprintf("%s %.8s (%s)", repository, sha, day), []table{t}, err
}

// readHead reads the YAML between the first two lines of three dashes.
func readHead(content []byte) ([]string, error) {
	content = bytes.ReplaceAll(content, []byte("\r\n"), []byte("\n"))
	rest, ok := bytes.CutPrefix(content, []byte("---\n"))
	head, _, ended := bytes.Cut(rest, []byte("\n---\n"))
	if !ok || !ended || len(head) > 64<<10 {
		return nil, errors.New("no head between lines of three dashes")
	}
	var rule struct {
		ID          string   `yaml:"spdx-id"`
		Permissions []string `yaml:"permissions"`
		Conditions  []string `yaml:"conditions"`
		Limitations []string `yaml:"limitations"`
	}
	if err := yaml.Unmarshal(head, &rule); err != nil {
		return nil, err
	}
	row := []string{rule.ID}
	for _, list := range [][]string{rule.Permissions, rule.Conditions, rule.Limitations} {
		for _, tag := range list {
			if !slices.Contains(tags, tag) {
				return nil, fmt.Errorf("the tag %q is new; give it words in licence/words.go and name it in tools/licences", tag)
			}
		}
		slices.SortFunc(list, func(a, b string) int { return slices.Index(tags, a) - slices.Index(tags, b) })
		row = append(row, strings.Join(list, " "))
	}
	return row, nil
}

// fetchBlueOak reads the list of the Blue Oak Council as npm has it.
// Format: https://www.npmjs.com/package/@blueoak/list
func fetchBlueOak(ctx context.Context, r *refresh) (string, []table, error) {
	var latest struct {
		Version string `json:"version"`
	}
	if err := r.getJSON(ctx, r.from.npm+"/@blueoak/list/latest", &latest); err != nil {
		return "", nil, err
	}
	if !isVersion.MatchString(latest.Version) {
		return "", nil, fmt.Errorf("%q is no version", latest.Version)
	}
	var ratings []struct {
		Name     string `json:"name"`
		Licences []struct {
			ID string `json:"id"`
		} `json:"licenses"`
	}
	err := r.getArchive(ctx, r.from.npm+"/@blueoak/list/-/list-"+latest.Version+".tgz",
		func(name string) bool { return name == "package/index.json" },
		func(_ string, content []byte) error { return json.Unmarshal(content, &ratings) })
	if err != nil {
		return "", nil, err
	}
	var rows [][]string
	for _, rating := range ratings {
		for _, l := range rating.Licences {
			ok, err := r.onList(l.ID)
			if err != nil {
				return "", nil, err
			}
			if ok { // it rates some that are not on the list
				rows = append(rows, []string{l.ID, rating.Name})
			}
		}
	}
	t, err := newTable("blueoak_ratings.csv", []string{"id", "rating"}, rows)
	return "npm @blueoak/list " + latest.Version, []table{t}, err
}

// cells are the letters of the answers of OSADL.
var cells = map[string]string{"Same": "S", "Yes": "Y", "No": "N", "Unknown": "U", "Check dependency": "D"}

// fetchOSADL reads the compatibility matrix of OSADL.
// Format: https://www.osadl.org/Access-to-raw-data.oss-compliance-raw-data-access.0.html
func fetchOSADL(ctx context.Context, r *refresh) (string, []table, error) {
	var matrix struct {
		Timestamp string `json:"timestamp"`
		Licences  []struct {
			Name  string `json:"name"`
			Parts []struct {
				Name   string `json:"name"`
				Answer string `json:"compatibility"`
			} `json:"compatibilities"`
		} `json:"licenses"`
	}
	if err := r.getJSON(ctx, r.from.osadl+"/fileadmin/checklists/matrixseqexpl.json", &matrix); err != nil {
		return "", nil, err
	}
	if matrix.Timestamp == "" || len(matrix.Timestamp) > 40 || len(matrix.Licences) == 0 || len(matrix.Licences) > 1000 {
		return "", nil, errors.New("no timestamp, no licence or over 1000 of them; has the format changed?")
	}
	head := []string{`leading\subordinate`}
	for _, l := range matrix.Licences {
		head = append(head, l.Name)
	}
	var rows [][]string
	for _, l := range matrix.Licences {
		row := make([]string, len(head))
		row[0] = l.Name
		for _, part := range l.Parts {
			column, letter := slices.Index(head[1:], part.Name)+1, cells[part.Answer]
			if column == 0 || letter == "" {
				return "", nil, fmt.Errorf("%s, %s: the answer %q or its licence is not known; has the format changed?", l.Name, part.Name, part.Answer)
			}
			row[column] = letter
		}
		if i := slices.Index(row, ""); i >= 0 {
			return "", nil, fmt.Errorf("%s: there is no answer for %q", l.Name, head[i])
		}
		rows = append(rows, row)
	}
	// The names are expressions too; their order is that of the source.
	return matrix.Timestamp, []table{{"osadl_matrix.csv", head, rows}}, nil
}

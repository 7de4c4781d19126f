// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package collect

import (
	"regexp"
	"slices"
	"strings"

	"github.com/allmende-registry/allmende/registry"
)

// rule says which files of a folder are collected, by their names in small
// letters.
type rule struct {
	role registry.Role
	// fits judges a name. Of a role of which one file is enough the lowest rank
	// is taken.
	fits func(name string) (rank int, ok bool)
	one  bool
	most int // 0 is MaxFiles
}

// The rules, the most important first.
var (
	licences     = &rule{role: registry.RoleLicence, fits: matching(isLicence), most: 20}
	licenceTexts = &rule{role: registry.RoleLicence, fits: matching(isProse), most: MaxLicenceTexts}
	reuse        = &rule{role: registry.RoleREUSE, fits: named("reuse.toml")}
	dep5         = &rule{role: registry.RoleREUSE, fits: named("dep5")}
	readme       = &rule{role: registry.RoleReadme, fits: text("readme"), one: true}
	security     = &rule{role: registry.RoleSecurity, fits: text("security"), one: true}
	contributing = &rule{role: registry.RoleContributing, fits: text("contributing"), one: true}
	codeowners   = &rule{role: registry.RoleCodeowners, fits: named("codeowners"), one: true}
	codemeta     = &rule{role: registry.RoleCodemeta, fits: named("codemeta.json"), one: true}
	citation     = &rule{role: registry.RoleCitation, fits: named("citation.cff"), one: true}
	sboms        = &rule{role: registry.RoleSBOM, fits: matching(sbomName.MatchString), most: MaxSBOMs}
	sbomFiles    = &rule{role: registry.RoleSBOM, fits: matching(documentName.MatchString), most: MaxSBOMs}

	// Of the root, and of the folder of a publiccode.yml that lies deeper.
	rootRules = []*rule{licences, reuse, readme, security, contributing, codeowners, codemeta, citation, sboms}
)

// place is a folder that is looked into, where the listing of the folder around
// it shows it.
type place struct {
	names []string // in small letters
	rules []*rule
}

// inner are the folders of the root and of the publiccode.yml's own, outer
// those of the root alone: what lies there speaks for the whole repository
// (https://reuse.software/spec-3.3/,
// https://docs.github.com/communities/setting-up-your-project-for-healthy-contributions,
// https://docs.gitlab.com/user/project/codeowners/,
// https://forgejo.org/docs/latest/user/code-owners/).
var (
	inner = []place{
		{[]string{"licenses", "licences"}, []*rule{licenceTexts}},
		{[]string{".reuse"}, []*rule{dep5}},
		{[]string{"sbom", "sboms", ".sbom"}, []*rule{sbomFiles}},
	}
	outer = []place{
		{[]string{".github"}, []*rule{security, contributing, codeowners, readme}},
		{[]string{".gitlab"}, []*rule{security, contributing, codeowners}},
		{[]string{".forgejo", ".gitea"}, []*rule{security, contributing, codeowners}},
		{[]string{"docs"}, []*rule{security, contributing, codeowners, readme}},
	}
)

func matching(is func(string) bool) func(string) (int, bool) {
	return func(name string) (int, bool) { return 0, is(name) }
}

func named(want string) func(string) (int, bool) {
	return matching(func(name string) bool { return name == want })
}

// endings of texts for people, the best one to show first.
var endings = []string{".md", ".markdown", ".mdown", ".mkd", ".rst", ".adoc", ".asciidoc", ".org", ".txt", ".text", ""}

// ending splits a name into its stem and the index in endings.
func ending(name string) (stem string, i int) {
	i = slices.IndexFunc(endings, func(e string) bool { return strings.HasSuffix(name, e) })
	return strings.TrimSuffix(name, endings[i]), i
}

func isProse(name string) bool {
	_, i := ending(name)
	return endings[i] != ""
}

var language = regexp.MustCompile(`^[-_.][a-z]{2,3}(?:[-_][a-z]{2,4})?$`)

// text is the rule of a text for people: README, README.md, README.de.md,
// README-EN.rst. The one without a language comes first, then the German one,
// then the English one.
func text(base string) func(string) (int, bool) {
	return func(name string) (int, bool) {
		stem, i := ending(name)
		tag, ok := strings.CutPrefix(stem, base)
		switch {
		case !ok:
			return 0, false
		case tag == "":
			return i, true
		case !language.MatchString(tag), endings[i] == "":
			return 0, false
		}
		order := map[string]int{"de": 1, "en": 2}[tag[1:3]]
		if order == 0 || len(tag) > 3 && tag[3] != '-' && tag[3] != '_' {
			order = 3
		}
		return order*len(endings) + i, true
	}
}

// licenceIDs begin the names of licences that files are called after.
const licenceIDs = `eupl|[al]?gpl|mpl|epl|cecill|apache|bsd|mit|isc|cc0|cc[-_]by|ofl|odbl|artistic|boost|bsl|wtfpl|zlib|unlicen[cs]e`

var (
	licenceStem = regexp.MustCompile(`^(?:(?:un)?licen[cs]es?|lizenz(?:en)?|licenza|licencia|licentie|copying\d?|copyright|notices?|` +
		`third[-_ ]?party[-_ ]?(?:notices?|licen[cs]es?))(?:[-_. ].*)?$`)
	// MIT-LICENSE; EUPL v1_2 EN-LICENSE
	licenceBehind = regexp.MustCompile(`^(?:` + licenceIDs + `)(?:[-_. ].*)?[-_. ]licen[cs]es?$`)
	// EUPL-1.2 EN.txt, GPL.txt, of texts alone
	licenceCalled = regexp.MustCompile(`^(?:eupl|[al]?gpl|ofl|mpl|(?:` + licenceIDs + `)[-_. ]?v?\d.*)$`)
	// COPYING.LESSER, LICENSE.EUPL-1.2
	licenceEnding = regexp.MustCompile(`\.(?:\d+[^.]*|(?:lesser|lib|` + licenceIDs + `)[^.]*)$`)
	// Texts to put at the head of source files, and tools.
	noLicence = regexp.MustCompile(`header|template|check`)
)

// isLicence knows the names under which licences and notices lie at a root:
// what GitHub, GitLab and REUSE look for, and what is found besides.
func isLicence(name string) bool {
	stem, i := ending(name)
	prose := endings[i] != ""
	switch {
	case noLicence.MatchString(name):
		return false
	case prose && licenceCalled.MatchString(stem):
		return true
	case !licenceStem.MatchString(stem) && !licenceBehind.MatchString(stem):
		return false
	}
	return prose || !strings.Contains(name, ".") || licenceEnding.MatchString(name)
}

// sbomName are the names that both specifications recommend, bom.json and
// *.cdx.json, *.spdx and *.spdx.json, and those that tools make of them
// (https://cyclonedx.org/specification/overview/#recognized-file-patterns,
// https://spdx.github.io/spdx-spec/v2.3/conformance/). documentName is for a
// folder that holds nothing else.
var (
	sbomName = regexp.MustCompile(`\.spdx3?$|\.spdx3?\.(?:json|jsonld|ya?ml|xml|rdf|rdf\.xml|tv|tag)$|` +
		`(?:^|[-_.])(?:s?bom|cyclonedx|cdx|spdx)(?:[-_.].*)?\.(?:json|xml|spdx|ya?ml|jsonld)$`)
	documentName = regexp.MustCompile(`\.(?:spdx3?|json|jsonld|xml|rdf|ya?ml|tv|tag)$`)
)

// sbomMarks are words one of which every SPDX or CycloneDX document has,
// whatever its form.
var sbomMarks = []string{"bomFormat", "cyclonedx.org/schema/bom", "spdxVersion", "SPDXVersion:", "spdx.org/rdf/"}

// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package dossier

import (
	"fmt"
	"io"
	"strings"

	spdxjson "github.com/spdx/tools-golang/json"
	"github.com/spdx/tools-golang/spdx/v2/common"
	"github.com/spdx/tools-golang/spdx/v2/v2_3"

	"github.com/allmende-registry/allmende/registry"
)

// SPDX writes the dossier as an SPDX 2.3 document in JSON: one package for the
// software, its licence declared and concluded, and what the evidence says as
// annotations. The licence is concluded only where the sources agree. namespace
// is the address of the dossier; where it has none, an URN of its hash.
func (d *Document) SPDX(w io.Writer, hash, namespace string) error {
	if namespace == "" {
		namespace = "urn:sha256:" + hash
	}
	made := d.Made.Format("2006-01-02T15:04:05Z")
	creator := common.Creator{CreatorType: "Tool", Creator: "Allmende"}
	doc := &v2_3.Document{
		SPDXVersion: v2_3.Version, DataLicense: v2_3.DataLicense, SPDXIdentifier: "DOCUMENT",
		DocumentName:      "dossier of " + string(d.Identity.ID),
		DocumentNamespace: namespace,
		DocumentComment:   "SHA-256 of the dossier: " + hash,
		CreationInfo:      &v2_3.CreationInfo{Creators: []common.Creator{creator}, Created: made},
	}
	p := &v2_3.Package{
		PackageName: d.Identity.Name, PackageSPDXIdentifier: "Software", PackageVersion: d.Identity.Version,
		PackageDownloadLocation:   d.download(),
		IsFilesAnalyzedTagPresent: true,
		PackageHomePage:           d.Identity.URL,
		PackageLicenseDeclared:    noAssertion, PackageLicenseConcluded: noAssertion,
		PackageCopyrightText:  noAssertion,
		PrimaryPackagePurpose: "APPLICATION",
	}
	if d.Owner != "" {
		p.PackageCopyrightText = d.Owner
	}
	if d.Publisher.Name != "" {
		p.PackageSupplier = &common.Supplier{SupplierType: "Organization", Supplier: d.Publisher.Name}
	}
	if d.Identity.SWHID != "" {
		p.PackageExternalReferences = []*v2_3.PackageExternalReference{{
			Category: "PERSISTENT-ID", RefType: "swh", Locator: d.Identity.SWHID,
		}}
	}
	if r := d.Licence; r != nil {
		if r.Declared != nil && r.Declared.SPDX != "" {
			p.PackageLicenseDeclared = r.Declared.SPDX
			if r.Verdict == registry.LicenceMatch {
				p.PackageLicenseConcluded = r.Declared.SPDX
			}
		}
		var why []string
		for _, reason := range r.Reasons {
			sentence, _ := reason.Wording("en")
			why = append(why, sentence)
		}
		p.PackageLicenseComments = fmt.Sprintf("Verdict: %s. %s", r.Verdict, strings.Join(why, " "))
		for _, e := range r.Evidence() {
			doc.Annotations = append(doc.Annotations, &v2_3.Annotation{
				Annotator:                common.Annotator{AnnotatorType: "Tool", Annotator: "Allmende"},
				AnnotationDate:           made,
				AnnotationType:           "REVIEW",
				AnnotationSPDXIdentifier: common.DocElementID{ElementRefID: p.PackageSPDXIdentifier},
				AnnotationComment:        evidenceLine(e),
			})
		}
		doc.OtherLicenses = references(p.PackageLicenseDeclared)
	}
	doc.Packages = []*v2_3.Package{p}
	doc.Relationships = []*v2_3.Relationship{{
		RefA: common.DocElementID{ElementRefID: "DOCUMENT"}, RefB: common.DocElementID{ElementRefID: p.PackageSPDXIdentifier},
		Relationship: common.TypeRelationshipDescribe,
	}}
	return spdxjson.Write(doc, w, spdxjson.Indent("  "), spdxjson.EscapeHTML(false))
}

const noAssertion = "NOASSERTION"

// download is a VCS location (SPDX 2.3, 7.7).
func (d *Document) download() string {
	if d.Identity.URL == "" {
		return noAssertion
	}
	at := ""
	if d.Identity.Commit != "" {
		at = "@" + d.Identity.Commit
	}
	return "git+" + d.Identity.URL + at
}

func evidenceLine(e registry.LicenceEvidence) string {
	said := e.SPDX
	if said == "" {
		said = string(e.State)
	}
	line := fmt.Sprintf("%s: %s", e.Source, said)
	if e.Path != "" {
		line += " in " + e.Path
	}
	if e.Commit != "" {
		line += " at commit " + e.Commit
	}
	return fmt.Sprintf("%s, confidence %.2f", line, e.Confidence)
}

// references describes the licences that are not on the SPDX list; a document
// has to (SPDX 2.3, 10.1).
func references(expression string) (list []*v2_3.OtherLicense) {
	seen := map[string]bool{}
	for _, word := range strings.FieldsFunc(expression, func(r rune) bool { return strings.ContainsRune(" ()", r) }) {
		if strings.HasPrefix(word, "LicenseRef-") && !seen[word] {
			seen[word] = true
			list = append(list, &v2_3.OtherLicense{
				LicenseIdentifier: word, LicenseName: noAssertion,
				ExtractedText: "The text is in the repository of the software.",
			})
		}
	}
	return list
}

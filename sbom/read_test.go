// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package sbom

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/spdx/tools-golang/json"
	library "github.com/spdx/tools-golang/spdx"
	"github.com/spdx/tools-golang/spdx/v2/common"
	"github.com/spdx/tools-golang/tagvalue"
)

func inUTF16(s string, order binary.AppendByteOrder) []byte {
	out := order.AppendUint16(nil, 0xFEFF)
	for _, u := range utf16.Encode([]rune(s)) {
		out = order.AppendUint16(out, u)
	}
	return out
}

// What surrounds a document, and how its letters are written, changes nothing.
func TestSurroundings(t *testing.T) {
	src := string(sample(t, "product.spdx.json"))
	cdx := string(sample(t, "product.cdx.xml"))
	for name, c := range map[string]struct {
		src    []byte
		remark string
	}{
		"byte order mark": {[]byte("\uFEFF" + src), ""},
		"UTF-16LE":        {inUTF16(src, binary.LittleEndian), "UTF-16"},
		"UTF-16BE":        {inUTF16(src, binary.BigEndian), "UTF-16"},
		"blanks":          {[]byte("\r\n\t " + src + "\n\n"), ""},
		"GitHub":          {[]byte(`{"sbom": ` + src + `}`), ""},
		"attestation":     {[]byte(`{"_type":"https://in-toto.io/Statement/v1","predicateType":"https://spdx.dev/Document","predicate": ` + src + `}`), ""},
		"something after": {[]byte(src + "{}"), "follows"},
		"XML in UTF-16":   {inUTF16(strings.Replace(cdx, "UTF-8", "UTF-16", 1), binary.LittleEndian), "UTF-16"},
		"XML in Latin 1":  {latin1(strings.Replace(cdx, "UTF-8", "ISO-8859-1", 1)), ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := mustRead(t, c.src)
			want := "Stadtwerke Köln & Söhne"
			if got.Standard == CycloneDX {
				want = "Stadt Köln"
			}
			if got.Creators[0].Name != want {
				t.Errorf("made by %q, want %q", got.Creators[0].Name, want)
			}
			if found := strings.Contains(strings.Join(got.Remarks, " "), c.remark); !found {
				t.Errorf("remarks %q, want one with %q", got.Remarks, c.remark)
			}
		})
	}
}

func latin1(s string) []byte {
	var out []byte
	for _, r := range s {
		out = append(out, byte(r))
	}
	return out
}

// spdx23 is a document of SPDX 2.3 with the members.
func spdx23(members string) string {
	return `{"spdxVersion":"SPDX-2.3","SPDXID":"SPDXRef-DOCUMENT",` + members + `}`
}

func cdx16(members string) string {
	return `{"bomFormat":"CycloneDX","specVersion":"1.6",` + members + `}`
}

// What is odd is mended, with a remark where something is lost.
func TestOddities(t *testing.T) {
	type c struct {
		name, src string
		packages  int
		remark    string // "" for none
	}
	for _, c := range []c{
		{"null in lists", spdx23(`"packages":[null,{"SPDXID":"SPDXRef-a","name":"a","checksums":[null],"externalRefs":[null]},null],"files":[null],"relationships":[null],"documentDescribes":[null],"creationInfo":{"creators":[null]}`), 1, "empty entries of lists: 8"},
		{"null everywhere", spdx23(`"name":null,"documentNamespace":null,"creationInfo":null,"packages":null,"files":null,"relationships":null,"documentDescribes":null`), 0, ""},
		{"null in components", cdx16(`"serialNumber":null,"metadata":{"timestamp":null,"tools":null,"authors":[null],"component":null,"supplier":null},"components":[null,{"name":null,"bom-ref":null,"supplier":null,"hashes":[null],"licenses":[null],"properties":[null],"externalReferences":[null],"components":[null]}],"dependencies":[null],"compositions":[null]`), 1, "empty entries"},
		{"other kinds", spdx23(`"packages":[7,"x",[],{"SPDXID":"SPDXRef-a","name":12,"versionInfo":1.10,"checksums":"none","externalRefs":{"referenceType":"purl","referenceLocator":"pkg:a/b"}}],"relationships":true`), 1, "another kind"},
		{"other kinds in components", cdx16(`"version":"one","components":{"name":1,"version":2,"licenses":"MIT","hashes":7},"dependencies":"none","metadata":[]`), 1, "another kind"},
		{"suppliers", spdx23(`"packages":[{"SPDXID":"SPDXRef-a","supplier":"Acme GmbH"},{"SPDXID":"SPDXRef-b","supplier":""},{"SPDXID":"SPDXRef-c","supplier":"Organization:"}]`), 3, "parties that are not said"},
		{"creators", spdx23(`"packages":[],"creationInfo":{"creators":"Erika Muster","created":"yesterday"}`), 0, "a date that cannot be read"},
		{"version of three numbers", strings.Replace(spdx23(`"packages":[]`), "SPDX-2.3", "SPDX-2.2.2", 1), 0, "three numbers"},
		{"version without SPDX", strings.Replace(spdx23(`"packages":[]`), "SPDX-2.3", "2.3", 1), 0, "does not begin"},
		{"later version", strings.Replace(spdx23(`"packages":[]`), "SPDX-2.3", "SPDX-2.4", 1), 0, "read as 2.3"},
		{"later version of CycloneDX", `{"bomFormat":"CycloneDX","specVersion":"1.9"}`, 0, "read as 1.7"},
		{"number for a version", `{"bomFormat":"CycloneDX","specVersion":1.5}`, 0, ""},
		{"no bomFormat", `{"specVersion":"1.5","components":[{"bom-ref":"a","name":"a"}]}`, 1, "does not say which"},
		{"twice the same", spdx23(`"packages":[{"SPDXID":"SPDXRef-a","name":"first"},{"SPDXID":"SPDXRef-a","name":"second"}]`), 1, "occur twice"},
		{"no identifiers", cdx16(`"components":[{"name":"a"},{"bom-ref":"#1","name":"b"},{"name":"c"}]`), 2, "occur twice"},
		{"dangling", spdx23(`"packages":[{"SPDXID":"SPDXRef-a"},{"SPDXID":"SPDXRef-b"}],"relationships":[{"spdxElementId":"SPDXRef-a","relationshipType":"CONTAINS","relatedSpdxElement":"SPDXRef-x"},{"spdxElementId":"SPDXRef-y","relationshipType":"CONTAINS","relatedSpdxElement":"SPDXRef-a"}]`), 2, "relationships to what is not"},
		{"roots that are not", spdx23(`"documentDescribes":["SPDXRef-x"],"packages":[{"SPDXID":"SPDXRef-a"},{"SPDXID":"SPDXRef-b"}]`), 2, "does not say which package"},
		{"half relationships", spdx23(`"packages":[{"SPDXID":"SPDXRef-a"}],"relationships":[{},{"spdxElementId":"SPDXRef-a"}]`), 1, "without one of their ends, which were dropped: 2"},
		{"relationship without a type", spdx23(`"packages":[{"SPDXID":"SPDXRef-a"},{"SPDXID":"SPDXRef-b"}],"relationships":[{"spdxElementId":"SPDXRef-a","relatedSpdxElement":"SPDXRef-b"}]`), 2, "of what type"},
		{"tag-value in Latin 1", "SPDXVersion: SPDX-2.3\nPackageName: K\xf6ln\n", 1, "not UTF-8"},
		{"a program for a root", spdx23(`"packages":[{"SPDXID":"SPDXRef-a"},{"SPDXID":"SPDXRef-b"}],"files":[{"SPDXID":"SPDXRef-f"},{"SPDXID":"SPDXRef-g"}],"documentDescribes":["SPDXRef-f","SPDXRef-g"],"relationships":[{"spdxElementId":"SPDXRef-f","relationshipType":"GENERATED_FROM","relatedSpdxElement":"SPDXRef-a"},{"spdxElementId":"SPDXRef-a","relationshipType":"GENERATES","relatedSpdxElement":"SPDXRef-g"}]`), 2, ""},
		{"circle", spdx23(`"packages":[{"SPDXID":"SPDXRef-a"},{"SPDXID":"SPDXRef-b"}],"relationships":[{"spdxElementId":"SPDXRef-a","relationshipType":"DEPENDS_ON","relatedSpdxElement":"SPDXRef-b"},{"spdxElementId":"SPDXRef-b","relationshipType":"DEPENDS_ON","relatedSpdxElement":"SPDXRef-a"},{"spdxElementId":"SPDXRef-DOCUMENT","relationshipType":"DESCRIBES","relatedSpdxElement":"SPDXRef-a"}]`), 2, ""},
		{"no expression", spdx23(`"packages":[{"SPDXID":"SPDXRef-a","licenseDeclared":"MIT or so"}]`), 1, "no SPDX expression"},
		{"bad UTF-8", spdx23("\"packages\":[{\"SPDXID\":\"SPDXRef-a\",\"name\":\"a\xff\xfe\"}]"), 1, ""},
		{"long text", spdx23(`"packages":[{"SPDXID":"SPDXRef-a","copyrightText":"` + strings.Repeat("ä", 4000) + `"}]`), 1, "were cut"},
		{"a property of the BSI", cdx16(`"metadata":{"component":{"bom-ref":"a","properties":[{"name":"bsi:component:archive","value":"maybe"}]}}`), 1, "properties of the BSI"},
		{"many properties", cdx16(`"metadata":{"component":{"bom-ref":"a","properties":[` + strings.Repeat("{},", maxPairs) + `{}]}}`), 1, "more entries than are read"},
		{"many licences", cdx16(`"metadata":{"component":{"bom-ref":"a","licenses":[` + strings.Repeat(`{"expression":"MIT"},{"expression":"ISC"},`, maxEach) + `{}]}}`), 1, "more licences than are read"},
		{"many roots", spdx23(`"packages":[{"SPDXID":"SPDXRef-a"}],"documentDescribes":[` + strings.Repeat(`"SPDXRef-a",`, maxList) + `"SPDXRef-a"]`), 1, "more texts than are read"},
		{"tag-value with odd lines", "SPDXVersion: SPDX-2.3\nwhat\nPackageName: a\nPackageSupplier: Acme\nPackageChecksum: none\nExternalRef: x\nRelationship: a b\nUnknownTag: x\n", 1, "lines without a tag"},
		{"tag-value with Windows lines", "SPDXVersion: SPDX-2.3\r\nSPDXID: SPDXRef-DOCUMENT\r\nPackageName: a\r\nSPDXID: SPDXRef-a\r\n", 1, ""},
		{"YAML with another order", "packages:\n- {SPDXID: SPDXRef-a, name: yes, versionInfo: 1.10}\nspdxVersion: SPDX-2.2\n", 1, ""},
		{"XML with a namespace", `<d:Document xmlns:d="urn:x"><d:spdxVersion>SPDX-2.2</d:spdxVersion><d:packages><d:SPDXID>SPDXRef-a</d:SPDXID><d:name>a &lt;b&gt;</d:name></d:packages></d:Document>`, 1, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := mustRead(t, []byte(c.src))
			consistent(t, d)
			if len(d.Packages) != c.packages {
				t.Errorf("%d packages, want %d", len(d.Packages), c.packages)
			}
			all := strings.Join(d.Remarks, "\n")
			if c.remark == "" && all != "" || !strings.Contains(all, c.remark) {
				t.Errorf("remarks %q, want one with %q", d.Remarks, c.remark)
			}
		})
	}
}

// What is mended is what one would write.
func TestMended(t *testing.T) {
	d := mustRead(t, []byte(spdx23(`"packages":[{"SPDXID":"SPDXRef-a","name":12,"versionInfo":1.10,"supplier":"Acme GmbH","licenseDeclared":" apache-2.0 "}]`)))
	want := []Package{{Ref: "SPDXRef-a", Name: "12", Version: "1.10", Supplier: &Party{Name: "Acme GmbH"}, Declared: "Apache-2.0"}}
	if diff := gocmp.Diff(want, d.Packages); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// What cannot be read is refused: with what, where and what to do.
func TestRefused(t *testing.T) {
	deepXML := strings.Repeat("<components><component>", 150)
	for _, c := range []struct {
		name, src, want string
		not             bool // not an SBOM
	}{
		{"nothing", "", "empty", true},
		{"blanks", " \n", "empty", true},
		{"a text", "Hello", "neither of their encodings", true},
		{"another JSON", `{"name":"x","version":"1"}`, "none of bomFormat", true},
		{"a list", `[{"bomFormat":"CycloneDX"}]`, "neither of their encodings", true},
		{"another format", `{"bomFormat":"SPDX","specVersion":"1.6"}`, "not CycloneDX", true},
		{"another JSON-LD", `{"@context":"https://schema.org/","@type":"SoftwareSourceCode"}`, "none of bomFormat", true},
		{"envelopes in one another", `{"sbom":{"sbom":{"sbom":{}}}}`, "none of bomFormat", true},
		{"another XML", `<project/>`, "the root element is", true},
		{"another bom", `<bom/>`, "the root element is of", true},
		{"another RDF", `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>`, "no SpdxDocument", true},
		{"RDF broken off", `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><a><b>`, "unexpected EOF", false},
		{"a version of SPDX", `{"spdxVersion":"SPDX-1.2"}`, "version \"SPDX-1.2\" of SPDX is not read", false},
		{"a version of CycloneDX", `{"bomFormat":"CycloneDX","specVersion":"2.0"}`, "version \"2.0\" of CycloneDX is not read", false},
		{"no version", `{"bomFormat":"CycloneDX"}`, "", false},
		{"JSON broken off", `{"spdxVersion":"SPDX-2.3","packages":[{"name":"x`, "at byte", false},
		{"JSON with a comment", "{\"spdxVersion\":\"SPDX-2.3\", // x\n}", "no valid JSON", false},
		{"deep JSON", `{"spdxVersion":"SPDX-2.3","x":` + strings.Repeat("[", 100_000), "no valid JSON", false},
		{"deep components", cdx16(strings.Repeat(`"components":[{`, 1000) + strings.Repeat("}]", 1000)), "nested deeper than 200", false},
		{"deep elements", `{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[` + strings.Repeat(`{"from":`, 5000) + "1" + strings.Repeat("}", 5000) + "]}", "nested deeper than 200", false},
		{"deep XML", `<bom xmlns="http://cyclonedx.org/schema/bom/1.6">` + deepXML, "nested deeper than 200", false},
		{"deep XML of SPDX", "<Document>" + strings.Repeat("<a>", 1000), "nested deeper than 200", false},
		{"deep RDF", `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` + strings.Repeat("<a>", 1000), "nested deeper than 200", false},
		{"entities", `<!DOCTYPE bom [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><bom xmlns="http://cyclonedx.org/schema/bom/1.6">&b;</bom>`, "DOCTYPE", false},
		{"an entity without a type", `<bom xmlns="http://cyclonedx.org/schema/bom/1.6">&b;</bom>`, "entity", false},
		{"an encoding", `<?xml version="1.0" encoding="x-mine"?><bom/>`, "x-mine", false},
		{"XML broken off", `<bom xmlns="http://cyclonedx.org/schema/bom/1.6"><components>`, "no XML", false},
		{"deep YAML", "spdxVersion: SPDX-2.3\nx: " + strings.Repeat("[", 10_000), "no YAML", false},
		{"aliases", "spdxVersion: SPDX-2.3\na: &a [x,x,x,x,x,x,x,x,x]\n" + aliases(9), "no YAML", false},
		{"YAML that contains itself", "spdxVersion: SPDX-2.3\nx: &a [*a]\n", "no YAML", false},
		{"YAML with a tab", "spdxVersion: SPDX-2.3\n\tx: 1\n", "no YAML", false},
		{"a text without an end", "SPDXVersion: SPDX-2.3\nDocumentComment: <text>and so on", "line 2", false},
		{"SPDX 3 without a version", `{"@graph":[{"type":"software_Package","spdxId":"urn:a"}]}`, "which version", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, err := Read([]byte(c.src))
			if c.want == "" {
				if err == nil {
					return
				}
				t.Fatal(err)
			}
			if err == nil {
				t.Fatalf("read as %+v", d)
			}
			if !strings.HasPrefix(err.Error(), "sbom: ") || !strings.Contains(err.Error(), c.want) || len(err.Error()) > 400 {
				t.Errorf("%.400s, want something with %q", err, c.want)
			}
			if errors.Is(err, ErrNotSBOM) != c.not {
				t.Errorf("is it no SBOM? %t, want %t: %v", !c.not, c.not, err)
			}
		})
	}
}

// aliases is a bomb: every line stands for ten times the line before.
func aliases(lines int) string {
	var out strings.Builder
	for i := range lines {
		fmt.Fprintf(&out, "%c: &%c [%s]\n", 'b'+i, 'b'+i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*%c,", 'a'+i), 9), ","))
	}
	return out.String()
}

func TestBounds(t *testing.T) {
	big := func(begin string, size int) []byte { return append([]byte(begin), bytes.Repeat([]byte(" "), size)...) }
	for name, src := range map[string][]byte{
		"any":              big("{", MaxBytes),
		"XML":              big("<bom>", maxXML),
		"YAML":             big("spdxVersion: SPDX-2.3", maxYAML),
		"RDF":              big("<RDF>", maxRDF),
		"YAML entries":     []byte("spdxVersion: SPDX-2.3\nx: [" + strings.Repeat("a,", maxNodes) + "a]"),
		"things":           []byte(`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` + strings.Repeat("<a/>", maxThings+1) + "</rdf:RDF>"),
		"files":            []byte(`{"@graph":[` + strings.Repeat(`{"type":"x"},`, maxOthers) + `{"type":"x"}]}`),
		"packages":         []byte(cdx16(`"components":[` + strings.Repeat("{},", maxPackages) + "{}]")),
		"relationships":    []byte(cdx16(`"dependencies":[` + strings.Repeat(`{"ref":"a","dependsOn":["a"]},`, maxRelationships) + `{"ref":"a","dependsOn":["a"]}]`)),
		"relationships, 3": []byte(`{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[` + strings.Repeat(`{"type":"Relationship"},`, maxRelationships) + `{"type":"Relationship"}]}`),
	} {
		d, err := Read(src)
		if err == nil {
			t.Errorf("%s: %d packages were read", name, len(d.Packages))
		} else if !strings.Contains(err.Error(), "divide") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The library of SPDX, where it can read a document, reads the same: it holds
// our readers to what others understand.
func TestSecondOpinion(t *testing.T) {
	for file, read := range map[string]func([]byte) (*library.Document, error){
		"product.spdx.json": func(b []byte) (*library.Document, error) { return json.Read(bytes.NewReader(b)) },
		"product.spdx":      func(b []byte) (*library.Document, error) { return tagvalue.Read(bytes.NewReader(b)) },
	} {
		src := sample(t, file)
		theirs, err := read(src)
		if err != nil {
			t.Fatal(err)
		}
		ours := mustRead(t, src)
		if len(theirs.Packages) != len(ours.Packages) || theirs.DocumentName != ours.Name || theirs.DocumentNamespace != ours.URI {
			t.Errorf("%s: %d packages of %q, the library has %d of %q", file, len(ours.Packages), ours.Name, len(theirs.Packages), theirs.DocumentName)
		}
		for i, p := range theirs.Packages {
			o := ours.Packages[i]
			if common.RenderElementID(p.PackageSPDXIdentifier) != o.Ref || p.PackageName != o.Name || p.PackageVersion != o.Version || len(p.PackageChecksums) != len(o.Hashes) || len(p.PackageExternalReferences) > 0 && p.PackageExternalReferences[0].Locator != o.PURL {
				t.Errorf("%s: %+v, the library has %+v", file, o, p)
			}
		}
	}
}

// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package sbom

import (
	"testing"
	"time"
)

// holds fuzzes a reader: whatever it is given, it ends, with a document that is
// consistent and can be checked, or with an error that says something.
func holds(f *testing.F, sampleFile string, read func([]byte) (*Document, error)) {
	f.Add(sample(f, sampleFile))
	f.Add([]byte(nil))
	at := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, src []byte) {
		d, err := read(src)
		if (d == nil) != (err != nil) {
			t.Fatalf("document %v, error %v", d, err)
		}
		if err != nil {
			if len(err.Error()) < 15 || len(err.Error()) > 600 {
				t.Fatalf("an error of %d bytes: %v", len(err.Error()), err)
			}
			return
		}
		consistent(t, d)
		if len(d.Remarks) > maxRemarks {
			t.Fatalf("%d remarks", len(d.Remarks))
		}
		for _, c := range Check(d, at) {
			for _, l := range c.Lines {
				if l.State == "" || l.Passed > l.Of || len(l.Evidence) > maxEvidence {
					t.Fatalf("%+v", l)
				}
			}
		}
	})
}

func FuzzRead(f *testing.F) {
	for _, file := range []string{"product.spdx", "product.spdx.json", "product.spdx.yaml", "product.spdx.xml", "product.spdx.rdf", "product.spdx3.json", "product.cdx.json"} {
		f.Add(sample(f, file))
	}
	holds(f, "product.cdx.xml", Read)
}

func FuzzSPDXJSON(f *testing.F) {
	holds(f, "product.spdx.json", func(src []byte) (*Document, error) { return readSPDX2(src, "json") })
}

func FuzzSPDXTagValue(f *testing.F) { holds(f, "product.spdx", readTagValue) }

func FuzzSPDXYAML(f *testing.F) {
	holds(f, "product.spdx.yaml", func(src []byte) (*Document, error) {
		converted, err := yamlToJSON(src)
		if err != nil {
			return nil, err
		}
		return readSPDX2(converted, "yaml")
	})
}

func FuzzSPDXXML(f *testing.F) {
	holds(f, "product.spdx.xml", func(src []byte) (*Document, error) {
		converted, err := xmlToJSON(src)
		if err != nil {
			return nil, err
		}
		return readSPDX2(converted, "xml")
	})
}

func FuzzSPDXRDF(f *testing.F)       { holds(f, "product.spdx.rdf", readRDF) }
func FuzzSPDX3(f *testing.F)         { holds(f, "product.spdx3.json", readSPDX3) }
func FuzzCycloneDXJSON(f *testing.F) { holds(f, "product.cdx.json", readCycloneDXJSON) }
func FuzzCycloneDXXML(f *testing.F)  { holds(f, "product.cdx.xml", readCycloneDXXML) }

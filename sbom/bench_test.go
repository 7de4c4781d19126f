// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package sbom

import (
	"bytes"
	"fmt"
	"runtime"
	"runtime/metrics"
	"testing"
	"time"
)

// spdxOf is a document of SPDX 2.3 of about so many bytes, as a scanner would
// write it: packages, each with a relationship.
func spdxOf(size int) []byte {
	var b bytes.Buffer
	b.WriteString(`{"spdxVersion":"SPDX-2.3","dataLicense":"CC0-1.0","SPDXID":"SPDXRef-DOCUMENT","name":"big","documentNamespace":"https://example.org/big","creationInfo":{"created":"2026-01-01T00:00:00Z","creators":["Tool: generator-1","Organization: Example (sbom@example.org)"]},"documentDescribes":["SPDXRef-0"],"packages":[`)
	n := 0
	for ; b.Len() < size*17/20; n++ {
		if n > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"SPDXID":"SPDXRef-%[1]d","name":"package-%[1]d","versionInfo":"1.2.%[1]d","supplier":"Organization: Example %[2]d (x@example.org)","downloadLocation":"https://example.org/package/%[1]d.tgz","filesAnalyzed":false,"checksums":[{"algorithm":"SHA256","checksumValue":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca4%014[1]d"}],"licenseConcluded":"NOASSERTION","licenseDeclared":"Apache-2.0 OR MIT","copyrightText":"Copyright %[1]d Example","externalRefs":[{"referenceCategory":"PACKAGE-MANAGER","referenceType":"purl","referenceLocator":"pkg:npm/package-%[1]d@1.2.%[1]d"}]}`, n, n%100)
	}
	b.WriteString(`],"relationships":[`)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"spdxElementId":"SPDXRef-%d","relationshipType":"DEPENDS_ON","relatedSpdxElement":"SPDXRef-%d"}`, i/3, i)
	}
	b.WriteString("]}")
	return b.Bytes()
}

// cyclonedxOf is the same in CycloneDX 1.6.
func cyclonedxOf(size int) []byte {
	var b bytes.Buffer
	b.WriteString(`{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"metadata":{"timestamp":"2026-01-01T00:00:00Z","component":{"type":"application","bom-ref":"root","name":"big"}},"components":[`)
	n := 0
	for ; b.Len() < size*23/25; n++ {
		if n > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"type":"library","bom-ref":"r%[1]d","supplier":{"name":"Example %[2]d","url":["https://example.org"]},"name":"package-%[1]d","version":"1.2.%[1]d","hashes":[{"alg":"SHA-256","content":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca4%014[1]d"}],"licenses":[{"license":{"id":"MIT"}},{"expression":"Apache-2.0 OR BSD-3-Clause"}],"purl":"pkg:npm/package-%[1]d@1.2.%[1]d","externalReferences":[{"type":"distribution","url":"https://example.org/package/%[1]d.tgz"}],"properties":[{"name":"scanner:path","value":"/node_modules/package-%[1]d"}]}`, n, n%100)
	}
	b.WriteString(`],"dependencies":[{"ref":"root","dependsOn":["r0","r1"]}`)
	for i := range n {
		fmt.Fprintf(&b, `,{"ref":"r%d","dependsOn":["r%d","r%d"]}`, i, (i*7+1)%n, (i*13+5)%n)
	}
	b.WriteString("]}")
	return b.Bytes()
}

// peak runs f and returns the largest heap that was seen, in bytes.
func peak(f func()) uint64 {
	heap := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	done, most := make(chan bool), make(chan uint64)
	go func() {
		var largest uint64
		for tick := time.Tick(2 * time.Millisecond); ; {
			metrics.Read(heap)
			largest = max(largest, heap[0].Value.Uint64())
			select {
			case <-done:
				most <- largest
				return
			case <-tick:
			}
		}
	}()
	f()
	close(done)
	return <-most
}

func BenchmarkRead(b *testing.B) {
	const kB, mB = 1000, 1_000_000
	for _, c := range []struct {
		name string
		make func(int) []byte
		size int
	}{
		{"SPDX/500kB", spdxOf, 500 * kB},
		{"SPDX/50MB", spdxOf, 50 * mB},
		{"CycloneDX/500kB", cyclonedxOf, 500 * kB},
		{"CycloneDX/50MB", cyclonedxOf, 50 * mB},
	} {
		b.Run(c.name, func(b *testing.B) {
			src := c.make(c.size)
			b.SetBytes(int64(len(src)))
			b.ReportAllocs()
			var most uint64
			packages := 0
			for b.Loop() {
				runtime.GC()
				most = max(most, peak(func() {
					d, err := Read(src)
					if err != nil {
						b.Fatal(err)
					}
					packages = len(d.Packages)
				}))
			}
			b.ReportMetric(float64(most)/mB, "peakMB") // the document itself included
			b.ReportMetric(float64(packages), "packages")
		})
	}
}

func BenchmarkCheck(b *testing.B) {
	d, err := Read(spdxOf(500_000))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		Check(d, time.Time{})
	}
}

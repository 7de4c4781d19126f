// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package sbom

// The rules of BSI TR-03183-2 v2.1.0 of 2025-08-20, sections 3.1, 4, 5 and 6.1.
var bsi210Rules = []rule{
	{id: "format", level: Must, document: inFormat(formats210)},
	{id: "creator", level: Must, document: documentCreator},
	{id: "timestamp", level: Must, document: timestamp},
	{id: "sbom-uri", level: MustIfExists, document: address},

	{id: "component-creator", level: Must, component: creatorReachable},
	{id: "name", level: Must, component: isNamed},
	{id: "version", level: Must, component: isVersioned},
	{id: "filename", level: Must, component: hasFilename},
	{id: "dependencies", level: Must, component: completeness, noPlace: beforeSPDX3},
	{id: "distribution-licences", level: Must, component: concluded, noPlace: beforeAcknowledgement},
	{id: "hash-deployable", level: Must, component: deployableHash},
	{id: "executable", level: Must, component: isExecutable, noPlace: beforeSPDX3},
	{id: "archive", level: Must, component: isArchive, noPlace: beforeSPDX3},
	{id: "structured", level: Must, component: isStructured, noPlace: beforeSPDX3},

	{id: "source-uri", level: MustIfExists, component: hasSource, silent: true},
	{id: "deployable-uri", level: MustIfExists, component: hasDownload, silent: true},
	{id: "unique-ids", level: MustIfExists, component: isIdentified, silent: true},
	{id: "original-licences", level: MustIfExists, component: declared, silent: true},
	{id: "effective-licence", level: May, component: effective, noPlace: beforeSPDX3},
	{id: "hash-source", level: May, component: sourceHash, noPlace: beforeSPDX3},
	{id: "security-txt-url", level: May, component: hasSecurity, noPlace: beforeSPDX3},

	{id: "no-vulnerabilities", level: MustNot, document: noVulnerabilities},
	{id: "one-per-version", level: Must, document: untold},
	{id: "depth", level: Must, document: depth},
	{id: "licence-ids", level: Must, component: licenceIDs, applies: licensed},
	{id: "signature", level: Should, document: signature},
}

// The rules of BSI TR-03183-2 v2.0.0 of 2024-09-20.
var bsi200Rules = []rule{
	{id: "format", level: Must, document: inFormat(formats200)},
	{id: "creator", level: Must, document: documentCreator},
	{id: "timestamp", level: Must, document: timestamp},
	{id: "sbom-uri", level: MustIfExists, document: address},

	{id: "component-creator", level: Must, component: creatorReachable},
	{id: "name", level: Must, component: isNamed},
	{id: "version", level: Must, component: isVersioned},
	{id: "filename", level: Must, component: hasFilename},
	{id: "dependencies-listed", level: Must, component: enumerated, silent: true},
	{id: "associated-licences", level: Must, component: associated},
	{id: "hash-deployable", level: Must, component: deployableHash},
	{id: "executable", level: Must, component: isExecutable, noPlace: beforeSPDX3},
	{id: "archive", level: Must, component: isArchive, noPlace: beforeSPDX3},
	{id: "structured", level: Must, component: isStructured, noPlace: beforeSPDX3},

	{id: "source-uri", level: MustIfExists, component: hasSource, silent: true},
	{id: "deployable-uri", level: MustIfExists, component: hasDownload, silent: true},
	{id: "unique-ids", level: MustIfExists, component: isIdentified, silent: true},
	{id: "concluded-licences", level: MustIfExists, component: concluded, noPlace: beforeAcknowledgement, silent: true},
	{id: "declared-licences", level: May, component: declared},
	{id: "hash-source", level: May, component: sourceHash, noPlace: beforeSPDX3},

	{id: "no-vulnerabilities", level: MustNot, document: noVulnerabilities},
	{id: "one-per-version", level: Must, document: untold},
	{id: "depth", level: Must, document: depth},
	{id: "licence-ids", level: Must, component: licenceIDs, applies: licensed},
	{id: "signature", level: May, document: signature},
}

// The minimum elements of the NTIA of 2021-07-12: seven data fields, automation,
// and six practices, of which a document shows at most traces.
var ntiaRules = []rule{
	{id: "supplier", level: Must, component: supplied},
	{id: "name", level: Must, component: isNamed},
	{id: "version", level: Must, component: isVersioned},
	{id: "unique-ids", level: Must, component: isIdentified},
	{id: "dependencies-listed", level: Must, component: enumerated, silent: true},
	{id: "author", level: Must, document: namedAuthor},
	{id: "timestamp", level: Must, document: timestamp},
	{id: "machine-readable", level: Must, document: func(m *measured) (State, []string) {
		return Met, []string{string(m.Standard) + " " + m.Version}
	}},
	{id: "frequency", level: Should, document: untold},
	{id: "depth", level: Should, document: depth},
	{id: "known-unknowns", level: Should, component: completeness},
	{id: "distribution-and-delivery", level: Should, document: untold},
	{id: "access-control", level: Should, document: untold},
	{id: "accommodation-of-mistakes", level: Should, document: untold},
}

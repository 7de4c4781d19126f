// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package spdx

import (
	"strings"
	"sync"
)

// OSIApproved reports whether the Open Source Initiative has approved the licence
// of an identifier in its official spelling. A deprecated identifier counts as
// what took its place; an exception grants more and changes nothing. Other
// licences, references too, are not approved.
func OSIApproved(id string) bool {
	now, _, _ := strings.Cut(Successor(id), " WITH ")
	return osiIDs()[strings.TrimSuffix(id, "+")] || osiIDs()[now]
}

// OSIApproved reports whether one may use a work under licences that the Open
// Source Initiative has approved.
func (e *Expression) OSIApproved() bool {
	return e.Satisfied(func(l Licence) bool { return OSIApproved(l.ID) })
}

// osiIDs are the identifiers of the SPDX licence list that are marked as
// approved by the Open Source Initiative, deprecated ones included. Source:
// https://github.com/spdx/license-list-data, release 3.27.0 (2025-07-01), and
// https://github.com/spdx/license-list-XML as of 2026-07-16 for identifiers
// newer than that; licence of the data: CC0-1.0.
var osiIDs = sync.OnceValue(func() map[string]bool {
	m := map[string]bool{}
	for _, id := range strings.Fields(osiList) {
		m[id] = true
	}
	return m
})

const osiList = `
	0BSD AAL AFL-1.1 AFL-1.2 AFL-2.0 AFL-2.1 AFL-3.0 AGPL-3.0 AGPL-3.0-only
	AGPL-3.0-or-later ALGLIB-Documentation Apache-1.1 Apache-2.0 APL-1.0 APSL-1.0 APSL-1.1
	APSL-1.2 APSL-2.0 Artistic-1.0 Artistic-1.0-cl8 Artistic-1.0-Perl Artistic-2.0
	BlueOak-1.0.0 BSD-1-Clause BSD-2-Clause BSD-2-Clause-Patent BSD-3-Clause
	BSD-3-Clause-LBNL BSL-1.0 CAL-1.0 CAL-1.0-Combined-Work-Exception CATOSL-1.1 CDDL-1.0
	CECILL-2.1 CERN-OHL-P-2.0 CERN-OHL-S-2.0 CERN-OHL-W-2.0 CNRI-Python CPAL-1.0 CPL-1.0
	CUA-OPL-1.0 ECL-1.0 ECL-2.0 EFL-1.0 EFL-2.0 Entessa EPL-1.0 EPL-2.0 EUDatagrid EUPL-1.1
	EUPL-1.2 Fair Frameworx-1.0 GPL-2.0 GPL-2.0+ GPL-2.0-only GPL-2.0-or-later GPL-3.0
	GPL-3.0+ GPL-3.0-only GPL-3.0-or-later GPL-3.0-with-GCC-exception HPND ICU Intel IPA
	IPL-1.0 ISC Jam LGPL-2.0 LGPL-2.0+ LGPL-2.0-only LGPL-2.0-or-later LGPL-2.1 LGPL-2.1+
	LGPL-2.1-only LGPL-2.1-or-later LGPL-3.0 LGPL-3.0+ LGPL-3.0-only LGPL-3.0-or-later
	LiLiQ-P-1.1 LiLiQ-R-1.1 LiLiQ-Rplus-1.1 LPL-1.0 LPL-1.02 LPPL-1.3c MirOS MIT MIT-0
	MIT-Modern-Variant Motosoto MPL-1.0 MPL-1.1 MPL-2.0 MPL-2.0-no-copyleft-exception MS-PL
	MS-RL MulanPSL-2.0 Multics NASA-1.3 Naumen NCSA NGPL Nokia NPOSL-3.0 NTP OCLC-2.0
	OFL-1.1 OFL-1.1-no-RFN OFL-1.1-RFN OGTSL OLDAP-2.8 OLFL-1.3 OSC-1.0 OSET-PL-2.1 OSL-1.0
	OSL-2.0 OSL-2.1 OSL-3.0 PHP-3.0 PHP-3.01 PostgreSQL Python-2.0 QPL-1.0 RPL-1.1 RPL-1.5
	RPSL-1.0 RSCPL SimPL-2.0 SISSL Sleepycat SPL-1.0 UCL-1.0 Unicode-3.0 Unicode-DFS-2016
	Unlicense UPL-1.0 VSL-1.0 W3C W3C-20150513 Watcom-1.0 WordNet wxWindows Xnet Zlib
	ZPL-2.0 ZPL-2.1
`

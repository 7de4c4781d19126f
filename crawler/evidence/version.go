// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package evidence

// Version is raised whenever a report would come to another result, so that the
// reports that are stored are made anew. It is LicenceReport.Analyser.
const Version = 1

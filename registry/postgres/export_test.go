// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package postgres

import "errors"

// LockLog is what every transaction runs that writes to the log.
const LockLog = lockLog

// IsUnknown reports an error after which something may be written or not.
func IsUnknown(err error) bool { return errors.Is(err, errUnknown) }

// DisplayName is an address as errors show it.
var DisplayName = displayName

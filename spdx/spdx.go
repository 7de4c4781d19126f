// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Package spdx reads SPDX licence expressions (SPDX 2.3, annex D; SPDX 3.0.1,
// annex B) as people write them, and knows the identifiers of the SPDX licence
// list. It imports nothing of the project.
package spdx

// Operator joins the operands of an expression.
type Operator string

// The operators. A simple expression has none.
const (
	And Operator = "AND"
	Or  Operator = "OR"
)

// Expression is a licence expression as a tree: an Operator with at least two
// Operands, of which none has the same operator, or else one Licence.
type Expression struct {
	Operator Operator
	Operands []*Expression
	Licence  Licence
}

// Licence is one licence of an expression, with its exception.
type Licence struct {
	// ID is the identifier in its official spelling, LicenseRef-x or
	// DocumentRef-y:LicenseRef-x.
	ID string
	// OrLater says that a "+" was behind it.
	OrLater bool
	// Exception is what follows WITH, in its official spelling; "" without one.
	Exception string
}

// The words that stand in place of an expression (SPDX 2.3, 7.13 and 7.15).
const (
	NoAssertion = "NOASSERTION" // nobody has said
	None        = "NONE"        // there is no licence
)

// RemarkKind says what is odd in an expression.
type RemarkKind string

// The remarks.
const (
	Spelling   RemarkKind = "spelling"   // an identifier in other letters than the official ones
	Operators  RemarkKind = "operator"   // an operator in small letters
	Deprecated RemarkKind = "deprecated" // an identifier that another has replaced
	Ambiguous  RemarkKind = "ambiguous"  // a deprecated one that does not say whether later versions are meant
	Abandoned  RemarkKind = "abandoned"  // a deprecated one without a successor

	// Of what is no expression but means one, see Meant.
	InWords       RemarkKind = "words"  // a licence in other words than its identifier
	FamilyInWords RemarkKind = "family" // likewise, in words that do not say whether later versions are meant
)

// Remark is something odd in an expression that can be read all the same.
type Remark struct {
	Kind    RemarkKind
	Found   string
	Instead string // what to write; "" where only the author can know
}

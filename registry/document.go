// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"regexp"
	"unicode"
	"unicode/utf8"
)

// Document is something that is kept beside the catalogue as JSON: a token, a line
// of the audit log, a subscription, what an organisation says it uses. Its type has
// functions that make it and read it, see Token, AuditLine and the like. It is no
// change, and no history of it is kept.
type Document struct {
	Kind DocumentKind `json:"kind"`
	Key  string       `json:"key"` // within the kind, 1 to 1,024 bytes without control characters
	// Version is 1 for a new document and one more with each write; a number is
	// not used again where the document is removed and written anew in between.
	Version int64 `json:"version"`
	// Body is a JSON value of MaxDocument bytes at most; nil removes the document.
	Body json.RawMessage `json:"body,omitempty"`
}

// DocumentKind is what a document is.
type DocumentKind string

// MaxDocument is how many bytes a document may have.
const MaxDocument = 1 << 20

var documentKindForm = regexp.MustCompile(`^[a-z][a-z-]{0,31}$`)

// Check reports a kind, key or body that is none, as ErrInvalid.
func (d *Document) Check() error {
	switch {
	case !documentKindForm.MatchString(string(d.Kind)):
		return fmt.Errorf("%w: a kind of document has 1 to 32 of a-z and -, not %.50q", ErrInvalid, d.Kind)
	case d.Key == "" || len(d.Key) > 1024 || !utf8.ValidString(d.Key):
		return fmt.Errorf("%w: the key %.50q of a document is empty, too long or no text", ErrInvalid, d.Key)
	case len(d.Body) > MaxDocument:
		return fmt.Errorf("%w: %s %.100q has %d bytes, more than %d", ErrInvalid, d.Kind, d.Key, len(d.Body), MaxDocument)
	case d.Body != nil && !json.Valid(d.Body):
		return fmt.Errorf("%w: %s %.100q is no JSON", ErrInvalid, d.Kind, d.Key)
	case d.Version < 0:
		return fmt.Errorf("%w: %s %.100q has the version %d", ErrInvalid, d.Kind, d.Key, d.Version)
	}
	for _, r := range d.Key {
		if unicode.IsControl(r) {
			return fmt.Errorf("%w: the key %.50q of a document has a control character", ErrInvalid, d.Key)
		}
	}
	return nil
}

// Documents keeps documents. Every store has them and passes
// registrytest.TestDocuments. All methods are safe for concurrent use; a read
// after a write in the same process sees it.
type Documents interface {
	// PutDocuments writes documents in one transaction, all or none. One with
	// Version 0 must not be there yet, any other must be there with that very
	// version, else the error is ErrConflict. One without Body is removed; with
	// Version 0 it is removed whatever its version is, and may be missing. Of
	// those that are written Version is set, unless there is an error. What Check
	// refuses, and the same document twice, is ErrInvalid.
	PutDocuments(ctx context.Context, documents ...*Document) error

	// Document returns one document; ErrNotFound where there is none.
	Document(ctx context.Context, kind DocumentKind, key string) (*Document, error)

	// ListDocuments yields documents in order of their keys, byte by byte. Its
	// consumer may write: what is written meanwhile may be seen or not. An error
	// is the last thing yielded.
	ListDocuments(ctx context.Context, list DocumentList) iter.Seq2[*Document, error]
}

// DocumentList says which documents are meant.
type DocumentList struct {
	Kind     DocumentKind
	Prefix   string // of the key; "" for all
	After    string // the key after which the list begins, in its order; "" for its beginning
	Backward bool   // the last key first
}

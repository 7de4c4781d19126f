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
	"strings"
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
	// Version is a number that each write gives anew, greater than any that the
	// store gave before: what has the same version is the same. It is 0 before
	// the first write.
	Version int64 `json:"version"`
	// Body is a JSON value of MaxDocument bytes at most; nil removes the document.
	// It is given back without the white space between its parts.
	Body json.RawMessage `json:"body,omitempty"`
}

// DocumentKind is what a document is.
type DocumentKind string

// MaxDocument is how many bytes a document may have.
const MaxDocument = 1 << 20

var documentKindForm = regexp.MustCompile(`^[a-z][a-z-]{0,31}$`)

// Check reports a kind, key, version or body that is none, as ErrInvalid.
func (d *Document) Check() error {
	if err := checkDocumentKey(d.Kind, d.Key); err != nil {
		return err
	}
	switch {
	case d.Key == "":
		return fmt.Errorf("%w: the key of a document of the kind %s is empty", ErrInvalid, d.Kind)
	case d.Version < 0:
		return fmt.Errorf("%w: %s %.100q has the version %d", ErrInvalid, d.Kind, d.Key, d.Version)
	case len(d.Body) > MaxDocument:
		return fmt.Errorf("%w: %s %.100q has %d bytes, more than %d", ErrInvalid, d.Kind, d.Key, len(d.Body), MaxDocument)
	case d.Body != nil && !(utf8.Valid(d.Body) && json.Valid(d.Body)):
		return fmt.Errorf("%w: %s %.100q is no JSON", ErrInvalid, d.Kind, d.Key)
	case d.Body != nil && depth(d.Body) > maxDocumentDepth:
		return fmt.Errorf("%w: %s %.100q has more than %d arrays and objects in one another", ErrInvalid, d.Kind, d.Key, maxDocumentDepth)
	}
	return nil
}

// maxDocumentDepth leaves room for what a dump puts around a document: decoders
// end at 10,000.
const maxDocumentDepth = 1000

// depth is how many arrays and objects of a JSON value are in one another.
func depth(value []byte) (deepest int) {
	now, quoted := 0, false
	for i := 0; i < len(value); i++ {
		switch c := value[i]; {
		case c == '"':
			quoted = !quoted
		case quoted && c == '\\':
			i++
		case !quoted && (c == '[' || c == '{'):
			now++
			deepest = max(deepest, now)
		case !quoted && (c == ']' || c == '}'):
			now--
		}
	}
	return deepest
}

func checkDocumentKey(kind DocumentKind, key string) error {
	switch {
	case !documentKindForm.MatchString(string(kind)):
		return fmt.Errorf("%w: a kind of document has 1 to 32 of a-z and -, not %.50q", ErrInvalid, kind)
	case len(key) > 1024 || !utf8.ValidString(key) || strings.ContainsFunc(key, unicode.IsControl):
		return fmt.Errorf("%w: the key %.50q of a document is too long or no text", ErrInvalid, key)
	}
	return nil
}

// CheckDocuments reports what Documents.PutDocuments refuses: what Check does, and
// the same document twice.
func CheckDocuments(documents []*Document) error {
	type name struct {
		kind DocumentKind
		key  string
	}
	seen := make(map[name]bool, len(documents))
	for _, d := range documents {
		if err := d.Check(); err != nil {
			return err
		}
		n := name{d.Kind, d.Key}
		if seen[n] {
			return fmt.Errorf("%w: %s %.100q is written twice at once", ErrInvalid, d.Kind, d.Key)
		}
		seen[n] = true
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
	// is the last thing yielded; what Check of the list refuses is ErrInvalid.
	ListDocuments(ctx context.Context, list DocumentList) iter.Seq2[*Document, error]
}

// DocumentList says which documents are meant.
type DocumentList struct {
	Kind     DocumentKind
	Prefix   string // of the key; "" for all
	After    string // the key after which the list begins, in its order; "" for its beginning
	Backward bool   // the last key first
}

// Check reports a kind, or a Prefix or After that no key has, as ErrInvalid.
func (l *DocumentList) Check() error {
	if err := checkDocumentKey(l.Kind, l.Prefix); err != nil {
		return err
	}
	return checkDocumentKey(l.Kind, l.After)
}

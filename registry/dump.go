// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry

import (
	"bytes"
	"encoding/json"
	"errors"
	"time"
	"unicode/utf8"

	"github.com/allmende-registry/allmende/sbom"
)

// DumpVersion is the version of the stream of records that Dump gives, and the
// only one that Load takes. Documents came with 2; a stream of 1 has none and is
// one of 2 but for its number.
const DumpVersion = 2

// ErrNotEmpty is what Load says of a store that holds something already.
var ErrNotEmpty = errors.New("not empty")

// ErrDamaged is wrapped by errors about what was stored and cannot be read as
// what it was written.
var ErrDamaged = errors.New("the database is damaged: restore the registry from a backup")

// Record is one part of what a store holds. Exactly one field is set; its name
// in JSON is the record's kind. A dump is one Head, the other kinds in the order
// of the fields, and one End. Within a kind the records ascend, without doubles,
// by what the comment says, text byte by byte.
//
// Times of changes, entries, revisions and dossiers are in UTC, to the
// millisecond.
type Record struct {
	Head     *HeadRecord     `json:"head,omitempty"`
	Change   *Change         `json:"change,omitempty"`   // by Rev, from 1 without a gap
	File     *FileRecord     `json:"file,omitempty"`     // by Hash
	SBOM     *SBOMRecord     `json:"sbom,omitempty"`     // by Hash
	Entry    *EntryRecord    `json:"entry,omitempty"`    // by N
	Use      *UseRecord      `json:"use,omitempty"`      // by Entry, Path, Origin, Rev
	Alias    *AliasRecord    `json:"alias,omitempty"`    // by ID.Key
	Revision *RevisionRecord `json:"revision,omitempty"` // by Entry, Rev
	Dossier  *DossierRecord  `json:"dossier,omitempty"`  // by Hash
	Visit    *Visit          `json:"visit,omitempty"`    // by Repo.Key
	Source   *SourceState    `json:"source,omitempty"`   // by Source
	Day      *Day            `json:"day,omitempty"`      // by Date
	Document *Document       `json:"document,omitempty"` // by Kind, Key
	End      *EndRecord      `json:"end,omitempty"`
}

// HeadRecord begins a dump.
type HeadRecord struct {
	Version int `json:"version"` // DumpVersion
	Rev     Rev `json:"rev"`     // the newest revision; 0 where there is none
	// Document is the newest version of a document, also of one that was removed;
	// 0 where there was none.
	Document int64 `json:"document,omitempty"`
}

// FileRecord is a raw file.
type FileRecord struct {
	Hash  string `json:"hash"` // SHA-256 of Bytes, hex
	Bytes Raw    `json:"bytes"`
}

// SBOMRecord is what was read from the raw file with a hash.
type SBOMRecord struct {
	Hash     string         `json:"hash"` // of the raw file
	Document *sbom.Document `json:"document"`
}

// EntryRecord is an entry in its last state, also a removed one.
type EntryRecord struct {
	// N is the number of the entry, from 1, the same through every rename.
	N       int64 `json:"n"`
	Removed bool  `json:"removed,omitempty"`
	// Lost says that another repository took the address of the entry, which is
	// removed until it is seen elsewhere.
	Lost bool `json:"lost,omitempty"`
	// Software has Rev and Changed of the last change, that of its removal too. Of
	// a removed entry it may be its Tombstone.
	Software *Software `json:"software"`
}

// UseRecord says which file an entry rested on, from which revision on.
type UseRecord struct {
	Entry  int64  `json:"entry"` // EntryRecord.N
	Path   string `json:"path"`
	Origin string `json:"origin,omitempty"`
	Rev    Rev    `json:"rev"`
	Hash   string `json:"hash"` // FileRecord.Hash
	Commit string `json:"commit,omitempty"`
}

// AliasRecord is a former ID of an entry.
type AliasRecord struct {
	ID    ID    `json:"id"`
	Entry int64 `json:"entry"` // EntryRecord.N
}

// RevisionRecord is an entry as one change left it, and a later one found it.
type RevisionRecord struct {
	Entry int64 `json:"entry"` // EntryRecord.N
	Rev   Rev   `json:"rev"`   // Change.Rev
	// Software is as Software.Content gives it; nil where the change removed
	// the entry.
	Software *Software `json:"software,omitempty"`
}

// DossierRecord is a Dossier with its bytes.
type DossierRecord struct {
	Hash  string    `json:"hash"` // SHA-256 of Bytes, hex
	ID    ID        `json:"id"`
	Rev   Rev       `json:"rev"`
	Made  time.Time `json:"made"`
	Bytes Raw       `json:"bytes"`
}

// EndRecord ends a dump.
type EndRecord struct {
	Records int `json:"records"` // before it, Head included
}

// Raw is bytes: in JSON a string where they are plain text in UTF-8, else an
// object with the bytes in base64.
type Raw []byte

type rawObject struct {
	Base64 []byte `json:"base64"`
}

// MarshalJSON implements [json.Marshaler].
func (r Raw) MarshalJSON() ([]byte, error) {
	if !plain(r) {
		return json.Marshal(rawObject{r})
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	err := enc.Encode(string(r))
	return out.Bytes(), err
}

// plain reports text that JSON does not make much longer.
func plain(b []byte) bool {
	for _, c := range b {
		if c < ' ' && c != '\n' && c != '\t' && c != '\r' {
			return false
		}
	}
	return utf8.Valid(b)
}

// UnmarshalJSON implements [json.Unmarshaler].
func (r *Raw) UnmarshalJSON(b []byte) error {
	var text *string
	if err := json.Unmarshal(b, &text); err == nil && text != nil {
		*r = Raw(*text)
		return nil
	}
	var o *rawObject
	if err := json.Unmarshal(b, &o); err != nil {
		return err
	}
	if o == nil || o.Base64 == nil {
		return errors.New("bytes are a string or an object with base64")
	}
	*r = o.Base64
	return nil
}

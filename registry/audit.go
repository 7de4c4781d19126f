// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"time"
)

// AuditDocument is the kind of AuditLine.
const AuditDocument DocumentKind = "audit"

// AuditLine says who wrote what, and when. It is written in the transaction of what
// it speaks of, and never changed. It holds no secret, and of restricted statements
// no more than that there are some.
type AuditLine struct {
	ID     string    `json:"id"`   // sorts by time
	Time   time.Time `json:"time"` // to the millisecond
	Actor  string    `json:"actor"`
	Action string    `json:"action"` // such as token.create, override.put
	Object string    `json:"object"` // what it was done to: an id, an address
	Detail string    `json:"detail,omitempty"`
}

// Audit makes a line of now. The actor is "token:" and the id of a token,
// "oidc:" and a subject, or "cli" for who runs the program.
func Audit(now time.Time, actor, action, object, detail string) AuditLine {
	now = now.UTC().Truncate(time.Millisecond)
	return AuditLine{
		ID:   fmt.Sprintf("%013d-%s", now.UnixMilli(), rand.Text()[:10]),
		Time: now, Actor: actor, Action: action, Object: object, Detail: detail,
	}
}

// Document is the line as a new document; its key is the ID.
func (l AuditLine) Document() *Document {
	return &Document{Kind: AuditDocument, Key: l.ID, Body: body(l)}
}

// body is the JSON of a type whose every value has some.
func body(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // strings, numbers and times of this package
	}
	return b
}

// ReadDocument reads the body of a document as what its kind is; ErrDamaged where
// it is something else.
func ReadDocument[T any](d *Document) (*T, error) {
	v := new(T)
	if err := json.Unmarshal(d.Body, v); err != nil {
		return nil, fmt.Errorf("%s %q: %w (%w)", d.Kind, d.Key, ErrDamaged, err)
	}
	return v, nil
}

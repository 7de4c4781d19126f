// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/allmende-registry/allmende/registry"
)

// maxBody is how many bytes a JSON body may have.
const maxBody = 1 << 20

// attempts is how often a write is tried while others write the same.
const attempts = 5

var (
	errNoWrites   = &problem{Status: http.StatusNotFound, Detail: "This node takes no writes."}
	errNotJSON    = &problem{Status: http.StatusUnsupportedMediaType, Detail: "The body is JSON in UTF-8, not encoded, and its Content-Type application/json."}
	errLargeBody  = &problem{Status: http.StatusRequestEntityTooLarge, Detail: fmt.Sprintf("The body has more than %d bytes.", maxBody)}
	errStaleMatch = &problem{Status: http.StatusPreconditionFailed, Detail: "It is not what If-Match or If-None-Match says: somebody else changed it meanwhile. Get it again, and its ETag with it."}
	errContended  = &problem{Status: http.StatusServiceUnavailable, Detail: "Others are writing the same. Try again in a few seconds."}
)

// writes is the problem of a node that takes none.
func (a *api) writes() error {
	if a.documents == nil {
		return errNoWrites
	}
	return nil
}

// writer is the caller of a write, who has a scope.
func (a *api) writer(c *gin.Context, s registry.Scope) (caller, error) {
	if err := a.writes(); err != nil {
		return caller{}, err
	}
	cl, err := a.caller(c)
	if err == nil {
		err = cl.has(s)
	}
	return cl, err
}

// readBody decodes the JSON body of a request into what v points to. What is not
// known is refused: a misspelt member would else be lost without a word.
func readBody(c *gin.Context, v any) error {
	h := c.Request.Header
	media, _, err := mime.ParseMediaType(h.Get("Content-Type"))
	encoding := h.Get("Content-Encoding")
	if err != nil || media != typeJSON || encoding != "" && !strings.EqualFold(encoding, "identity") {
		return errNotJSON
	}
	_ = http.NewResponseController(c.Writer).SetReadDeadline(time.Now().Add(maxArrival)) // not every server can
	src, err := io.ReadAll(io.LimitReader(c.Request.Body, maxBody+1))
	switch {
	case err != nil:
		return errBody
	case len(src) > maxBody:
		return errLargeBody
	}
	return decodeBody(src, v)
}

// decodeBody is readBody of the bytes.
func decodeBody(src []byte, v any) error {
	err := jsonv2.Unmarshal(src, v, jsonv2.RejectUnknownMembers(true))
	if err == nil {
		return nil
	}
	var semantic *jsonv2.SemanticError
	var syntactic *jsontext.SyntacticError
	switch {
	case errors.As(err, &semantic) && errors.Is(err, jsonv2.ErrUnknownName):
		return badBody(string(semantic.JSONPointer), codeUnknown, "There is no such member here.")
	case errors.As(err, &semantic):
		return badBody(string(semantic.JSONPointer), codeMalformed, "This value has the wrong form.")
	case errors.As(err, &syntactic) && errors.Is(err, jsontext.ErrDuplicateName):
		return badBody(string(syntactic.JSONPointer), codeRepeated, "This member stands twice.")
	case errors.As(err, &syntactic):
		return badBody(string(syntactic.JSONPointer), codeMalformed, "The body is no JSON in UTF-8: it breaks off, or has something else here.")
	}
	return badBody("", codeMalformed, "The body is not what is taken here.")
}

// badBody is the problem of one thing wrong in the body, at a JSON pointer.
func badBody(pointer, code, detail string) *problem {
	f := fault{In: "body", Code: code, Detail: detail}
	if pointer = printablePointer(pointer); pointer != "" {
		f.Location = &location{Pointer: pointer}
		f.Detail = pointer + ": " + detail
	}
	return badRequest([]fault{f})
}

// printablePointer shortens the names in a pointer to what an answer may repeat.
func printablePointer(pointer string) string {
	if len(pointer) > maxText {
		pointer = pointer[:maxText]
	}
	names := strings.Split(pointer, "/")
	for i, name := range names {
		names[i] = printable(name)
	}
	return strings.Join(names, "/")
}

// refused turns what a check of the registry refuses into the problem of a member
// of the body; other errors stay what they are.
func refused(pointer string, err error) error {
	if !errors.Is(err, registry.ErrInvalid) {
		return err
	}
	text := strings.TrimPrefix(err.Error(), registry.ErrInvalid.Error()+": ")
	return badBody(pointer, codeForbidden, text+".")
}

// put writes documents, and in the same transaction the line of the audit log that
// says so.
func (a *api) put(c *gin.Context, cl caller, action, object, detail string, documents ...*registry.Document) error {
	line := registry.Audit(a.now(), cl.actor, action, object, detail)
	return a.documents.PutDocuments(c.Request.Context(), append(documents, line.Document())...)
}

// contended does a write again where somebody else wrote the same in between.
func contended(write func() error) error {
	for range attempts {
		if err := write(); !errors.Is(err, registry.ErrConflict) {
			return err
		}
	}
	return errContended
}

// precondition holds If-Match and If-None-Match against the entity tag of what is
// there (RFC 9110, section 13.1); "" where nothing is. A tag that a proxy made weak,
// because it compressed the answer, still says which one was seen.
func precondition(c *gin.Context, etag string) error {
	if fields := c.Request.Header.Values("If-Match"); len(fields) > 0 && (etag == "" || !matches(fields, etag)) {
		return errStaleMatch
	}
	if fields := c.Request.Header.Values("If-None-Match"); len(fields) > 0 && etag != "" && matches(fields, etag) {
		return errStaleMatch
	}
	return nil
}

// private is an answer for the caller alone, of a status.
func private(status int, v any) (*answer, error) {
	ans, err := uncached(v)
	if err != nil {
		return nil, err
	}
	ans.status, ans.cache = status, cachePrivate
	return ans, nil
}

// written answers a write with what is there now, and its entity tag.
func written(status int, v any) (*answer, error) {
	ans, err := private(status, v)
	if err != nil {
		return nil, err
	}
	// Not as etag: If-None-Match has been a condition for the write.
	ans.header = map[string]string{"ETag": entityTag(ans.body)}
	return ans, nil
}

// nothing answers a write after which there is nothing to show.
func nothing() *answer { return &answer{status: http.StatusNoContent, cache: cachePrivate} }

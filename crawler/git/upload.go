// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package git

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strings"
)

// wanted is what a fetch asks for: objects and what they need.
type wanted struct {
	hashes []string // in hex
	deepen string   // how far back commits are wanted, such as "deepen 1"; "" for all
	filter string   // what is left out; "" for nothing
	limit  int64    // of the answer, in bytes
}

// fetch asks for objects, without what came before their commit.
func (f *Forge) fetch(ctx context.Context, h *head, w wanted) (*pack, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, h.clone.String()+"/git-upload-pack", bytes.NewReader(h.ask(w)))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/x-git-upload-pack-request")
	req.Header.Set("Accept", "application/x-git-upload-pack-result")
	body, _, err := f.do(req, w.limit)
	if err != nil {
		return nil, err
	}
	packed, err := unband(body, h.offers["side-band-64k"])
	if err != nil {
		return nil, fmt.Errorf("%s: %w", h.url, err)
	}
	p, err := readPack(packed, h.format)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", h.url, err)
	}
	return p, nil
}

// ask is the body of a fetch: what is wanted, and that nothing is at hand yet
// (gitprotocol-pack(5), "Packfile Negotiation").
func (h *head) ask(w wanted) []byte {
	var body []byte
	for i, hash := range w.hashes {
		want := "want " + hash
		if i == 0 {
			want += h.accepted(w)
		}
		body = appendLine(body, want+"\n")
	}
	if w.deepen != "" {
		body = appendLine(body, w.deepen+"\n")
	}
	if w.filter != "" {
		body = appendLine(body, "filter "+w.filter+"\n")
	}
	return append(body, "0000"+"0009done\n"...)
}

// accepted are the capabilities that a fetch makes use of.
func (h *head) accepted(w wanted) string {
	var names string
	for _, name := range []string{"multi_ack_detailed", "side-band-64k", "ofs-delta", "no-progress"} {
		if h.offers[name] {
			names += " " + name
		}
	}
	if w.filter != "" {
		names += " filter"
	}
	if strings.HasPrefix(w.deepen, "deepen-since ") {
		names += " deepen-since"
	}
	if h.format != sha1Format {
		names += " object-format=" + h.format.name
	}
	return names
}

// unband takes the pack out of the answer to a fetch. banded says that it comes
// in lines, the first byte of each saying of which of three streams it is. The
// pack takes the place of the answer.
func unband(body []byte, banded bool) ([]byte, error) {
	l := lines{body}
	for {
		line, flush, err := l.text()
		switch {
		case err != nil:
			return nil, err
		case flush, bytes.HasPrefix(line, []byte("shallow ")), bytes.HasPrefix(line, []byte("unshallow ")):
			continue
		case !bytes.Equal(line, []byte("NAK")) && !bytes.HasPrefix(line, []byte("ACK ")):
			return nil, fmt.Errorf("%w: %.80q before the pack", errDamaged, line)
		}
		break
	}
	if !banded {
		return l.rest, nil
	}
	packed := body[:0]
	for {
		line, err := l.next()
		switch {
		case err != nil:
			return nil, err
		case line == nil:
			return packed, nil
		case len(line) == 0:
			return nil, fmt.Errorf("%w: an empty line within the pack", errDamaged)
		case line[0] == 1:
			packed = append(packed, line[1:]...)
		case line[0] == 2: // progress
		case line[0] == 3:
			return nil, refusal(line[1:])
		default:
			return nil, fmt.Errorf("%w: a line of stream %d within the pack", errDamaged, line[0])
		}
	}
}

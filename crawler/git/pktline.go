// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package git

import (
	"bytes"
	"fmt"
	"strconv"
)

// lines reads the lines of an answer, each with its length before it
// (gitprotocol-common(5), "pkt-line format").
type lines struct{ rest []byte }

// next is the next line with its line feed; nil is a flush, which ends a
// section.
func (l *lines) next() ([]byte, error) {
	if len(l.rest) < 4 {
		return nil, fmt.Errorf("%w: it ends within a line", errDamaged)
	}
	n, err := strconv.ParseUint(string(l.rest[:4]), 16, 16)
	if err != nil {
		return nil, fmt.Errorf("%w: %.20q begins no line", errDamaged, l.rest)
	}
	switch {
	case n == 0:
		l.rest = l.rest[4:]
		return nil, nil
	case n < 4:
		return nil, fmt.Errorf("%w: a line of length %d, which this version of the protocol does not have", errDamaged, n)
	case int(n) > len(l.rest):
		return nil, fmt.Errorf("%w: it ends within a line", errDamaged)
	}
	line := l.rest[4:n]
	l.rest = l.rest[n:]
	return line, nil
}

// text is the next line without its line feed. A line in which the server says
// what is wrong is errRefused.
func (l *lines) text() (line []byte, flush bool, err error) {
	line, err = l.next()
	if err != nil || line == nil {
		return nil, line == nil, err
	}
	line = bytes.TrimSuffix(line, []byte("\n"))
	if reason, ok := bytes.CutPrefix(line, []byte("ERR ")); ok {
		return nil, false, refusal(reason)
	}
	return line, false, nil
}

func refusal(reason []byte) error {
	return fmt.Errorf("%w: %.200q", errRefused, bytes.TrimSpace(reason))
}

// appendLine appends a line in its wire form. It must be shorter than 65 kB.
func appendLine(to []byte, line string) []byte {
	return fmt.Appendf(to, "%04x%s", len(line)+4, line)
}

// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package sqlite

import (
	"errors"
	"fmt"
	"hash/crc32"

	"github.com/allmende-registry/allmende/registry/stored"
)

// A document is sealed by its checksum in a comment behind it, which SQLite's own
// functions pass over: /*1a2b3c4d*/. SQLite does not notice a byte that was changed
// within a text.
const (
	sealStart, sealEnd = "/*", "*/"
	sealSize           = len(sealStart) + 2*crc32.Size + len(sealEnd)
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// form is that of all documents.
var form = stored.Form{Seal: seal, Unseal: unseal}

func seal(document string) string { return document + sealOf(document) }

func sealOf[T string | []byte](document T) string {
	return fmt.Sprintf("%s%08x%s", sealStart, crc32.Checksum([]byte(document), castagnoli), sealEnd)
}

// unseal checks the seal and takes it off.
func unseal(document []byte) ([]byte, error) {
	plain := unsealed(document)
	if len(plain) < len(document) && string(document[len(plain):]) != sealOf(plain) {
		return nil, errors.New("its checksum is another")
	}
	return plain, nil
}

// unsealed is a document without its seal. What was written before there were
// seals has none.
func unsealed[T string | []byte](document T) T {
	if end := len(document) - len(sealEnd); end < 0 || string(document[end:]) != sealEnd { // no JSON ends so
		return document
	}
	return document[:max(0, len(document)-sealSize)]
}

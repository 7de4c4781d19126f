// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package stored

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/sbom"
)

// HashFiles returns the files with their hashes set from their bytes.
func HashFiles(files []registry.File) ([]registry.File, error) {
	hashed := slices.Clone(files)
	for i := range hashed {
		f := &hashed[i]
		if f.Bytes == nil && f.Hash != "" {
			continue
		}
		hash := Sum(f.Bytes)
		if f.Hash != "" && f.Hash != hash {
			return nil, fmt.Errorf("%w: the bytes of the file %q have the hash %s, not %s", registry.ErrInvalid, f.Path, hash, f.Hash)
		}
		f.Hash = hash
	}
	return hashed, nil
}

// SizeFiles sets the sizes of files that have their hashes, given those that are
// stored by their hashes, and returns the contents that are not, by hash. A file
// given by its hash alone must be stored already. What is stored stays unless it is
// pruned, so that no transaction is needed.
func SizeFiles(files []registry.File, sizes map[string]int) (fresh []Content, err error) {
	for i := range files {
		f := &files[i]
		size, known := sizes[f.Hash]
		if !known {
			if f.Bytes == nil && f.Hash != Sum(nil) {
				return nil, fmt.Errorf("%w: the file %q has no bytes, and none with its hash %s are stored", registry.ErrInvalid, f.Path, f.Hash)
			}
			size = len(f.Bytes)
			fresh = append(fresh, Pack(f.Hash, f.Bytes))
			sizes[f.Hash] = size
		}
		f.Size = size
	}
	slices.SortFunc(fresh, byHash)
	return fresh, nil
}

func byHash(a, b Content) int { return cmp.Compare(a.Hash, b.Hash) }

// PackSBOMs makes contents of the documents that came with an entry, by hash. Of
// two of one file the last one stays.
func (f Form) PackSBOMs(sboms []registry.SBOM) ([]Content, error) {
	all := map[string]Content{}
	for _, d := range sboms {
		if d.Document == nil {
			continue
		}
		c, err := f.PackSBOM(d.Hash, d.Document)
		if err != nil {
			return nil, fmt.Errorf("the SBOM %s: %w", d.Path, err)
		}
		all[d.Hash] = c
	}
	return slices.SortedFunc(maps.Values(all), byHash), nil
}

// PackSBOM makes a content of the document that was read from the file with a hash.
func (f Form) PackSBOM(hash string, d *sbom.Document) (Content, error) {
	document, err := f.Encode(d)
	if err != nil {
		return Content{}, err
	}
	return Pack(hash, []byte(document)), nil
}

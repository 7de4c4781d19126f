// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package collect

import (
	"fmt"
	"io/fs"
	"net/url"
	"slices"
	"strings"

	"github.com/allmende-registry/allmende/registry"
)

// releases fetches SBOMs that are attached to the newest stable release.
func (c *collector) releases() {
	if c.Activity == nil {
		return
	}
	i := slices.IndexFunc(c.Activity.Releases, func(r registry.Release) bool { return !r.Prerelease })
	if i < 0 {
		return
	}
	tried := 0
	for _, a := range c.Activity.Releases[i].Assets {
		f := registry.File{Path: a.Name, Role: registry.RoleSBOM, Origin: a.URL}
		switch {
		case !sbomName.MatchString(strings.ToLower(a.Name)), !isFileName(a.Name), !isWeb(a.URL), c.has(f):
			continue
		case tried >= MaxReleaseSBOMs:
			c.note(f, TooMany, fmt.Sprintf("only %d SBOMs of a release are read", MaxReleaseSBOMs))
			return
		case a.Size > MaxAsset:
			c.failed(f, MaxAsset, registry.ErrTooLarge)
			continue
		}
		tried++
		var err error
		if f.Bytes, err = c.get(f, MaxAsset); err != nil {
			c.failed(f, MaxAsset, err)
		} else if !isSBOM(f.Bytes) {
			c.note(f, Invalid, "neither an SPDX nor a CycloneDX document")
		} else {
			c.add(f)
		}
		if c.ctx.Err() != nil {
			return
		}
	}
}

// undescribed keeps what a forge told before that could not be asked now.
func (c *collector) undescribed() {
	if c.Undescribed {
		c.keepAll(func(old registry.File) bool { return old.Role == registry.RoleSBOM && old.Origin != "" })
	}
}

// isFileName reports the name of one file, not a path.
func isFileName(name string) bool {
	return fs.ValidPath(name) && name != "." && !strings.ContainsAny(name, "/\\\x00")
}

func isWeb(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != ""
}

// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"path"
	"slices"
	"strings"
)

//go:generate sh assets/vendor.sh

//go:embed assets/*.css assets/*.js assets/*.svg assets/vendor
var assetFiles embed.FS

// assets are the files under /assets/. The name of each holds the hash of its
// content, so that it may be kept for ever.
type assets struct {
	names map[string]string // plain name -> name with hash
	files map[string]asset  // name with hash -> content
}

type asset struct {
	contentType string
	content     []byte
}

var contentTypes = map[string]string{
	".css":   "text/css; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".svg":   "image/svg+xml",
	".woff2": "font/woff2",
	".txt":   "text/plain; charset=utf-8",
	".md":    "text/markdown; charset=utf-8",
	".gz":    "application/gzip",
}

// styleSheets are joined in this order into one file.
var styleSheets = []string{"assets/vendor/kern.css", "assets/site.css"}

func loadAssets() (*assets, error) {
	a := &assets{names: map[string]string{}, files: map[string]asset{}}
	var style bytes.Buffer
	for _, name := range styleSheets {
		content, err := assetFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		style.Write(content)
	}
	for _, dir := range []string{"assets", "assets/vendor"} {
		entries, err := assetFiles.ReadDir(dir)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			name := path.Join(dir, e.Name())
			if e.IsDir() || slices.Contains(styleSheets, name) || contentTypes[path.Ext(name)] == "" {
				continue
			}
			content, err := assetFiles.ReadFile(name)
			if err != nil {
				return nil, err
			}
			a.add(e.Name(), content)
		}
	}
	if err := a.addEditor(); err != nil {
		return nil, err
	}
	// The style sheet names the fonts, so their names must be known by now.
	css := style.String()
	for plain, hashed := range a.names {
		css = strings.ReplaceAll(css, fmt.Sprintf("url(%q)", plain), fmt.Sprintf("url(%q)", hashed))
	}
	a.add("site.css", []byte(css))
	return a, nil
}

func (a *assets) add(name string, content []byte) {
	sum := sha256.Sum256(content)
	ext := path.Ext(name)
	hashed := strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:6]) + ext
	a.names[name] = hashed
	a.files[hashed] = asset{contentType: contentTypes[ext], content: content}
}

// path is where the asset with that plain name is served; an error for a name
// that is not there, so that a page with a typing error is never written.
func (a *assets) path(name string) (string, error) {
	hashed, ok := a.names[name]
	if !ok {
		return "", fmt.Errorf("no asset %q", name)
	}
	return "/assets/" + hashed, nil
}

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

	"github.com/tdewolff/minify/v2"
	"github.com/tdewolff/minify/v2/css"
	"github.com/tdewolff/minify/v2/js"
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
	".mp4":   "video/mp4",
	".webm":  "video/webm",
}

// styleSheets are joined in this order into one file.
var styleSheets = []string{"assets/vendor/kern.css", "assets/site.css"}

// shorter leaves out of style sheets and scripts what only their authors need,
// but not the notes, begun by /*!, that say whose a part is.
var shorter = func() *minify.M {
	m := minify.New()
	m.AddFunc(".css", css.Minify)
	m.AddFunc(".js", js.Minify)
	return m
}()

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
			if err := a.addShort(e.Name(), content); err != nil {
				return nil, err
			}
		}
	}
	if err := a.addEditor(); err != nil {
		return nil, err
	}
	// The style sheet names the fonts, so their names must be known by now.
	sheet := style.String()
	for plain, hashed := range a.names {
		sheet = strings.ReplaceAll(sheet, fmt.Sprintf("url(%q)", plain), fmt.Sprintf("url(%q)", hashed))
	}
	return a, a.addShort("site.css", []byte(sheet))
}

// addShort adds a file, a style sheet or script in its short form.
func (a *assets) addShort(name string, content []byte) error {
	if ext := path.Ext(name); ext == ".css" || ext == ".js" {
		var err error
		if content, err = shorter.Bytes(ext, content); err != nil {
			return fmt.Errorf("asset %s: %w", name, err)
		}
	}
	a.add(name, content)
	return nil
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

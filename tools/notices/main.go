// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Command notices writes site/notices: the modules that the program is compiled
// of, Go, and what of others the site sends to browsers, each with its licences
// and who holds the rights, and the texts of the licences. Run it when a
// dependency changed:
//
//	go generate ./site
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/allmende-registry/allmende/licence/detect"
)

// Notice is one line of the list; package site reads it.
type Notice struct {
	Name     string   `json:"name"`
	Version  string   `json:"version,omitempty"`
	Licences []string `json:"licences"`
	Holders  []string `json:"holders"`
	Asset    string   `json:"asset,omitempty"`
}

// Notices are the whole list.
type Notices struct {
	Modules []Notice `json:"modules"`
	Pages   []Notice `json:"pages"`
}

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "notices:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	root, err := goTool(ctx, ".", "list", "-m", "-f", "{{.Dir}}")
	if err != nil {
		return err
	}
	dir := strings.TrimSpace(string(root))
	list, texts, err := collect(ctx, dir)
	if err != nil {
		return err
	}
	src, err := json.MarshalIndent(list, "", "  ")
	if err != nil {
		return err
	}
	out := filepath.Join(dir, "site", "notices")
	return errors.Join(
		os.WriteFile(filepath.Join(out, "notices.json"), append(src, '\n'), 0o644),
		os.WriteFile(filepath.Join(out, "LICENSE.modules.txt"), texts, 0o644),
	)
}

func goTool(ctx context.Context, dir string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = dir
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go %s: %w", args[0], err)
	}
	return out, nil
}

// module is one as the go tool describes it.
type module struct {
	Path, Version, Dir string
	Main               bool
}

// modules are those whose packages are compiled into the program, on the systems
// that it is made for, by path, and Go itself first.
func modules(ctx context.Context, dir string) ([]module, error) {
	root, err := goTool(ctx, dir, "env", "GOROOT")
	if err != nil {
		return nil, err
	}
	out, err := goTool(ctx, dir, "list", "-deps", "-json=Module", "./cmd/allmende")
	if err != nil {
		return nil, err
	}
	var all []module
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct{ Module *module }
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		if p.Module != nil && !p.Module.Main {
			all = append(all, *p.Module)
		}
	}
	slices.SortFunc(all, func(a, b module) int { return strings.Compare(a.Path, b.Path) })
	all = slices.Compact(all)
	return slices.Insert(all, 0, module{Path: "Go", Dir: strings.TrimSpace(string(root))}), nil
}

// collect makes the list and the file of the texts, each text once.
func collect(ctx context.Context, dir string) (Notices, []byte, error) {
	mods, err := modules(ctx, dir)
	if err != nil {
		return Notices{}, nil, err
	}
	var list Notices
	var order []string
	names := map[string][]string{} // of the modules with a text, by its words
	for _, m := range mods {
		n := Notice{Name: m.Path, Version: m.Version, Holders: []string{}}
		texts, err := licenceTexts(m.Dir)
		if err != nil {
			return Notices{}, nil, fmt.Errorf("%s: %w", m.Path, err)
		}
		for _, text := range texts {
			words := strings.Join(strings.Fields(text), " ") // however its lines are broken
			if names[words] == nil {
				order = append(order, text)
			}
			names[words] = append(names[words], m.Path)
			n.add([]byte(text))
		}
		if c := chosen[m.Path]; c != "" {
			n.Licences = []string{c}
		}
		if err := n.finish(); err != nil {
			return Notices{}, nil, err
		}
		list.Modules = append(list.Modules, n)
	}
	var out bytes.Buffer
	out.WriteString("The program Allmende contains the following software of others.\n")
	for _, text := range order {
		fmt.Fprintf(&out, "\n%s\n\n%s\n\n%s\n", strings.Repeat("=", 72), strings.Join(names[strings.Join(strings.Fields(text), " ")], "\n"), text)
	}
	list.Pages, err = pages(dir)
	return list, out.Bytes(), err
}

// chosen are the licences of modules that leave the choice between several: this
// one is what the program has them under.
var chosen = map[string]string{
	"github.com/spdx/tools-golang": "Apache-2.0", // or GPL-2.0-or-later
}

// named are files that hold licences and what belongs to them.
var named = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|patents)([-.].*)?$`)

// notTexts are files with such names that are none: source code, the text of a
// logo or of documents that are not compiled.
var notTexts = regexp.MustCompile(`(?i)\.go$|-logo$|\.docs$`)

func licenceTexts(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var texts []string
	for _, e := range entries {
		if !e.Type().IsRegular() || !named.MatchString(e.Name()) || notTexts.MatchString(e.Name()) {
			continue
		}
		src, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		texts = append(texts, strings.Trim(strings.ReplaceAll(strings.ToValidUTF8(string(src), "?"), "\r\n", "\n"), "\n"))
	}
	if texts == nil {
		return nil, fmt.Errorf("no licence text in %s", dir)
	}
	return texts, nil
}

// copyright is a line that says who holds the rights; a template of one has
// brackets, and a sentence about the rights does not begin with the year or name.
var copyright = regexp.MustCompile(`(?m)^[\s#*/]*(?:(?i:copyright)[ \t]*(?:\([cC]\)|©)?|©)[ \t]*((?:\d{4}|[A-ZÀ-Ý]|[tT]he [A-Z])[^\n]*)$`)

// add takes up what a text says.
func (n *Notice) add(text []byte) {
	for _, m := range detect.Text(text) {
		if m.Kind == detect.FullText {
			n.Licences = append(n.Licences, m.SPDX)
		}
	}
	for _, m := range copyright.FindAllSubmatch(text, -1) {
		holder := strings.Join(strings.Fields(string(m[1])), " ")
		holder = strings.TrimSuffix(strings.TrimSuffix(holder, "."), " All rights reserved")
		if !strings.ContainsAny(holder, "[]{}") && holder != strings.ToUpper(holder) {
			n.Holders = append(n.Holders, strings.TrimRight(holder, " ."))
		}
	}
}

func (n *Notice) finish() error {
	for _, list := range []*[]string{&n.Licences, &n.Holders} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	if n.Licences == nil {
		return fmt.Errorf("%s: no licence was recognised in its texts", n.Name)
	}
	return nil
}

// vendored is what of others the site sends to browsers: files, the .license
// beside each of which says whose they are, and the asset with their text.
var vendored = []struct{ name, file, asset string }{
	{"KERN", "assets/vendor/kern.css", "kern.LICENSE.md"},
	{"Fira Sans", "assets/vendor/fira-sans-latin-400-normal.woff2", "fira-sans.OFL.txt"},
}

var tag = regexp.MustCompile(`SPDX-(FileCopyrightText|License-Identifier): *(\S.*)`)

func pages(dir string) ([]Notice, error) {
	var list []Notice
	for _, v := range vendored {
		src, err := os.ReadFile(filepath.Join(dir, "site", v.file+".license"))
		if err != nil {
			return nil, err
		}
		n := Notice{Name: v.name, Asset: v.asset}
		for _, m := range tag.FindAllStringSubmatch(string(src), -1) {
			if m[1] == "License-Identifier" {
				n.Licences = append(n.Licences, m[2])
			} else {
				n.Holders = append(n.Holders, m[2])
			}
		}
		if err := n.finish(); err != nil {
			return nil, err
		}
		list = append(list, n)
	}
	// What is compiled into the editor has its notices already.
	src, err := os.ReadFile(filepath.Join(dir, "site", "editor", "editor.NOTICE.txt"))
	if err != nil {
		return nil, err
	}
	editor := Notice{Name: "Editor", Asset: "editor.NOTICE.txt"}
	editor.add(src)
	if err := editor.finish(); err != nil {
		return nil, err
	}
	return append(list, editor), nil
}

// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Command build compiles the editor to WebAssembly and writes, into the folder
// above its own, what the site embeds: the module compressed by gzip, Go's
// loader for it, the licences of what is in both, and a stamp that says from what
// they were made. The same sources and the same Go give the same bytes.
//
//	go generate ./site/editor
package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

const (
	program = "github.com/allmende-registry/allmende/site/editor/wasm"

	moduleFile = "editor.wasm.gz"
	loaderFile = "wasm_exec.js"
	noticeFile = "editor.NOTICE.txt"
	stampFile  = "editor.stamp"
)

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "editor:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	_, self, _, ok := runtime.Caller(0)
	if !ok || !filepath.IsAbs(self) {
		return errors.New("the folder of the sources is not known: run this by go run, without -trimpath")
	}
	dir := filepath.Dir(filepath.Dir(self))
	b := builder{dir}
	files, err := b.build(ctx)
	if err != nil {
		return err
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o644); err != nil {
			return err
		}
	}
	fmt.Printf("%s: %d bytes\n", moduleFile, len(files[moduleFile]))
	return nil
}

// builder makes the files in the folder of package editor.
type builder struct{ dir string }

// command runs the go tool for the browser, whatever the environment says about
// other builds.
func (b builder) command(ctx context.Context, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = b.dir
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", "CGO_ENABLED=0", "GOFLAGS=", "GOEXPERIMENT=", "GOWASM=", "GOWORK=off")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go %s: %w\n%s", args[0], err, stderr.Bytes())
	}
	return out, nil
}

func (b builder) build(ctx context.Context) (map[string][]byte, error) {
	module, err := b.compile(ctx)
	if err != nil {
		return nil, err
	}
	version, root, err := b.toolchain(ctx)
	if err != nil {
		return nil, err
	}
	loader, err := os.ReadFile(filepath.Join(root, "lib", "wasm", loaderFile))
	if err != nil {
		return nil, err
	}
	parts, err := b.parts(ctx)
	if err != nil {
		return nil, err
	}
	from, err := inputs(parts)
	if err != nil {
		return nil, err
	}
	licences, err := notice(parts, root)
	if err != nil {
		return nil, err
	}
	var packed bytes.Buffer
	w, err := gzip.NewWriterLevel(&packed, gzip.BestCompression) // its header names no file and no time
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(module); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	s := stamp{Go: version, Inputs: from, Module: hash(module)}
	return map[string][]byte{moduleFile: packed.Bytes(), loaderFile: loader, noticeFile: licences, stampFile: s.text()}, nil
}

// toolchain is the version of Go that compiles, and where it is installed.
func (b builder) toolchain(ctx context.Context) (version, root string, err error) {
	out, err := b.command(ctx, "env", "GOVERSION", "GOROOT")
	version, root, _ = strings.Cut(strings.TrimSpace(string(out)), "\n")
	return version, root, err
}

func (b builder) compile(ctx context.Context) ([]byte, error) {
	work, err := os.MkdirTemp("", "editor")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(work)
	out := filepath.Join(work, "editor.wasm")
	if _, err := b.command(ctx, "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", out, program); err != nil {
		return nil, err
	}
	return os.ReadFile(out)
}

// part is a package that the module is made of, as the go tool describes it.
type part struct {
	Standard            bool
	Dir, ImportPath     string
	GoFiles, EmbedFiles []string
	Module              struct {
		Path, Version, Dir, GoVersion string
		Main                          bool
	}
}

// parts are the packages that the module is made of.
func (b builder) parts(ctx context.Context) ([]part, error) {
	out, err := b.command(ctx, "list", "-deps", "-json=Standard,Dir,ImportPath,GoFiles,EmbedFiles,Module", program)
	if err != nil {
		return nil, err
	}
	var parts []part
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p part
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return parts, nil
		} else if err != nil {
			return nil, err
		}
		parts = append(parts, p)
	}
}

// inputs is a hash over what the module is made from beside Go itself: the
// files of the project, the versions of other modules, the language version.
func inputs(parts []part) (string, error) {
	var lines []string
	for _, p := range parts {
		switch {
		case p.Standard:
			continue
		case !p.Module.Main:
			lines = append(lines, p.Module.Path+"@"+p.Module.Version)
			continue
		}
		lines = append(lines, "go "+p.Module.GoVersion)
		// Read for the cache of go test, which must see that a file was added.
		if _, err := os.ReadDir(p.Dir); err != nil {
			return "", err
		}
		for _, name := range slices.Concat(p.GoFiles, p.EmbedFiles) {
			content, err := os.ReadFile(filepath.Join(p.Dir, name))
			if err != nil {
				return "", err
			}
			lines = append(lines, p.ImportPath+"/"+name+" "+hash(content))
		}
	}
	slices.Sort(lines)
	return hash([]byte(strings.Join(slices.Compact(lines), "\n"))), nil
}

// notice is what the licences of others ask to go along with the module: their
// texts, and that of Go.
func notice(parts []part, root string) ([]byte, error) {
	dirs := map[string]string{"Go": root} // by name
	for _, p := range parts {
		if !p.Standard && !p.Module.Main {
			dirs[p.Module.Path] = p.Module.Dir
		}
	}
	out := []byte("The editor contains the following software of others.\n")
	for _, name := range slices.Sorted(maps.Keys(dirs)) {
		files, err := filepath.Glob(filepath.Join(dirs[name], "[LN][IO][CT][EI][NC]*")) // LICENSE, NOTICE
		if err != nil {
			return nil, err
		}
		if len(files) == 0 {
			return nil, fmt.Errorf("%s: no licence text in %s", name, dirs[name])
		}
		out = fmt.Appendf(out, "\n%s\n\n%s\n", strings.Repeat("=", 72), name)
		for _, file := range files {
			content, err := os.ReadFile(file)
			if err != nil {
				return nil, err
			}
			out = fmt.Appendf(out, "\n%s\n", bytes.Trim(content, "\n"))
		}
	}
	return out, nil
}

func hash(content []byte) string { return fmt.Sprintf("%x", sha256.Sum256(content)) }

// stamp says from what the module was made.
type stamp struct {
	Go     string // version of the compiler: go1.26.0
	Inputs string // see inputs
	Module string // hash of the module before it is compressed
}

func (s stamp) text() []byte {
	return fmt.Appendf(nil, "go %s\ninputs %s\nmodule %s\n", s.Go, s.Inputs, s.Module)
}

func readStamp(content []byte) (stamp, error) {
	var s stamp
	if _, err := fmt.Sscanf(string(content), "go %s\ninputs %s\nmodule %s\n", &s.Go, &s.Inputs, &s.Module); err != nil {
		return s, fmt.Errorf("%s: %w", stampFile, err)
	}
	return s, nil
}

// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/crawler/fetch"
	"github.com/allmende-registry/allmende/crawler/links"
	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/publiccode/report"
)

// validateFlags are the flags of validate, as given.
type validateFlags struct {
	formats, profiles                                   []string
	output, lang, color, version, failOn, stdinFilename string
	quiet, online                                       bool
}

func validateCommand() *cobra.Command {
	var flags validateFlags
	cmd := &cobra.Command{
		Use:   "validate [flags] [PATH...]",
		Short: "Check publiccode.yml, adoptions.yml and needs.yml files and say what to mend",
		Long: `Check publiccode.yml files against the version of the standard that each
declares (0.1 to 0.7), and adoptions.yml and needs.yml files. All problems of a
file are found in one pass, each with a stable code, its place, and what to do
about it; 'allmende explain CODE' says more.

A PATH is a file, a directory with a publiccode.yml, publiccode.yaml,
adoptions.yml or needs.yml, or "-" for standard input; without one, it is the
current directory. A file of another name is what its content says it is.

A finding is an error (breaks the standard), a warning (deprecated, or surely
not meant) or advice (allowed, could be better).

A --format may name the file it goes to, and may be repeated:

    allmende validate --format text --format gitlab=gl-code-quality-report.json

A --profile asks for more than the standard: ` + profileNames() + `, or a file
with a profile of your own. Profiles, --version and --online are about
publiccode.yml.

Exit codes: 0 no file has an error; 1 some file has (see --fail-on); 2 a file
cannot be opened or the command line is wrong; 4 a report cannot be written.`,
		Example: "  allmende validate\n  allmende validate --profile opencode publiccode.yml\n  allmende validate --format json --lang en */publiccode.yml",
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				args = []string{"."}
			}
			return validate(cmd, flags, args)
		},
	}
	f := cmd.Flags()
	f.StringArrayVar(&flags.formats, "format", []string{"text"}, strings.Join(formatNames(), ", ")+"; NAME=FILE writes to a file")
	f.StringVar(&flags.output, "output", "", "file for the format that names none (default: standard output)")
	f.StringArrayVar(&flags.profiles, "profile", nil, "profile to check as well, by name or file; may be repeated")
	f.StringVar(&flags.version, "version", "", "version of the standard to check against (default: the one that a file declares)")
	f.StringVar(&flags.failOn, "fail-on", "error", "least severity for exit code 1: error, warning or advice")
	f.StringVar(&flags.color, "color", "auto", "colour in the text: auto, always or never")
	f.StringVar(&flags.stdinFilename, "stdin-filename", "", "path of the file that standard input holds, for editors")
	f.BoolVar(&flags.online, "online", false, "check as well that links and pictures can be reached")
	f.BoolVarP(&flags.quiet, "quiet", "q", false, "print nothing to standard output: the exit code says it")
	languageFlag(cmd, &flags.lang)
	return cmd
}

func formatNames() []string { return slices.Sorted(maps.Keys(report.Formats)) }

func profileNames() string {
	var names []string
	for _, p := range publiccode.Profiles() {
		names = append(names, p.Name)
	}
	return strings.Join(names, ", ")
}

func validate(cmd *cobra.Command, flags validateFlags, paths []string) error {
	options, err := reportOptions(flags, cmd.OutOrStdout())
	if err != nil {
		return err
	}
	outputs, err := reportOutputs(flags)
	if err != nil {
		return err
	}
	v, err := newValidation(flags, cmd.InOrStdin())
	if err != nil {
		return err
	}

	var files []report.File
	var unread []error
	failed := false
	for _, path := range paths {
		checked, note, err := v.path(cmd.Context(), path)
		if note != "" {
			fmt.Fprintln(cmd.ErrOrStderr(), "allmende:", note)
		}
		if cmd.Context().Err() != nil {
			return cmd.Context().Err()
		}
		if err != nil {
			unread = append(unread, err)
			continue
		}
		files = append(files, checked...)
		failed = failed || slices.ContainsFunc(checked, options.Fails)
	}
	for _, out := range outputs {
		if err := out.write(cmd.OutOrStdout(), files, options); err != nil {
			return err
		}
	}
	switch {
	case len(unread) > 0:
		return usageError(errors.Join(unread...))
	case failed:
		return &exitError{code: exitFindings}
	}
	return nil
}

func reportOptions(flags validateFlags, stdout io.Writer) (report.Options, error) {
	opt := report.Options{Version: programVersion(), FailOn: publiccode.Severity(flags.failOn)}
	if !slices.Contains([]publiccode.Severity{publiccode.Error, publiccode.Warning, publiccode.Advice}, opt.FailOn) {
		return opt, usageError(fmt.Errorf("--fail-on must be error, warning or advice, not %q", flags.failOn))
	}
	var err error
	if opt.Lang, err = chosenLanguage(flags.lang); err != nil {
		return opt, err
	}
	switch flags.color {
	case "always":
		opt.Color = true
	case "never":
	case "auto":
		opt.Color = flags.output == "" && paintable(stdout)
	default:
		return opt, usageError(fmt.Errorf("--color must be auto, always or never, not %q", flags.color))
	}
	return opt, nil
}

// paintable reports whether colour is welcome: on a terminal that can show it,
// unless the user said no (https://no-color.org).
func paintable(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" &&
		(isatty.IsTerminal(f.Fd()) || isatty.IsCygwinTerminal(f.Fd()))
}

// programVersion is the version of the module that the program was built from;
// "" where it was built from a work tree without one.
func programVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "(devel)" {
		return ""
	}
	return info.Main.Version
}

// reportOutput is a report to write.
type reportOutput struct {
	format func(io.Writer, []report.File, report.Options) error
	file   string // "" for standard output
	quiet  bool
}

func reportOutputs(flags validateFlags) ([]reportOutput, error) {
	var outputs []reportOutput
	unnamed := 0
	for _, value := range flags.formats {
		name, file, named := strings.Cut(value, "=")
		format, ok := report.Formats[name]
		if !ok {
			return nil, usageError(fmt.Errorf("--format must be one of %s, not %q", strings.Join(formatNames(), ", "), name))
		}
		if named && file == "" {
			return nil, usageError(fmt.Errorf("--format %s: name a file after the =", value))
		}
		if !named {
			file = flags.output
			unnamed++
		}
		outputs = append(outputs, reportOutput{format, file, flags.quiet})
	}
	switch {
	case unnamed > 1:
		return nil, usageError(errors.New("only one --format can do without a file: write --format NAME=FILE"))
	case unnamed == 0 && flags.output != "":
		return nil, usageError(errors.New("--output is for a --format without a file, and each has one"))
	}
	return outputs, nil
}

// write writes a report as a whole, or nothing.
func (o reportOutput) write(stdout io.Writer, files []report.File, opt report.Options) error {
	if o.file == "" && o.quiet {
		return nil
	}
	var out bytes.Buffer
	opt.Color = opt.Color && o.file == ""
	if err := o.format(&out, files, opt); err != nil {
		return err
	}
	if o.file == "" {
		_, err := stdout.Write(out.Bytes())
		return err
	}
	if there, err := os.Stat(o.file); err == nil {
		for _, f := range files {
			if checked, err := os.Stat(f.Path); err == nil && os.SameFile(there, checked) {
				return usageError(fmt.Errorf("the report would overwrite %q, which is being checked", f.Path))
			}
		}
	}
	return os.WriteFile(o.file, out.Bytes(), 0o666) // for other programs to read
}

// validation checks files, one like the other.
type validation struct {
	stdin     io.Reader
	stdinName string
	options   publiccode.Options
	checks    []check // what follows Parse
}

// check adds findings to what Parse found, and returns the codes of the rules
// that it could not check. It fails only where ctx ends.
type check func(ctx context.Context, r *publiccode.Result, at publiccode.Place) (unchecked []string, err error)

func newValidation(flags validateFlags, stdin io.Reader) (*validation, error) {
	v := &validation{stdin: stdin, stdinName: flags.stdinFilename, options: publiccode.Options{Version: flags.version}}
	versions := slices.Concat([]string{publiccode.Draft}, publiccode.Versions, []string{publiccode.Preview})
	if flags.version != "" && !slices.Contains(versions, flags.version) {
		return nil, usageError(fmt.Errorf("--version must be one of %s, not %q", strings.Join(versions, ", "), flags.version))
	}
	for _, name := range flags.profiles {
		p, err := findProfile(name)
		if err != nil {
			return nil, err
		}
		v.checks = append(v.checks, func(_ context.Context, r *publiccode.Result, at publiccode.Place) ([]string, error) {
			return r.CheckProfile(p, at), nil
		})
	}
	if flags.online {
		transport := fetch.Transport(fetch.Options{UserAgent: userAgent("")})
		v.checks = append(v.checks, func(ctx context.Context, r *publiccode.Result, at publiccode.Place) ([]string, error) {
			return nil, links.Check(ctx, r, at, transport)
		})
	}
	return v, nil
}

// findProfile finds a profile by its name, else reads it from a file.
func findProfile(name string) (*publiccode.Profile, error) {
	if p, ok := publiccode.FindProfile(name); ok {
		return p, nil
	}
	src, err := readPublicCode(nil, name)
	if errors.Is(err, os.ErrNotExist) && filepath.Base(name) == name && filepath.Ext(name) == "" {
		return nil, usageError(fmt.Errorf("--profile %q: there is no such profile, nor a file; the profiles are %s", name, profileNames()))
	}
	if err != nil {
		return nil, usageError(fmt.Errorf("--profile: %w", readError(name, err)))
	}
	p, err := publiccode.ParseProfile(src)
	if err != nil {
		return nil, usageError(fmt.Errorf("--profile %q: %w", name, err))
	}
	return p, nil
}

// path checks the files that a path stands for. The note is for the user.
func (v *validation) path(ctx context.Context, path string) (files []report.File, note string, err error) {
	if path == "-" {
		f, err := v.standardInput(ctx)
		return one(f, err), "", err
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, "", readError(path, err)
	}
	if info.IsDir() {
		return v.directory(ctx, path)
	}
	f, err := v.file(ctx, path)
	return one(f, err), "", err
}

func one(f report.File, err error) []report.File {
	if err != nil {
		return nil
	}
	return []report.File{f}
}

func (v *validation) file(ctx context.Context, path string) (report.File, error) {
	src, err := readPublicCode(nil, path)
	if err != nil {
		return report.File{}, readError(path, err)
	}
	root, err := os.OpenRoot(filepath.Dir(path))
	if err != nil {
		return report.File{}, readError(path, err)
	}
	defer root.Close()
	return v.check(ctx, path, src, publiccode.Place{FileName: filepath.Base(path), Files: root.FS()})
}

// standardInput checks what an editor holds of a file, with the files around it.
func (v *validation) standardInput(ctx context.Context) (report.File, error) {
	src, err := readPublicCode(v.stdin, "-")
	if err != nil {
		return report.File{}, readError("-", err)
	}
	if v.stdinName == "" {
		return v.check(ctx, "-", src, publiccode.Place{})
	}
	at := publiccode.Place{FileName: filepath.Base(v.stdinName)}
	if root, err := os.OpenRoot(filepath.Dir(v.stdinName)); err == nil {
		defer root.Close()
		at.Files = root.FS()
	}
	return v.check(ctx, v.stdinName, src, at)
}

// fileNames are those that the standard knows, the preferred one first.
var fileNames = []string{"publiccode.yml", "publiccode.yaml"}

// directory checks the publiccode.yml, the adoptions.yml and the needs.yml in a
// directory. A symbolic link that leads out of it is refused: nobody asked to see what
// lies there.
func (v *validation) directory(ctx context.Context, dir string) (files []report.File, note string, err error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, "", readError(dir, err)
	}
	defer root.Close()
	var there []string
	for _, name := range append(slices.Clone(fileNames), adoption.FileName, adoption.NeedsFileName) {
		if info, err := root.Lstat(name); err == nil {
			if !info.Mode().IsRegular() && info.Mode()&os.ModeSymlink == 0 {
				return nil, "", fmt.Errorf("%q is no regular file", filepath.Join(dir, name))
			}
			there = append(there, name)
		}
	}
	if len(there) == 0 {
		return nil, "", errNoFile(dir)
	}
	if len(there) > 1 && there[1] == fileNames[1] {
		note = fmt.Sprintf("%q holds %s; only the first is checked, and catalogues may read the other: delete one", dir, strings.Join(fileNames, " and "))
		there = slices.Delete(there, 1, 2)
	}
	for _, name := range there {
		f, err := v.within(ctx, root, dir, name)
		if err != nil {
			return nil, note, err
		}
		files = append(files, f)
	}
	return files, note, nil
}

// within checks a file of a directory.
func (v *validation) within(ctx context.Context, root *os.Root, dir, name string) (report.File, error) {
	path := filepath.Join(dir, name)
	in, err := root.Open(name)
	if err != nil {
		return report.File{}, readError(path, err)
	}
	defer in.Close()
	src, err := readPublicCode(in, "-")
	if err != nil {
		return report.File{}, readError(path, err)
	}
	return v.check(ctx, path, src, publiccode.Place{FileName: name, Files: root.FS()})
}

func (v *validation) check(ctx context.Context, path string, src []byte, at publiccode.Place) (report.File, error) {
	if format, ok := otherFormat(at.FileName, src); ok {
		return report.File{Path: path, Result: format.Check(src, adoption.Options{Now: time.Now()})}, ctx.Err()
	}
	f := report.File{Path: path, Result: publiccode.Parse(src, v.options)}
	for _, check := range v.checks {
		unchecked, err := check(ctx, f.Result, at)
		if err != nil {
			return f, err
		}
		f.Unchecked = append(f.Unchecked, unchecked...)
	}
	return f, nil
}

// otherFormat tells a file that is no publiccode.yml by its name, else by its content.
func otherFormat(name string, src []byte) (adoption.FileFormat, bool) {
	for _, f := range adoption.Formats() {
		if f.FileName == name {
			return f, true
		}
	}
	if slices.Contains(fileNames, name) {
		return adoption.FileFormat{}, false
	}
	return adoption.FormatOf(src)
}

func errNoFile(dir string) error {
	return fmt.Errorf("%q holds no %s; 'allmende new' writes one", dir, strings.Join(fileNames, " or "))
}

// readError names the file of an error, quoted: file names are not ours.
func readError(path string, err error) error {
	var at *os.PathError
	if errors.As(err, &at) {
		err = at.Err
	}
	return fmt.Errorf("%q cannot be read: %w", path, err)
}

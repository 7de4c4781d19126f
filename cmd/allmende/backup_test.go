// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/registry/registrytest"
	"github.com/allmende-registry/allmende/registry/sqlite"
)

// node is a registry that a configuration names.
type node struct{ config, database, address string }

func newNode(t *testing.T) node {
	t.Helper()
	n := node{database: filepath.Join(t.TempDir(), "allmende.db")}
	n.address = "sqlite:" + n.database
	n.config = write(t, "allmende.yml", "store: "+n.address+"\npublishers: []\n")
	return n
}

func filledNode(t *testing.T) node {
	t.Helper()
	n := newNode(t)
	s, err := sqlite.Open(t.Context(), n.database)
	if err != nil {
		t.Fatal(err)
	}
	registrytest.Fill(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return n
}

// must runs a command that has to succeed, and returns the hash that it prints.
func must(t *testing.T, args ...string) string {
	t.Helper()
	out, errs, code := command(t, args...)
	hash := regexp.MustCompile(`sha256 of the records ([0-9a-f]{64})`).FindStringSubmatch(out)
	if code != 0 || hash == nil {
		t.Fatalf("%v: exit code %d: %s%s", args, code, out, errs)
	}
	return hash[1]
}

// mustFail runs a command that has to fail with a code and words.
func mustFail(t *testing.T, code int, words string, args ...string) {
	t.Helper()
	out, errs, got := command(t, args...)
	if got != code || !strings.Contains(out+errs, words) {
		t.Errorf("%v: exit code %d, want %d with %q in\n%s%s", args, got, code, words, out, errs)
	}
}

func TestBackupRestoreCopy(t *testing.T) {
	old := filledNode(t)
	file := filepath.Join(t.TempDir(), "backup.zst")
	want := must(t, "backup", "--config", old.config, "--out", file)
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the backup: %v, %v; want it readable by its owner alone", info, err)
	}
	if got := must(t, "backup", "--config", old.config, "--out", file); got != want {
		t.Errorf("the same registry again has the hash %s, not %s", got, want)
	}

	restored, copied := newNode(t), newNode(t)
	for name, got := range map[string]string{
		"restore":         must(t, "restore", file, "--config", restored.config),
		"verify restored": must(t, "verify", "--config", restored.config),
		"backup restored": must(t, "backup", "--config", restored.config, "--out", filepath.Join(t.TempDir(), "again.zst")),
		"copy":            must(t, "copy", "--from", restored.address, "--to", copied.address),
		"verify copied":   must(t, "verify", "--config", copied.config),
	} {
		if got != want {
			t.Errorf("%s has the hash %s, not %s", name, got, want)
		}
	}

	mustFail(t, 2, "not empty", "restore", file, "--config", old.config)
	mustFail(t, 2, "not empty", "copy", "--from", old.address, "--to", copied.address)
	if got := must(t, "verify", "--config", old.config); got != want {
		t.Errorf("what refused a backup has the hash %s, not %s", got, want)
	}
}

func TestBackupRefusals(t *testing.T) {
	old, empty := filledNode(t), newNode(t)
	file := filepath.Join(t.TempDir(), "backup.zst")
	must(t, "backup", "--config", old.config, "--out", file)
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	cut := write(t, "cut.zst", string(b[:len(b)/2]))
	letter := write(t, "letter.txt", "This is a letter.")
	b[len(b)/2] ^= 1
	flipped := write(t, "flipped.zst", string(b))

	for _, test := range []struct {
		code  int
		words string
		args  []string
	}{
		{2, "--out", []string{"backup", "--config", old.config}},
		{2, "no registry", []string{"backup", "--config", empty.config, "--out", file}},
		{4, "no backup was made", []string{"backup", "--config", old.config, "--out", "/does/not/exist/x.zst"}},
		{2, "one file", []string{"restore", "--config", empty.config}},
		{2, "/does/not/exist", []string{"restore", "/does/not/exist", "--config", empty.config}},
		{4, "nothing was taken over: ", []string{"restore", cut, "--config", empty.config}},
		{4, "nothing was taken over: ", []string{"restore", flipped, "--config", empty.config}},
		{4, "no backup", []string{"restore", letter, "--config", empty.config}},
		{2, "--from", []string{"copy", "--to", empty.address}},
		{2, "two stores", []string{"copy", "--from", old.address, "--to", old.address}},
		{2, "sqlite:PATH", []string{"copy", "--from", old.address, "--to", "mysql:x"}},
		{2, "no registry", []string{"copy", "--from", "sqlite:/does/not/exist", "--to", empty.address}},
		{2, "--config", []string{"verify"}},
		{2, "no registry", []string{"migrate", "--config", newNode(t).config}},
	} {
		mustFail(t, test.code, test.words, test.args...)
	}
	// What failed stands in nobody's way.
	must(t, "restore", file, "--config", empty.config)
	left, err := filepath.Glob(filepath.Join(filepath.Dir(file), ".backup-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// A backup that fails leaves the one before as it was.
func TestBackupKeepsTheOneBefore(t *testing.T) {
	old := filledNode(t)
	file := filepath.Join(t.TempDir(), "backup.zst")
	must(t, "backup", "--config", old.config, "--out", file)
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	execute(t, old.database, "DELETE FROM alias; UPDATE change SET id = 'forge.example/other' WHERE rev = 1")
	mustFail(t, 4, "allmende verify", "backup", "--config", old.config, "--out", file)
	after, err := os.ReadFile(file)
	if err != nil || string(after) != string(before) {
		t.Errorf("the backup from before is another one: %v", err)
	}
}

func TestMigrateCommand(t *testing.T) {
	script, err := os.ReadFile("../../registry/sqlite/migrations/0001_start.sql")
	if err != nil {
		t.Fatal(err)
	}
	n := newNode(t)
	execute(t, n.database, string(script)+"; PRAGMA application_id = 1097624685; PRAGMA user_version = 1")
	for _, want := range []string{": schema [2-9][0-9]*, was 1\n", ": schema [2-9][0-9]*, up to date\n"} {
		out, errs, code := command(t, "migrate", "--config", n.config)
		if !regexp.MustCompile(want).MatchString(out) || code != 0 {
			t.Errorf("exit code %d: %s%s, want %s", code, out, errs, want)
		}
	}
}

// verify names what is wrong and where, whatever it is.
func TestVerifyFinds(t *testing.T) {
	for _, test := range []struct{ name, damage, want string }{
		{"change lost", "DELETE FROM change WHERE rev = 3", "change 4"},
		{"change of another", "UPDATE change SET id = 'forge.example/x/y' WHERE rev = 2", "forge.example/x/y"},
		{"change without a time", "UPDATE change SET time = 'soon' WHERE rev = 2", "the change 2"},
		{"entry lost", "DELETE FROM entry WHERE id = 'forge.example/a/changed'", "entries"},
		{"entry behind its log", "UPDATE entry SET rev = 1 WHERE id = 'forge.example/a/changed'", "forge.example/a/changed"},
		{"entry removed without a change", "UPDATE entry SET removed = 1 WHERE id = 'forge.example/a/changed'", "forge.example/a/changed"},
		{"entry that cannot be read", "UPDATE entry SET document = '{' WHERE id = 'forge.example/a/changed'", "the entry forge.example/a/changed"},
		{"entry not found by its ID", "UPDATE entry SET key = 'forge.example/a/lost' WHERE id = 'forge.example/a/changed'", "not found by its ID"},
		{"file with other bytes", "UPDATE file SET size = 1, zlib = 0, content = x'78' WHERE rowid = 1", "the file "},
		{"file lost", "DELETE FROM file WHERE hash = (SELECT hash FROM entry_file LIMIT 1)", "is not there"},
		{"SBOM", "UPDATE sbom SET size = 1, zlib = 0, content = x'78'", "the SBOM "},
		{"dossier", "UPDATE dossier SET size = 1, zlib = 0, content = x'78'", "the dossier "},
		{"alias of nothing", "UPDATE alias SET entry = 999", "alias"},
		{"alias of an address in use", "UPDATE alias SET id = 'forge.example/a/changed', key = 'forge.example/a/changed' WHERE key = (SELECT min(key) FROM alias)", "alias"},
		{"revision", "UPDATE revision SET zlib = 0, content = x'7b'", "revision"},
		{"revision of another", "UPDATE revision SET entry = 2 WHERE entry = 1", "revision"},
		{"visit", "UPDATE visit SET document = 'null'", "visit"},
		{"state", "UPDATE source SET document = '{}'", "source"},
		{"day", "UPDATE day SET document = '{\"date\":\"x\"}'", "day"},
		{"index of the database", "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'CREATE INDEX visit_outcome ON visit (source, key)' WHERE name = 'visit_outcome'", "visit_outcome"},
	} {
		t.Run(test.name, func(t *testing.T) {
			n := filledNode(t)
			execute(t, n.database, "PRAGMA foreign_keys = OFF; "+test.damage)
			out, errs, code := command(t, "verify", "--config", n.config)
			if code != 1 || !strings.Contains(out, test.want) || !strings.Contains(errs, "restore the registry from a backup") {
				t.Errorf("exit code %d, want 1 with %q in\n%s%s", code, test.want, out, errs)
			}
		})
	}
}

// A file that is damaged so that it cannot even be opened.
func TestVerifyDamagedFile(t *testing.T) {
	n := filledNode(t)
	b, err := os.ReadFile(n.database)
	if err != nil {
		t.Fatal(err)
	}
	for name, damage := range map[string]func(b []byte) []byte{
		"cut":     func(b []byte) []byte { return b[:len(b)/2] },
		"page":    func(b []byte) []byte { clear(b[2*4096 : 3*4096]); return b },
		"schema":  func(b []byte) []byte { clear(b[100:4096]); return b },
		"no base": func([]byte) []byte { return []byte(strings.Repeat("This is a letter. ", 1000)) },
	} {
		if err := os.WriteFile(n.database, damage(append([]byte(nil), b...)), 0o600); err != nil {
			t.Fatal(err)
		}
		out, errs, code := command(t, "verify", "--config", n.config)
		if code != 1 || !strings.Contains(out, "restore the registry from a backup") {
			t.Errorf("%s: exit code %d: %s%s", name, code, out, errs)
		}
		mustFail(t, 4, "restore the registry from a backup", "backup", "--config", n.config, "--out", filepath.Join(t.TempDir(), "x.zst"))
	}
}

func TestStoreName(t *testing.T) {
	for address, want := range map[string]string{
		"sqlite:data/a.db":                            "sqlite:data/a.db",
		"postgres://u:secret@h/db?password=secret":    "postgres://u:xxxxx@h/db",
		"postgres://u:secret%zz@h/db":                 "postgres:",
		"postgresql:///db?host=/run&password=secret#": "postgresql:///db",
	} {
		if got := storeName(address); got != want {
			t.Errorf("%s is called %s, want %s", address, got, want)
		}
	}
}

func execute(t *testing.T, path, script string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.Exec(script)
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(fmt.Errorf("%s: %w", script, err))
	}
}

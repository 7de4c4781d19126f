// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package postgres_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/postgres"
	"github.com/allmende-registry/allmende/registry/postgres/postgrestest"
	"github.com/allmende-registry/allmende/registry/registrytest"
	"github.com/allmende-registry/allmende/registry/sqlite"
)

func TestOpenAtOnce(t *testing.T) {
	address := postgrestest.Address(t)
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			s, err := postgres.Open(t.Context(), address)
			if err != nil {
				t.Errorf("Open: %v", err)
				return
			}
			if err := s.Close(); err != nil {
				t.Errorf("Close: %v", err)
			}
			if _, err := s.Rev(t.Context()); err == nil {
				t.Error("Rev works on a closed store")
			}
			if err := s.Close(); err != nil {
				t.Errorf("second Close: %v", err)
			}
		})
	}
	all.Wait()
	if from, to := open(t, address).Schema(); from != to {
		t.Errorf("schema %d was brought to %d twice", from, to)
	}
}

func TestOpenRefuses(t *testing.T) {
	const secret = "s3cret"
	address := postgrestest.Address(t)
	if from, to := open(t, address).Schema(); from != 0 || to < 1 {
		t.Errorf("an empty schema was of version %d and is of %d", from, to)
	}
	long := strings.Repeat("s", 47)
	postgrestest.Execute(t, address, "CREATE SCHEMA "+long)
	t.Cleanup(func() { postgrestest.Execute(t, address, "DROP SCHEMA "+long) })
	prepare := func(address, statement string) string {
		postgrestest.Execute(t, address, statement)
		return address
	}
	for _, test := range []struct {
		name, address, want string
		invalid             bool
	}{
		{"newer schema", prepare(address, "INSERT INTO allmende_migration VALUES (999, 'later')"), "newer version", true},
		{"another program's tables", prepare(postgrestest.Address(t), "CREATE TABLE t (x int)"), "another program", true},
		{"another program's table of that name", prepare(postgrestest.Address(t), "CREATE TABLE allmende_migration (x int)"), "another program", true},
		{"no schema", postgrestest.With(t, address, "search_path", "nowhere"), "search_path", true},
		{"long name of a schema", postgrestest.With(t, address, "search_path", long), "47 bytes", true},
		{"no such database", "postgres://allmende:" + secret + "@/nowhere?host=" + host(t, address), "create it", false},
		{"no server", "postgres://allmende:" + secret + "@/postgres?host=" + t.TempDir(), "connect", false},
		{"no address", "", "postgres://USER@HOST/DATABASE", true},
		{"another scheme", "mysql://allmende:" + secret + "@host/db", "postgres://USER@HOST/DATABASE", true},
		{"port that is none", "postgres://allmende:" + secret + "#x@host/db", "postgres://USER@HOST/DATABASE", true},
		{"parameter that is wrong", "postgres://allmende:" + secret + "@host/db?sslmode=perhaps", "sslmode", true},
		{"pool that is none", "postgres://host/db?pool_max_conns=" + secret + "&password=" + secret, "pool_max_conns", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, err := postgres.Open(t.Context(), test.address)
			if err == nil {
				_ = s.Close()
				t.Fatal("opened")
			}
			if !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %q does not say %q", err, test.want)
			}
			if strings.Contains(err.Error(), secret) {
				t.Errorf("error %q tells the password", err)
			}
			if got := errors.Is(err, registry.ErrInvalid); got != test.invalid {
				t.Errorf("error is ErrInvalid: %v, want %v: %v", got, test.invalid, err)
			}
		})
	}
}

func host(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query().Get("host")
}

func TestCheckAddress(t *testing.T) {
	for address, want := range map[string]string{
		"postgres://allmende@db.example/allmende?sslmode=verify-full":  "",
		"postgresql://db.example:5433/allmende":                        "",
		"postgres:///allmende?host=/run/postgresql":                    "",
		"postgres://allmende@one.example,two.example/allmende":         "",
		"postgres://allmende:secret@db.example/allmende":               "PGPASSWORD",
		"postgres://allmende@db.example/allmende?password=secret":      "PGPASSWORD",
		"postgres://allmende@db.example/allmende?sslmode=certainly":    "sslmode",
		"postgres://allmende:%zz@db.example/allmende":                  "postgres://USER",
		"host=db.example dbname=allmende":                              "postgres://USER",
		"postgres://allmende@db.example/allmende?pool_max_conns=many":  "pool_max_conns",
		"postgres://allmende@db.example/allmende?statement_timeout=5s": "",
	} {
		err := postgres.CheckAddress(address)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("CheckAddress(%q): %v, want %q", address, err, want)
		}
		if err != nil && !errors.Is(err, registry.ErrInvalid) {
			t.Errorf("CheckAddress(%q): %v is not ErrInvalid", address, err)
		}
	}
}

// Whatever an address is like, its password is not shown.
func FuzzAddress(f *testing.F) {
	const secret = "hunter77"
	for _, address := range []string{
		"postgres://a:" + secret + "@h/d", "postgres://a:" + secret + "#@h/d", "postgres://a:x" + secret + "%2@h:x/d?sslmode=1",
		"postgres://h/d?password=" + secret + "&pool_max_conns=x", "postgres://h:1:2/d?password=" + secret, "postgres:a:" + secret + "@h",
		"postgres://%zz:" + secret + "@h/d",
	} {
		f.Add(address)
	}
	f.Fuzz(func(t *testing.T, address string) {
		u, err := url.Parse(address)
		if err != nil {
			u = &url.URL{}
		}
		password, _ := u.User.Password()
		inPassword := password != "" && strings.Contains(password, secret) || strings.Contains(u.Query().Get("password"), secret)
		elsewhere := strings.Contains(strings.NewReplacer(password, "", u.Query().Get("password"), "").Replace(address), secret)
		if err := postgres.CheckAddress(address); err != nil && inPassword && !elsewhere && strings.Contains(err.Error(), secret) {
			t.Errorf("CheckAddress(%q): %v", address, err)
		}
		if shown := postgres.DisplayName(address); inPassword && !elsewhere && strings.Contains(shown, secret) {
			t.Errorf("%q is shown as %q", address, shown)
		}
	})
}

// What a forge may call its own, and what an address on the web may ask for, need
// not be text.
func TestNoText(t *testing.T) {
	s := open(t, postgrestest.Address(t))
	for _, odd := range []string{"\x00", "a\x00b", "\xff", "\xed\xa0\x80"} {
		id := registry.ID("forge.example/a/" + odd)
		_, getErr := s.Get(t.Context(), id)
		_, fileErr := s.File(t.Context(), odd)
		_, sbomErr := s.SBOM(t.Context(), odd)
		_, dossierErr := s.Dossier(t.Context(), odd)
		_, visitErr := s.Visit(t.Context(), id)
		_, stateErr := s.SourceState(t.Context(), odd)
		_, removeErr := s.Remove(t.Context(), id, registry.FileGone)
		for what, err := range map[string]error{
			"Get": getErr, "File": fileErr, "SBOM": sbomErr, "Dossier": dossierErr, "Visit": visitErr, "SourceState": stateErr, "Remove": removeErr,
		} {
			if !errors.Is(err, registry.ErrNotFound) {
				t.Errorf("%s of %q: %v, want ErrNotFound", what, odd, err)
			}
		}
		for v, err := range s.Visits(t.Context(), odd, registry.Outcome(odd)) {
			t.Errorf("Visits of %q yields %v, %v", odd, v, err)
		}
		if err := s.PutVisit(t.Context(), &registry.Visit{Repo: "forge.example/a/b", Source: odd, Outcome: registry.Empty}); !errors.Is(err, registry.ErrInvalid) {
			t.Errorf("PutVisit with the source %q: %v, want ErrInvalid", odd, err)
		}

		software := registrytest.Software("forge.example/a/odd", "id"+odd)
		software.Files[0].Path, software.Files[0].Commit = strings.Repeat(odd, 5000), odd
		for range 2 {
			if _, err := s.Put(t.Context(), software); err != nil {
				t.Fatalf("Put with %q: %v", odd, err)
			}
			software.Repository.Stars++
		}
		software.ID = "forge.example/a/moved"
		if c, err := s.Put(t.Context(), software); err != nil || c.Kind != registry.Renamed {
			t.Errorf("Put with the forge ID %q under another ID: %+v, %v", odd, c, err)
		}
		if _, err := s.Put(t.Context(), registrytest.Software("forge.example/a/odd", "id")); err != nil {
			t.Error(err)
		}
	}
	random := make([]byte, 0, 20000)
	for i := range cap(random) {
		random = append(random, byte(i*i>>3), byte(i*7919>>5))
	}
	if _, err := s.Put(t.Context(), registrytest.Software("forge.example/a/long", string(random))); !errors.Is(err, registry.ErrInvalid) {
		t.Errorf("Put with a forge ID of %d bytes: %v, want ErrInvalid", len(random), err)
	}
}

func TestDamaged(t *testing.T) {
	address := postgrestest.Address(t)
	s := open(t, address)
	software := registrytest.Software("forge.example/a/b", "1")
	if _, err := s.Put(t.Context(), software); err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		"UPDATE file SET zlib = false, content = '\\x00'", "UPDATE file SET zlib = true", "UPDATE entry SET document = 'x'", "DROP TABLE file CASCADE",
	} {
		postgrestest.Execute(t, address, statement)
		_, fileErr := s.File(t.Context(), software.Files[0].Hash)
		_, getErr := s.Get(t.Context(), software.ID)
		if !errors.Is(fileErr, registry.ErrDamaged) && !errors.Is(getErr, registry.ErrDamaged) {
			t.Errorf("after %s: %v, %v; want an error that says damaged", statement, fileErr, getErr)
		}
	}
}

// A server without room writes nothing of what it refuses; everything goes on when
// there is room again.
func TestNoRoom(t *testing.T) {
	address := postgrestest.Address(t)
	s := open(t, address)
	registrytest.Fill(t, s)
	rev, err := s.Rev(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	// As the server answers when it cannot make a table larger.
	const full = "BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END"
	for _, table := range []string{"file", "change", "entry_file", "visit"} {
		postgrestest.Execute(t, address, "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ "+full+" $$;"+
			"CREATE TRIGGER full_disk BEFORE INSERT OR DELETE ON "+table+" FOR EACH STATEMENT EXECUTE FUNCTION full_disk()")
		software := registrytest.Software("forge.example/full/"+registry.ID(table), "")
		software.Files[0].Bytes = []byte(table)
		_, put := s.Put(t.Context(), software)
		visit := s.PutVisit(t.Context(), &registry.Visit{Repo: software.ID, Outcome: registry.Entry})
		later := time.Now().Add(time.Hour)
		_, prune := s.Prune(t.Context(), registry.Retention{History: later, Visits: later, Removed: later})
		refused := 0
		for _, err := range []error{put, visit, prune} {
			if err != nil {
				refused++
			}
			if err != nil && !errorSays(err, "disk of the server is full") {
				t.Errorf("with no room in the table %s: %v", table, err)
			}
		}
		if refused == 0 {
			t.Errorf("with no room in the table %s nothing was refused", table)
		}
		if _, err := s.Get(t.Context(), software.ID); put != nil && !errors.Is(err, registry.ErrNotFound) {
			t.Errorf("Get of what there was no room for: %v", err)
		}
		agrees(t, s)
		postgrestest.Execute(t, address, "DROP FUNCTION full_disk CASCADE")
		c, err := s.Put(t.Context(), software)
		if err != nil || put != nil && c.Rev != rev+1 {
			t.Errorf("Put when there is room again: %+v, %v; want revision %d", c, err, rev+1)
		}
		if rev, err = s.Rev(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	agrees(t, s)
}

// A page of a table that the disk gives back as something else.
func TestDamagedDisk(t *testing.T) {
	server := postgrestest.Own(t, postgrestest.Settings{Conf: "fsync = off"})
	s := open(t, server.Address)
	software := registrytest.Software("forge.example/a/b", "1")
	if _, err := s.Put(t.Context(), software); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(server.Dir, "data", postgrestest.Query(t, server.Address, "SELECT pg_relation_filepath('file')"))
	postgrestest.Execute(t, server.Address, "CHECKPOINT")
	server.Stop(t)
	if err := os.WriteFile(path, bytes.Repeat([]byte{0xff}, 8192), 0o600); err != nil {
		t.Fatal(err)
	}
	server.Start(t)
	if _, err := s.File(t.Context(), software.Files[0].Hash); !errors.Is(err, registry.ErrDamaged) {
		t.Errorf("File: %v, want damaged", err)
	}
	if _, err := s.Get(t.Context(), software.ID); err != nil {
		t.Errorf("Get of what is not damaged: %v", err)
	}
	var last error
	for _, err := range s.Dump(t.Context()) {
		last = err
	}
	if !errors.Is(last, registry.ErrDamaged) {
		t.Errorf("Dump ends with %v, want damaged", last)
	}
}

// A registry goes from one store to the other and back, and is the same.
func TestCopy(t *testing.T) {
	openFile := func() registry.Store {
		s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "allmende.db"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		return s
	}
	dump := func(s registry.Store) string {
		var lines strings.Builder
		for r, err := range s.Dump(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			b, err := json.Marshal(r)
			if err != nil {
				t.Fatal(err)
			}
			lines.Write(append(b, '\n'))
		}
		return lines.String()
	}
	from, server, back := openFile(), open(t, postgrestest.Address(t)), openFile()
	registrytest.Fill(t, from)
	if err := server.Load(t.Context(), from.Dump(t.Context())); err != nil {
		t.Fatal(err)
	}
	if err := back.Load(t.Context(), server.Dump(t.Context())); err != nil {
		t.Fatal(err)
	}
	if one, two := dump(from), dump(server); one != two {
		t.Errorf("in PostgreSQL it is\n%s\nnot\n%s", two, one)
	}
	if one, two := dump(from), dump(back); one != two {
		t.Errorf("back in SQLite it is\n%s\nnot\n%s", two, one)
	}
	own := open(t, postgrestest.Address(t))
	registrytest.Fill(t, own)
	for what, s := range map[string]registry.Store{"SQLite": from, "PostgreSQL": own} {
		agrees(t, s)
		if rev, err := s.Rev(t.Context()); err != nil || rev == 0 {
			t.Errorf("%s: %d, %v", what, rev, err)
		}
	}
}

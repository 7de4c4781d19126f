// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Package postgrestest gives tests a real PostgreSQL: the one that the
// environment names, else a throw-away one that the tests start.
package postgrestest

import (
	"bufio"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
)

// Env is the environment variable that says which server tests use: an address
// of a database in which they may make schemas, "required" to fail where none can
// be started, "" to skip there.
const Env = "ALLMENDE_TEST_POSTGRES"

const required = "required"

var schemas atomic.Int64

// Address is that of an empty schema, which goes at the end of the test. Without
// a server the test is skipped.
func Address(t testing.TB) string {
	t.Helper()
	server := Server(t)
	schema := fmt.Sprintf("test_%d_%d", os.Getpid(), schemas.Add(1))
	Execute(t, server, "CREATE SCHEMA "+schema)
	t.Cleanup(func() { Execute(t, server, "DROP SCHEMA "+schema+" CASCADE") })
	return With(t, server, "search_path", schema)
}

// With is an address with one parameter more.
func With(t testing.TB, address, name, value string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set(name, value)
	u.RawQuery = strings.ReplaceAll(q.Encode(), "+", "%20") // as libpq reads it
	return u.String()
}

// Execute runs statements at an address.
func Execute(t testing.TB, address, statements string) {
	t.Helper()
	Query(t, address, statements)
}

// Query runs statements at an address and returns what the last one yields, as
// text, rows by lines and columns by blanks.
func Query(t testing.TB, address, statements string) string {
	t.Helper()
	// The test's own context has ended where this is called by its cleanup.
	ctx := t.Context()
	if ctx.Err() != nil {
		ctx = context.WithoutCancel(ctx)
	}
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	results, err := conn.PgConn().Exec(ctx, statements).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", statements, err)
	}
	var lines []string
	for _, row := range results[len(results)-1].Rows {
		columns := make([]string, len(row))
		for i, column := range row {
			columns[i] = string(column)
		}
		lines = append(lines, strings.Join(columns, " "))
	}
	return strings.Join(lines, "\n")
}

// Hold runs a statement in a transaction that lasts until release is called.
func Hold(t testing.TB, address, statement string) (release func()) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Exec(t.Context(), "BEGIN; "+statement); err != nil {
		t.Fatal(err)
	}
	return func() {
		if _, err := conn.Exec(t.Context(), "ROLLBACK"); err != nil {
			t.Fatal(err)
		}
		if err := conn.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

// Server is the address of the server itself. Processes that a test starts
// afterwards find it too. Without a server the test is skipped.
func Server(t testing.TB) string {
	t.Helper()
	want := os.Getenv(Env)
	if want != "" && want != required {
		return want
	}
	c, err := started()
	switch {
	case err == nil:
		t.Setenv(Env, c.Address)
		return c.Address
	case want == required:
		t.Fatalf("no PostgreSQL for the tests, and %s=%s: %v", Env, required, err)
	}
	t.Skipf("no PostgreSQL: %v", err)
	return ""
}

var started = sync.OnceValues(func() (*Cluster, error) { return start(Settings{}) })

// Cluster is a server that runs.
type Cluster struct {
	// Address is that of its database, by a socket.
	Address string
	// Dir is where it runs, with its cluster in data.
	Dir string

	stdin  io.WriteCloser // what the script reads: left to the garbage collector it would end
	stdout *bufio.Reader
	end    func() error
}

// Settings are those of a server of one's own.
type Settings struct {
	Conf  string            // lines of postgresql.conf
	HBA   string            // lines of pg_hba.conf; by its socket everybody may come
	Files map[string][]byte // in the folder that the server runs in, for itself alone
}

// Own starts a server for one test, which it may stop and start. Without the
// programs for it the test is skipped.
func Own(t testing.TB, s Settings) *Cluster {
	t.Helper()
	c, err := start(s)
	switch {
	case err == nil:
		t.Cleanup(func() {
			if err := c.end(); err != nil {
				t.Errorf("end of the server: %v", err)
			}
		})
		return c
	case os.Getenv(Env) == required:
		t.Fatalf("no PostgreSQL for the tests, and %s=%s: %v", Env, required, err)
	}
	t.Skipf("no PostgreSQL: %v", err)
	return nil
}

// Stop ends the server at once, as a crash would: what it has in memory is lost.
func (c *Cluster) Stop(t testing.TB) {
	t.Helper()
	c.order(t, "stop", "stopped\n")
}

// Start starts it again, and returns when it takes connections.
func (c *Cluster) Start(t testing.TB) {
	t.Helper()
	c.order(t, "start", ready)
}

func (c *Cluster) order(t testing.TB, order, want string) {
	t.Helper()
	_, err := io.WriteString(c.stdin, order+"\n")
	var said string
	if err == nil {
		said, err = c.stdout.ReadString('\n')
	}
	if err != nil || said != want {
		t.Fatalf("%s the server: %s%v", order, said, err)
	}
}

//go:embed cluster.sh
var script string

// start starts a server in a folder of its own. It ends, and the folder goes, with
// this process, however that ends: then the script that runs it reads no more.
func start(s Settings) (*Cluster, error) {
	bin, err := programs()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "allmende-postgres-") // short, as the path of a socket must be
	if err != nil {
		return nil, err
	}
	c, err := startIn(dir, bin, s)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return c, nil
}

func startIn(dir, bin string, s Settings) (*Cluster, error) {
	args := []string{"sh", "-c", script, "cluster.sh", bin, dir, s.Conf, s.HBA}
	paths := []string{dir}
	for name, content := range s.Files {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			return nil, err
		}
		paths = append(paths, path)
	}
	if os.Geteuid() == 0 { // which PostgreSQL does not run as
		const name = "postgres"
		for _, path := range paths {
			if err := give(path, name); err != nil {
				return nil, err
			}
		}
		args = append([]string{"runuser", "-u", name, "--"}, args...)
	}
	server := exec.Command(args[0], args[1:]...) //nolint:noctx // as long as the process, or until it is ended
	stdin, err := server.StdinPipe()
	if err != nil {
		return nil, err
	}
	stdout, err := server.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := server.Start(); err != nil {
		return nil, err
	}
	c := &Cluster{
		Address: "postgres://allmende@/postgres?" + url.Values{"host": {dir}}.Encode(),
		Dir:     dir,
		stdin:   stdin, stdout: bufio.NewReader(stdout),
	}
	c.end = func() error { return errors.Join(stdin.Close(), server.Wait()) }
	if said, err := c.stdout.ReadString('\n'); err != nil || said != ready {
		rest, _ := io.ReadAll(c.stdout)
		return nil, errors.Join(fmt.Errorf("it does not start: %s%s", said, rest), c.end())
	}
	return c, nil
}

// ready is what the script says when the server takes connections, else what is
// wrong.
const ready = "started\n"

// give makes a user the owner of a file or folder.
func give(path, name string) error {
	owner, err := user.Lookup(name)
	if err != nil {
		return err
	}
	uid, err := strconv.Atoi(owner.Uid)
	if err != nil {
		return err
	}
	return os.Chown(path, uid, -1)
}

// programs is the folder of initdb, pg_ctl and postgres: that of the PATH, else
// the newest one of Debian.
func programs() (string, error) {
	if path, err := exec.LookPath("pg_ctl"); err == nil {
		return filepath.Dir(path), nil
	}
	all, err := filepath.Glob("/usr/lib/postgresql/*/bin/pg_ctl")
	if err != nil || len(all) == 0 {
		return "", errors.New("its programs are not installed (Debian: apt-get install postgresql)")
	}
	return filepath.Dir(all[len(all)-1]), nil
}

// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package postgres_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/registry/postgres"
	"github.com/allmende-registry/allmende/registry/postgres/postgrestest"
	"github.com/allmende-registry/allmende/registry/registrytest"
)

// authority signs the certificates of servers.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t *testing.T) authority {
	t.Helper()
	a := authority{cert: &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "authority of the test"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}}
	var err error
	if a.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		t.Fatal(err)
	}
	return a
}

// file has the certificate of the authority, for clients.
func (a authority) file(t *testing.T) string {
	t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, a.cert, a.cert, a.key.Public(), a.key)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// sign makes a certificate with its key for a host.
func (a authority) sign(t *testing.T, host string) (cert, key []byte) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{
		SerialNumber: big.NewInt(2), DNSNames: []string{host},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}, a.cert, private.Public(), a.key)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER})
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// A server that takes encrypted connections alone, and has a certificate for
// localhost.
func TestTLS(t *testing.T) {
	ca, stranger := newAuthority(t), newAuthority(t)
	cert, key := ca.sign(t, "localhost")
	port := freePort(t)
	server := postgrestest.Own(t, postgrestest.Settings{
		Conf:  fmt.Sprintf("fsync = off\nlisten_addresses = '127.0.0.1'\nport = %d\nssl = on\nssl_cert_file = '../server.pem'\nssl_key_file = '../server.key'", port),
		HBA:   "hostssl all all all trust",
		Files: map[string][]byte{"server.pem": cert, "server.key": key},
	})
	server.Address = postgrestest.With(t, server.Address, "port", fmt.Sprint(port))
	address := func(host string, parameters ...string) string {
		a := fmt.Sprintf("postgres://allmende@%s:%d/postgres", host, port)
		for i := 0; i < len(parameters); i += 2 {
			a = postgrestest.With(t, a, parameters[i], parameters[i+1])
		}
		return a
	}
	trusted := ca.file(t)
	good := address("localhost", "sslmode", "verify-full", "sslrootcert", trusted)

	s := open(t, good)
	registrytest.Fill(t, s)
	agrees(t, s)
	unlock, err := s.Lock(t.Context(), "crawl")
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	if _, err := s.Listen(t.Context()); err != nil {
		t.Fatal(err)
	}
	encrypted := postgrestest.Query(t, server.Address,
		"SELECT count(*) >= 3, bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'allmende'")
	if encrypted != "t t" {
		t.Errorf("of the connections for the pool, the lock and changes, at least 3 and all are encrypted: %s", encrypted)
	}

	refused := func(name, address, want string) {
		t.Helper()
		s, err := postgres.Open(t.Context(), address)
		if err == nil {
			_ = s.Close()
			t.Errorf("%s: it is opened", name)
		} else if !errorSays(err, want) {
			t.Errorf("%s: %v, want %q", name, err, want)
		}
	}
	refused("a plain connection", address("localhost", "sslmode", "disable"), "pg_hba.conf")
	refused("another authority", address("localhost", "sslmode", "verify-full", "sslrootcert", stranger.file(t)), "certificate")
	refused("no authority", address("localhost", "sslmode", "verify-full"), "certificate")
	refused("another name", address("127.0.0.1", "sslmode", "verify-full", "sslrootcert", trusted), "certificate")
	refused("a file that is not there", address("localhost", "sslmode", "verify-full", "sslrootcert", trusted+"x"), "ca.pemx")
	if err := open(t, address("127.0.0.1", "sslmode", "verify-ca", "sslrootcert", trusted)).Close(); err != nil {
		t.Error(err)
	}

	// No connection is made without encryption where the server offers none any more.
	postgrestest.Execute(t, server.Address, "ALTER SYSTEM SET ssl = off")
	server.Stop(t)
	server.Start(t)
	refused("a server without TLS", good, "TLS")
}

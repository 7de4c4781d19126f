// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/publiccode"
)

func TestSchema(t *testing.T) {
	list, errs, code := command(t, "schema", "--list")
	if code != 0 || list != strings.Join(publiccode.SchemaVersions(), "\n")+"\n" {
		t.Fatalf("exit code %d: %s%s", code, list, errs)
	}
	for _, version := range append(strings.Fields(list), "") {
		args := []string{"schema", "--version", version}
		if version == "" {
			args, version = []string{"schema"}, "0.7"
		}
		out, errs, code := command(t, args...)
		var schema struct{ Title string }
		if err := json.Unmarshal([]byte(out), &schema); code != 0 || err != nil || schema.Title != "publiccode.yml "+version {
			t.Errorf("%v: exit code %d, title %q: %v %s", args, code, schema.Title, err, errs)
		}
	}
	for _, f := range adoption.Formats() {
		if out, errs, code := command(t, "schema", f.Name); code != 0 || out != string(f.Schema()) {
			t.Errorf("exit code %d, %d bytes of the schema of %s: %s", code, len(out), f.FileName, errs)
		}
	}
	for _, args := range [][]string{{"schema", "--version", "0.8"}, {"schema", "--version", ""}, {"schema", "0.7"}} {
		out, errs, code := command(t, args...)
		if code != 2 || out != "" || len(args) == 3 && !strings.Contains(errs, "0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 1.0") {
			t.Errorf("%v: exit code %d: %s%s", args, code, out, errs)
		}
	}
	if help, _, _ := command(t, "schema", "--help"); !strings.Contains(help, "# yaml-language-server: $schema=") {
		t.Errorf("the help does not say how to use it: %s", help)
	}
}

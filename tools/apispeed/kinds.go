// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// lua are the scripts for wrk.
//
//go:embed *.lua
var lua embed.FS

// scripts puts them where wrk reads them.
func (m *measurement) scripts() error {
	return os.CopyFS(m.dir, lua)
}

// kind is a kind of request.
type kind struct {
	name    string
	script  string
	prepare func(context.Context, *measurement, *server, int) (args []string, err error)
}

const listTarget = "/v1/software?perPage=25"

// flooding is a query for each number.
const flooding = "/v1/software?perPage=3&publisher=stelle-7&publisher=%d"

func (m *measurement) kinds() []kind {
	entries := entryTargets(m.n)
	entry := entries[0]
	all := []kind{
		{"list page of 25", "one.lua", only(listTarget)},
		{"list page of 25, gzip", "one.lua", only(listTarget, "Accept-Encoding: gzip")},
		{"list page of 25, zstd", "one.lua", only(listTarget, "Accept-Encoding: zstd")},
		{"one entry", "one.lua", only(entry)},
		{"304 of the list page", "one.lua", unchanged(listTarget)},
		{"304 of one entry", "one.lua", unchanged(entry)},
		{"entries at random", "many.lua", targets("entries", func(int) []string { return entries })},
		{"searches at random, five facets, none twice", "many.lua", targets("searches", func(round int) []string { return searchTargets(m.n, round, 30_000) })},
	}
	if m.only == "" {
		return all
	}
	names := strings.Split(m.only, ",")
	return slices.DeleteFunc(all, func(k kind) bool {
		return !slices.ContainsFunc(names, func(n string) bool { return strings.HasPrefix(k.name, n) })
	})
}

// only asks for the same again and again.
func only(target string, header ...string) func(context.Context, *measurement, *server, int) ([]string, error) {
	return func(ctx context.Context, _ *measurement, s *server, _ int) ([]string, error) {
		_, err := s.get(ctx, target)
		return append([]string{target}, header...), err
	}
}

// unchanged asks for what the client has already.
func unchanged(target string) func(context.Context, *measurement, *server, int) ([]string, error) {
	return func(ctx context.Context, _ *measurement, s *server, _ int) ([]string, error) {
		header, err := s.get(ctx, target)
		if err != nil {
			return nil, err
		}
		tag := header.Get("ETag")
		if tag == "" {
			return nil, errors.New("the answer has no entity tag")
		}
		return []string{target, "If-None-Match: " + tag}, nil
	}
}

// targets asks for one after the other.
func targets(name string, list func(round int) []string) func(context.Context, *measurement, *server, int) ([]string, error) {
	return func(_ context.Context, m *measurement, _ *server, round int) ([]string, error) {
		path := filepath.Join(m.dir, fmt.Sprint(name, round, ".txt"))
		return []string{path}, os.WriteFile(path, []byte(strings.Join(list(round), "\n")+"\n"), 0o600)
	}
}

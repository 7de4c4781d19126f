// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/allmende-registry/allmende/publiccode"
)

// languageFlag gives a command the flag --lang.
func languageFlag(cmd *cobra.Command, lang *string) {
	cmd.Flags().StringVar(lang, "lang", "", "language of the messages, de or en (default: that of the environment, else de)")
}

// chosenLanguage is the language that a flag names, or the environment.
func chosenLanguage(flag string) (string, error) {
	switch flag {
	case "":
		return languageFromEnvironment(), nil
	case "de", "en":
		return flag, nil
	}
	return "", usageError(fmt.Errorf("--lang must be de or en, not %q", flag))
}

// languageFromEnvironment follows the POSIX order; German comes first where
// nothing is said.
func languageFromEnvironment() string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := os.Getenv(name); v != "" {
			if strings.HasPrefix(v, "en") {
				return "en"
			}
			return "de"
		}
	}
	return "de"
}

// readPublicCode reads a file, or stdin for "-". Of a file over the limit it
// reads one byte more than that, which is enough for Parse to refuse it.
func readPublicCode(stdin io.Reader, path string) ([]byte, error) {
	in := stdin
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	}
	return io.ReadAll(io.LimitReader(in, publiccode.MaxSize+1))
}

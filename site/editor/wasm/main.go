// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

//go:build js && wasm

// Command wasm is the editor for the browser. It offers one function to the
// script that starts it, allmendeAnswer(request), both ways JSON as text; see
// package editor.
package main

import (
	"syscall/js"

	"github.com/allmende-registry/allmende/site/editor"
)

func main() {
	js.Global().Set("allmendeAnswer", js.FuncOf(func(_ js.Value, args []js.Value) any {
		request := ""
		if len(args) > 0 && args[0].Type() == js.TypeString {
			request = args[0].String()
		}
		return string(editor.Answer([]byte(request)))
	}))
	select {} // the function is there as long as the program runs
}

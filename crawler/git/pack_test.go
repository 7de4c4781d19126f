// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package git

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/registry"
)

// item is an object to be packed.
type item struct {
	typ     objectType
	content []byte
	size    int64  // where it is not that of the content
	back    int    // of an offset delta: how many bytes before it its base begins
	base    string // of a hash delta
}

// packItem is an object as a pack has it.
func packItem(o item) []byte {
	size := o.size
	if size == 0 {
		size = int64(len(o.content))
	}
	first := byte(o.typ)<<4 | byte(size&15)
	var b []byte
	for size >>= 4; size > 0; size >>= 7 {
		b = append(b, first|128)
		first = byte(size & 127)
	}
	b = append(b, first)
	switch o.typ {
	case offsetDelta:
		offset := []byte{byte(o.back & 127)}
		for n := o.back >> 7; n > 0; n >>= 7 {
			n--
			offset = append([]byte{byte(n&127) | 128}, offset...)
		}
		b = append(b, offset...)
	case hashDelta:
		b = append(b, o.base...)
	}
	var z bytes.Buffer
	w := zlib.NewWriter(&z)
	w.Write(o.content)
	w.Close()
	return append(b, z.Bytes()...)
}

func packHeader(version, count uint32) []byte {
	b := binary.BigEndian.AppendUint32([]byte("PACK"), version)
	return binary.BigEndian.AppendUint32(b, count)
}

// sealed adds the checksum.
func sealed(b []byte) []byte {
	h := sha1Format.new()
	h.Write(b)
	return h.Sum(b[:len(b):len(b)])
}

func makePack(items ...item) []byte {
	b := packHeader(2, uint32(len(items)))
	for _, o := range items {
		b = append(b, packItem(o)...)
	}
	return sealed(b)
}

func hashOf(t objectType, content []byte) string {
	h := sha1Format.objectHash(t, int64(len(content)))
	h.Write(content)
	return string(h.Sum(nil))
}

// deltaOf begins a delta.
func deltaOf(from, to int, orders ...byte) []byte {
	b := binary.AppendUvarint(nil, uint64(from))
	b = binary.AppendUvarint(b, uint64(to))
	return append(b, orders...)
}

// copyOf is a delta that makes what its base is.
func copyOf(size int) []byte {
	b := deltaOf(size, size)
	for at := 0; at < size; at += 1 << 16 {
		n := min(size-at, 1<<16)
		b = append(b, 0x80|0x0f|0x30, byte(at), byte(at>>8), byte(at>>16), byte(at>>24), byte(n), byte(n>>8))
	}
	return b
}

func TestPack(t *testing.T) {
	text := []byte("hello world")
	hello := hashOf(blobObject, []byte("hello hello!"))
	// 0x91 0 5: copy five bytes from the start; 0x90 6: copy six from there.
	orders := deltaOf(11, 12, 0x90, 6, 0x91, 0, 5, 1, '!')
	for name, data := range map[string][]byte{
		"offset":           makePack(item{typ: blobObject, content: text}, item{typ: offsetDelta, content: orders, back: len(packItem(item{typ: blobObject, content: text}))}),
		"hash":             makePack(item{typ: blobObject, content: text}, item{typ: hashDelta, content: orders, base: hashOf(blobObject, text)}),
		"hash, base later": makePack(item{typ: hashDelta, content: orders, base: hashOf(blobObject, text)}, item{typ: blobObject, content: text}),
		"twice":            makePack(item{typ: hashDelta, content: orders, base: hashOf(blobObject, text)}, item{typ: blobObject, content: text}, item{typ: hashDelta, content: orders, base: hashOf(blobObject, text)}),
	} {
		t.Run(name, func(t *testing.T) {
			p, err := readPack(data, sha1Format)
			if err != nil {
				t.Fatal(err)
			}
			for range 2 {
				if got, err := p.object(hello, blobObject, 12); err != nil || string(got) != "hello hello!" {
					t.Errorf("delta: %q, %v", got, err)
				}
			}
			if _, err := p.object(hello, blobObject, 11); !errors.Is(err, registry.ErrTooLarge) {
				t.Errorf("over the limit: %v", err)
			}
			if got, err := p.object(hashOf(blobObject, text), blobObject, 11); err != nil || string(got) != string(text) {
				t.Errorf("base: %q, %v", got, err)
			}
			if _, err := p.object(hello, treeObject, 100); !errors.Is(err, errDamaged) {
				t.Errorf("of another type: %v", err)
			}
			if _, err := p.object(hashOf(blobObject, nil), blobObject, 100); !errors.Is(err, errDamaged) {
				t.Errorf("not there: %v", err)
			}
		})
	}
}

// TestPackCutOff reads all beginnings of a pack, and the pack with each byte
// changed.
func TestPackCutOff(t *testing.T) {
	data := makePack(item{typ: blobObject, content: []byte("hello world")}, item{typ: treeObject}, item{typ: commitObject, content: bytes.Repeat([]byte("x"), 300)})
	for i := range data {
		if _, err := readPack(data[:i], sha1Format); !errors.Is(err, errDamaged) {
			t.Errorf("the first %d bytes: %v", i, err)
		}
		if _, err := readPack(sealed(data[:i]), sha1Format); err == nil && i != len(data)-sha1Format.size {
			t.Errorf("the first %d bytes with a checksum were read", i)
		}
		changed := bytes.Clone(data)
		changed[i] ^= 0x10
		if _, err := readPack(changed, sha1Format); err == nil {
			t.Errorf("read with byte %d changed", i)
		}
	}
}

func TestHostilePacks(t *testing.T) {
	text := []byte("hello world")
	base := item{typ: blobObject, content: text}
	back := len(packItem(base))
	wanted := hashOf(blobObject, []byte("unobtainable"))
	delta := func(orders []byte) []byte {
		return makePack(base, item{typ: offsetDelta, back: back, content: orders})
	}
	zeros := make([]byte, maxObject)
	for name, tt := range map[string]struct {
		data []byte
		want error
	}{
		"many objects":           {sealed(packHeader(2, 1<<32-1)), registry.ErrTooLarge},
		"fewer than it says":     {sealed(append(packHeader(2, 2), packItem(base)...)), errDamaged},
		"more than it says":      {sealed(append(append(packHeader(2, 1), packItem(base)...), packItem(base)...)), errDamaged},
		"version":                {sealed(packHeader(4, 0)), errDamaged},
		"huge size":              {makePack(item{typ: blobObject, content: text, size: 1 << 50}), registry.ErrTooLarge},
		"endless size":           {sealed(append(packHeader(2, 1), bytes.Repeat([]byte{0xbf}, 100)...)), errDamaged},
		"size of an offset":      {sealed(append(append(packHeader(2, 1), 0x61), bytes.Repeat([]byte{0xff}, 100)...)), errDamaged},
		"larger than its size":   {makePack(item{typ: blobObject, content: text, size: 10}), errDamaged},
		"smaller than its size":  {makePack(item{typ: blobObject, content: text, size: 12}), errDamaged},
		"bomb":                   {makePack(item{typ: blobObject, content: make([]byte, 4<<20), size: 100}), errDamaged},
		"no zlib":                {sealed(append(packHeader(2, 1), 0x35, 1, 2, 3, 4, 5, 6, 7, 8, 9)), errDamaged},
		"type 0":                 {makePack(item{typ: 0, content: text}), errDamaged},
		"type 5":                 {makePack(item{typ: 5, content: text}), errDamaged},
		"delta of itself":        {makePack(base, item{typ: offsetDelta, content: deltaOf(11, 0)}), errDamaged},
		"delta of no object":     {makePack(base, item{typ: offsetDelta, back: back - 1, content: deltaOf(11, 0)}), errDamaged},
		"delta of what is ahead": {makePack(base, item{typ: offsetDelta, back: 1 << 30, content: deltaOf(11, 0)}), errDamaged},
		"deltas in a circle": {makePack(item{typ: hashDelta, base: wanted, content: deltaOf(11, 11, 0x90, 11)},
			item{typ: hashDelta, base: wanted, content: deltaOf(11, 11, 0x90, 11)}), errDamaged},
		"empty delta":         {delta(nil), errDamaged},
		"endless delta size":  {delta(bytes.Repeat([]byte{0xff}, 20)), errDamaged},
		"delta of another":    {delta(deltaOf(12, 11, 0x90, 11)), errDamaged},
		"makes less":          {delta(deltaOf(11, 12, 0x90, 11)), errDamaged},
		"makes more":          {delta(deltaOf(11, 10, 0x90, 11)), errDamaged},
		"makes a huge object": {delta(deltaOf(11, 1<<30, 0x90, 11)), registry.ErrTooLarge},
		"copies beyond":       {delta(deltaOf(11, 11, 0x91, 1, 11)), errDamaged},
		"copies far beyond":   {delta(deltaOf(11, 11, 0xff, 255, 255, 255, 255, 255, 255, 255)), errDamaged},
		"copies from nowhere": {delta(deltaOf(11, 11, 0xff, 1)), errDamaged},
		"copies 64 KiB":       {delta(deltaOf(11, 11, 0x80)), errDamaged},
		"one size alone":      {delta([]byte{11}), errDamaged},
		"upon a large object": {chainOf(make([]byte, maxObject+1), 1), registry.ErrTooLarge},
		"inserts beyond":      {delta(deltaOf(11, 11, 11, 'x')), errDamaged},
		"reserved order":      {delta(deltaOf(11, 11, 0)), errDamaged},
		"long chain":          {chainOf(text, maxChain+2), errDamaged},
		"large chain":         {chainOf(zeros, 10), registry.ErrTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := readPack(tt.data, sha1Format)
			if err == nil {
				_, err = p.object(wanted, blobObject, maxObject)
			}
			if !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
			if name == "long chain" && !strings.Contains(err.Error(), "chain") {
				t.Errorf("got %v", err)
			}
		})
	}
}

// TestUnfoldsToVeryMuch lowers the bound, which takes long to reach.
func TestUnfoldsToVeryMuch(t *testing.T) {
	text := []byte("hello world")
	p, err := readPack(manyCopies(text, 10), sha1Format)
	if err != nil {
		t.Fatal(err)
	}
	p.left = int64(9 * len(text))
	if _, err := p.object("none", blobObject, maxObject); err == nil || errors.Is(err, registry.ErrTooLarge) || !strings.Contains(err.Error(), "inflates") {
		t.Errorf("got %v", err)
	}
}

// chainOf has an object and deltas each upon the former, all as large.
func chainOf(content []byte, n int) []byte {
	b := packHeader(2, uint32(n+1))
	last := packItem(item{typ: blobObject, content: content})
	b = append(b, last...)
	for range n {
		back := len(last)
		last = packItem(item{typ: offsetDelta, back: back, content: copyOf(len(content))})
		b = append(b, last...)
	}
	return sealed(b)
}

// manyCopies has an object and deltas upon it, all as large.
func manyCopies(content []byte, n int) []byte {
	b := packHeader(2, uint32(n+1))
	b = append(b, packItem(item{typ: blobObject, content: content})...)
	for range n {
		b = append(b, packItem(item{typ: offsetDelta, back: len(b) - 12, content: copyOf(len(content))})...)
	}
	return sealed(b)
}

// TestPacksOfGit reads packs as git makes them, with all objects that are in
// them, and compares each with what git says.
func TestPacksOfGit(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	dir := t.TempDir()
	run := func(in string, args ...string) string {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), "git", args...)
		cmd.Dir, cmd.Stdin = dir, strings.NewReader(in)
		cmd.Env = append(os.Environ(), "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL="+os.DevNull)
		var stderr strings.Builder
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("git %s: %v\n%s", args, err, stderr.String())
		}
		return string(out)
	}
	run("", "init", "--quiet", "--bare", "--initial-branch=main", dir)
	var in strings.Builder
	var text strings.Builder
	for i := range 40 {
		fmt.Fprintf(&in, "commit refs/heads/main\ncommitter E <e@example.org> %d +0000\ndata 1\nx\n", 1767323045+i)
		for j := range 100 {
			fmt.Fprintf(&text, "line %d of %d, %x\n", j, i, j*i*i)
		}
		for _, name := range []string{"a", "b/c", "d"} {
			content := name + text.String()[i*100:]
			fmt.Fprintf(&in, "M 100644 inline %s%d\ndata %d\n%s\n", name, i, len(content), content)
		}
	}
	fmt.Fprintf(&in, "tag v1\nfrom refs/heads/main\ntagger E <e@example.org> 1767323045 +0000\ndata 1\nx\n")
	run(in.String(), "fast-import", "--quiet")
	types := map[string]objectType{"commit": commitObject, "tree": treeObject, "blob": blobObject, "tag": tagObject}
	objects := strings.Fields(run("", "cat-file", "--batch-check=%(objectname),%(objecttype)", "--batch-all-objects"))
	for name, option := range map[string]string{"offset deltas": "--delta-base-offset", "hash deltas": "--no-reuse-delta"} {
		t.Run(name, func(t *testing.T) {
			data := run("", "pack-objects", "--quiet", "--all", "--stdout", "--window=20", option)
			p, err := readPack([]byte(data), sha1Format)
			if err != nil {
				t.Fatal(err)
			}
			if deltas := len(p.byBase) + len(p.byBaseHash); deltas < 20 || (len(p.byBase) > 0) != (name == "offset deltas") {
				t.Errorf("%d and %d deltas do not test anything", len(p.byBase), len(p.byBaseHash))
			}
			for _, o := range objects {
				hash, typ, _ := strings.Cut(o, ",")
				raw, err := hex.DecodeString(hash)
				if err != nil {
					t.Fatal(err)
				}
				content, err := p.object(string(raw), types[typ], maxObject)
				if err != nil || hashOf(types[typ], content) != string(raw) {
					t.Errorf("%s %s: %d bytes, %v", typ, hash, len(content), err)
				}
			}
		})
	}
}

func TestDamagedObjects(t *testing.T) {
	for _, commit := range []string{"", "tree", "tree xyz\n", "author x\n", "tree " + strings.Repeat("g", 40) + "\n"} {
		if root, err := rootOf([]byte(commit), sha1Format); !errors.Is(err, errDamaged) {
			t.Errorf("commit %q: root %x, %v", commit, root, err)
		}
	}
	hash := strings.Repeat("h", 20)
	good := "40000 a\x00" + hash + "100644 b\x00" + hash + "040000 c\x00" + hash
	for name, want := range map[string]string{"a": folderMode, "b": "100644", "c": folderMode, "d": "", "": ""} {
		mode, got, found, err := lookUp([]byte(good), name, sha1Format)
		if err != nil || found != (want != "") || mode != want || found && got != hash {
			t.Errorf("%q: %q %q %t, %v", name, mode, got, found, err)
		}
	}
	for i := range len(good) {
		_, _, found, err := lookUp([]byte(good[:i]), "x", sha1Format)
		if whole := i == 0 || i == 28 || i == 57; found || whole != (err == nil) {
			t.Errorf("the first %d bytes: %t, %v", i, found, err)
		}
	}
}

func FuzzPack(f *testing.F) {
	text := []byte("hello world")
	f.Add(makePack(item{typ: blobObject, content: text}, item{typ: hashDelta, content: deltaOf(11, 11, 0x90, 11), base: hashOf(blobObject, text)}))
	f.Add(makePack(item{typ: treeObject, content: []byte("100644 a\x00" + strings.Repeat("h", 20))}, item{typ: offsetDelta, content: deltaOf(29, 2, 2, 'x', 'y'), back: 40}))
	f.Add(manyCopies(text, 5))
	f.Fuzz(func(t *testing.T, data []byte) {
		// With the checksum that fits, or nothing behind it is ever reached.
		if len(data) > sha1Format.size {
			data = sealed(data[:len(data)-sha1Format.size])
		}
		p, err := readPack(data, sha1Format)
		if err != nil {
			return
		}
		for _, typ := range []objectType{commitObject, treeObject, blobObject, tagObject} {
			if _, err := p.object("none", typ, maxObject); err == nil {
				t.Fatal("an object that cannot be")
			}
		}
		for hash, i := range p.index {
			content, err := p.object(hash, p.entries[i].typ, maxObject)
			if err == nil && hashOf(p.entries[i].typ, content) != hash {
				t.Fatalf("%x has other content", hash)
			}
			if err == nil && p.entries[i].typ == treeObject {
				lookUp(content, "a", sha1Format)
			}
		}
	})
}

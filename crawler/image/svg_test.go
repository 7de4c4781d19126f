// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package image

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"github.com/allmende-registry/allmende/registry"
)

const svgStart = `<svg xmlns="http://www.w3.org/2000/svg"`

// drawing is a document around a body.
func drawing(body string) string {
	return svgStart + ` xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">` + body + `</svg>`
}

// body is what CleanSVG leaves of the body of a drawing.
func body(t *testing.T, src string) string {
	t.Helper()
	out, err := CleanSVG([]byte(drawing(src)))
	if err != nil {
		t.Fatal(err)
	}
	if err := harm(out); err != nil {
		t.Errorf("%v in %s", err, out)
	}
	return strings.TrimSuffix(strings.TrimPrefix(string(out), svgStart+` viewBox="0 0 9 9">`), "</svg>")
}

var (
	forbidden = set(`script foreignobject iframe object embed audio video canvas a animate animatemotion
		animatetransform animatecolor set discard feimage handler listener font font-face cursor image-set link meta base`)
	harmlessPixels = regexp.MustCompile(`^data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/]+=*$`)
	addresses      = regexp.MustCompile(`(?i)url\(\s*["']?[^#"'\s]`)
)

// harm finds what must not be in a cleaned drawing, by other means than those
// that clean it.
func harm(out []byte) error {
	d := xml.NewDecoder(bytes.NewReader(out))
	depth, roots, style := 0, 0, false
	for {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			if roots != 1 || depth != 0 {
				return fmt.Errorf("%d roots, %d open", roots, depth)
			}
			return nil
		}
		if err != nil {
			return err
		}
		switch token := token.(type) {
		case xml.ProcInst, xml.Directive, xml.Comment:
			return fmt.Errorf("a %T", token)
		case xml.StartElement:
			if depth++; depth == 1 {
				roots++
			}
			if forbidden[strings.ToLower(token.Name.Local)] || token.Name.Space != "" {
				return fmt.Errorf("element %v", token.Name)
			}
			style = token.Name.Local == "style"
			seen := map[string]bool{}
			for _, a := range token.Attr {
				name := a.Name.Local
				low := strings.ToLower(a.Value)
				switch {
				case seen[a.Name.Space+":"+name]:
					return fmt.Errorf("attribute %s twice", name)
				case strings.HasPrefix(strings.ToLower(name), "on"):
					return fmt.Errorf("event %s", name)
				case a.Name.Space != "" && a.Name.Space != "xml":
					return fmt.Errorf("attribute %v", a.Name)
				case name == "xmlns" && (a.Value != svgSpace || depth != 1):
					return fmt.Errorf("namespace %s", a.Value)
				case name == "href" && !strings.HasPrefix(a.Value, "#") &&
					(token.Name.Local != "image" || !harmlessPixels.MatchString(a.Value)):
					return fmt.Errorf("address %.80q", a.Value)
				case name != "xmlns" && name != "aria-label" && strings.Contains(low, "://"),
					strings.Contains(low, "script:") && name != "aria-label", addresses.MatchString(a.Value):
					return fmt.Errorf("%s=%.80q", name, a.Value)
				case (properties[name] || name == "style") && strings.ContainsAny(a.Value, `\@<>{}`):
					return fmt.Errorf("%s=%.80q", name, a.Value)
				}
				seen[a.Name.Space+":"+name] = true
			}
		case xml.EndElement:
			depth--
			style = false
		case xml.CharData:
			if s := string(token); style && (strings.ContainsAny(s, `\@<`) || strings.Contains(s, "/*") || addresses.MatchString(s)) {
				return fmt.Errorf("style %.80q", s)
			}
		}
	}
}

func TestCleanSVGTakesOutHarm(t *testing.T) {
	const rect = `<rect width="9" height="9"></rect>`
	for name, tt := range map[string]struct{ src, want string }{
		"script":                     {`<script>alert(1)</script>` + rect, rect},
		"script by address":          {`<script xlink:href="https://boese.example/x.js"/>` + rect, rect},
		"script in capitals":         {`<SCRIPT>alert(1)</SCRIPT>` + rect, rect},
		"script in CDATA":            {`<script><![CDATA[alert(1)]]></script>` + rect, rect},
		"script in another prefix":   {`<s:script xmlns:s="http://www.w3.org/2000/svg">alert(1)</s:script>` + rect, rect},
		"script of XHTML":            {`<script xmlns="http://www.w3.org/1999/xhtml">alert(1)</script>` + rect, rect},
		"prefix of nobody":           {`<h:script>alert(1)</h:script><h:rect/>` + rect, rect},
		"event":                      {`<rect onload="alert(1)" ONCLICK="alert(1)" width="9" height="9"/>`, rect},
		"event of a namespace":       {`<rect xmlns:ev="http://www.w3.org/2001/xml-events" ev:event="load" width="9" height="9"/>`, rect},
		"foreignObject":              {`<foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml" src="javascript:alert(1)"/></foreignObject>` + rect, rect},
		"HTML outside":               {`<img xmlns="http://www.w3.org/1999/xhtml" src="x" onerror="alert(1)"/>` + rect, rect},
		"link":                       {`<a href="javascript:alert(1)" transform="scale(2)"><rect width="9" height="9"/></a>`, `<g transform="scale(2)">` + rect + `</g>`},
		"animation of an address":    {`<use href="#a"><animate attributeName="href" values="#a;https://boese.example/"/></use>`, `<use href="#a"></use>`},
		"set":                        {`<set attributeName="onload" to="alert(1)"/>` + rect, rect},
		"handler":                    {`<handler xmlns="http://www.w3.org/2000/svg" type="application/ecmascript">alert(1)</handler>` + rect, rect},
		"use elsewhere":              {`<use href="https://boese.example/x.svg#a"/>`, `<use></use>`},
		"use of a file":              {`<use xlink:href="other.svg#a"/>`, `<use></use>`},
		"use of data":                {`<use xlink:href="data:image/svg+xml;base64,PHN2Zy8+#a"/>`, `<use></use>`},
		"image elsewhere":            {`<image href="https://boese.example/x.png"/><image href="//boese.example/x.png"/><image href="x.png"/>` + rect, rect},
		"image that is a drawing":    {`<image href="data:image/svg+xml;base64,PHN2Zy8+"/>` + rect, rect},
		"image that is none":         {`<image href="data:image/png;base64,PHNjcmlwdD4="/>` + rect, rect},
		"image of text":              {`<image href="data:text/html;base64,PHNjcmlwdD4="/><image href="data:text/html,&lt;script>"/>` + rect, rect},
		"filter image":               {`<filter id="f"><feImage href="https://boese.example/x.png"/></filter>`, `<filter id="f"></filter>`},
		"paint elsewhere":            {`<rect width="9" height="9" fill="url(https://boese.example/x.svg#a)" stroke="URL( '//boese.example/#a' )"/>`, rect},
		"paint by escapes":           {`<rect width="9" height="9" fill="u\72l(https://boese.example/x)" filter="\75rl(//x)"/>`, rect},
		"paint by character":         {`<rect width="9" height="9" fill="&#117;rl(https://boese.example/x)"/>`, rect},
		"style address":              {`<rect width="9" height="9" style="background:url(https://boese.example/x);mask-image:url(//x);fill:url('https://boese.example/')"/>`, rect},
		"style comment":              {`<rect width="9" height="9" style="fill:u/**/rl(https://boese.example/x);fill:url/**/(https://boese.example/)"/>`, rect},
		"style expression":           {`<rect width="9" height="9" style="fill:expression(alert(1));-moz-binding:url(#x);binding:url(#y)"/>`, rect},
		"style image-set":            {`<rect width="9" height="9" style="mask:image-set('https://boese.example/x.png' 1x);fill:src('//x');cursor:url(#c)"/>`, rect},
		"style variable":             {`<rect width="9" height="9" style="--x:url(//boese.example/);fill:var(--x);d:attr(x)"/>`, rect},
		"style that runs on":         {`<rect width="9" height="9" style='fill:"a;stroke:url(//boese.example/)'/>`, rect},
		"import":                     {`<style>@import url(https://boese.example/x.css); @import "//x"; .a{fill:red}</style>`, `<style>.a{fill:red}</style>`},
		"import that hides":          {`<style>@import "//boese.example/;.b{fill:red}";.a{fill:red}</style>`, `<style>.b{fill:red}.a{fill:red}</style>`},
		"font":                       {`<style>@font-face{font-family:x;src:url(https://boese.example/x.woff)}.a{fill:red}</style>`, `<style>.a{fill:red}</style>`},
		"media":                      {`<style>@media all{.a{fill:url(//boese.example/)}.b{fill:red}}.c{fill:red}</style>`, `<style>.c{fill:red}</style>`},
		"nested rules":               {`<style>.a{fill:red;.b{fill:blue}}.c{fill:red}</style>`, `<style>.c{fill:red}</style>`},
		"sheet address":              {`<style>.a{fill:url(https://boese.example/);stroke:red}.b{background:url(//x)}</style>`, `<style>.a{stroke:red}</style>`},
		"sheet escapes":              {`<style>.a{fill:\75 rl(//boese.example)}\40 import "x";.b{fill:red}</style>`, `<style>.b{fill:red}</style>`},
		"sheet in CDATA":             {`<style><![CDATA[<!-- @import "//x"; .a>.b{fill:red} -->]]></style>`, `<style>.a&gt;.b{fill:red}</style>`},
		"sheet that ends itself":     {`<style>.a{fill:red}&lt;/style>&lt;script>alert(1)&lt;/script></style>`, `<style>.a{fill:red}</style>`},
		"sheet of attributes":        {`<style>rect[id^="a"]{fill:red}.a{fill:red}</style>`, `<style>.a{fill:red}</style>`},
		"sheet with elements":        {`<style>.a{<script>alert(1)</script>fill:red}</style>`, `<style>.a{fill:red}</style>`},
		"title":                      {`<title><img xmlns="http://www.w3.org/1999/xhtml" onerror="x"/>Logo &lt;script></title>`, `<title>Logo &lt;script&gt;</title>`},
		"comment":                    {`<!-- [if IE]><script>alert(1)</script><![endif] -->` + rect, rect},
		"instruction":                {`<?xml-stylesheet href="https://boese.example/x.css"?><?php system("x") ?>` + rect, rect},
		"base address":               {`<g xml:base="https://boese.example/"><use href="#a"/></g>`, `<g><use href="#a"></use></g>`},
		"namespaces":                 {`<g xmlns:x="https://boese.example/" x:y="1"></g>`, `<g></g>`},
		"attribute twice":            {`<use href="#a" xlink:href="#b"/>`, `<use href="#a"></use>`},
		"drawing programs":           {`<sodipodi:namedview xmlns:sodipodi="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd"><rect/></sodipodi:namedview><metadata>Rita Muster</metadata>` + rect, rect},
		"rect within script in text": {`<text>a<script>b</script><tspan x="1">c</tspan><rect/></text>`, `<text>a<tspan x="1">c</tspan></text>`},
	} {
		t.Run(name, func(t *testing.T) {
			if got := body(t, tt.src); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

func TestCleanSVGKeepsThePicture(t *testing.T) {
	pixels := base64.StdEncoding.EncodeToString(pngOf(t, 2, 2))
	for name, tt := range map[string]struct{ src, want string }{
		"gradient": {
			`<defs><linearGradient id="a" x1="0" gradientTransform="rotate(45)"><stop offset="50%" stop-color="rgb(1,2,3)"/></linearGradient></defs><path fill="url(#a)" d="M0,0L9-9z"/>`,
			`<defs><linearGradient id="a" x1="0" gradientTransform="rotate(45)"><stop offset="50%" stop-color="rgb(1,2,3)"></stop></linearGradient></defs><path fill="url(#a)" d="M0,0L9-9z"></path>`,
		},
		"classes": {
			"<style type=\"text/css\">\n\t.st0, g > .st1{fill:#FFF; stroke : url( \"#a\" ) ;clip-path:url(#b);font-family:'Fira Sans',sans-serif}\n</style>",
			"<style type=\"text/css\">.st0, g &gt; .st1{fill:#FFF;stroke:url( &#34;#a&#34; );clip-path:url(#b);font-family:&#39;Fira Sans&#39;,sans-serif}</style>",
		},
		"style":     {`<g style="FILL:red !important;-inkscape-font-specification:Sans;display:inline"/>`, `<g style="fill:red !important;display:inline"></g>`},
		"transform": {`<g transform="matrix(1,0,0,1,2,3) translate (4)"/>`, `<g transform="matrix(1,0,0,1,2,3) translate (4)"></g>`},
		"text":      {`<text x="1" xml:space="preserve"> a <tspan>b</tspan> </text>`, `<text x="1" xml:space="preserve"> a <tspan>b</tspan> </text>`},
		"umlauts":   {`<title>Straße &amp; Öl</title><g aria-label="Logo (grün) von https://example.org"/>`, `<title>Straße &amp; Öl</title><g aria-label="Logo (grün) von https://example.org"></g>`},
		"switch":    {`<switch><foreignObject requiredExtensions="x"/><g><path d="M0"/></g></switch>`, `<switch><g><path d="M0"></path></g></switch>`},
		"use":       {`<symbol id="s"><path d="M0"/></symbol><use xlink:href=" #s "/>`, `<symbol id="s"><path d="M0"></path></symbol><use href="#s"></use>`},
		"pixels":    {`<image width="2" xlink:href="data:image/jpg;base64,` + pixels[:20] + "\n  " + pixels[20:] + `"/>`, `<image width="2" href="data:image/png;base64,` + pixels + `"></image>`},
		"prefix":    {`<svg:g xmlns:svg="http://www.w3.org/2000/svg"><svg:path d="M0"/></svg:g>`, `<g><path d="M0"></path></g>`},
	} {
		t.Run(name, func(t *testing.T) {
			if got := body(t, tt.src); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

func TestCleanSVGDocuments(t *testing.T) {
	const clean = svgStart + `><title>Süd</title></svg>`
	latin, _ := charmap.ISO8859_1.NewEncoder().String(`<?xml version="1.0" encoding="iso-8859-1"?>` + clean)
	wide, _ := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(`<?xml version="1.0" encoding="UTF-16"?>` + clean)
	doctype := `<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd"`
	for name, tt := range map[string]struct {
		src  string
		want error
	}{
		"plain":               {clean, nil},
		"declaration":         {`<?xml version="1.0" encoding="utf-8" standalone="no"?>` + "\n" + clean + "\n", nil},
		"byte order mark":     {"\ufeff" + clean, nil},
		"ISO 8859-1":          {latin, nil},
		"UTF-16":              {wide, nil},
		"document type":       {doctype + `>` + clean, nil},
		"entity of a program": {doctype + ` [<!ENTITY ns_svg "http://www.w3.org/2000/svg"><!ENTITY ns_ai "http://ns.adobe.com/AdobeIllustrator/10.0/">]><svg xmlns="&ns_svg;" xmlns:i="&ns_ai;"><title>Süd</title></svg>`, nil},
		"no namespace":        {`<svg><title>Süd</title></svg>`, nil},
		"two roots":           {clean + `<script>alert(1)</script>`, nil},
		"entity of text":      {doctype + ` [<!ENTITY a "Süd">]>` + svgStart + `><title>&a;</title></svg>`, registry.ErrInvalid},
		"entity outside":      {doctype + ` [<!ENTITY a SYSTEM "file:///etc/passwd">]>` + svgStart + `><title>&a;</title></svg>`, registry.ErrInvalid},
		"entities in another": {doctype + ` [<!ENTITY a "http://a&b;"><!ENTITY b "http://b">]>` + svgStart + `><title>&a;</title></svg>`, registry.ErrInvalid},
		"too many entities":   {doctype + ` [<!ENTITY a "http://` + strings.Repeat("a", 90) + `">]>` + svgStart + `><title>` + strings.Repeat("&a;", 100_000) + `</title></svg>`, registry.ErrTooLarge},
		"unknown charset":     {`<?xml version="1.0" encoding="utf-7"?>` + clean, registry.ErrInvalid},
		"nothing":             {``, registry.ErrInvalid},
		"HTML":                {`<html><body>` + clean + `</body></html>`, registry.ErrInvalid},
		"other namespace":     {`<svg xmlns="http://www.w3.org/1999/xhtml"></svg>`, registry.ErrInvalid},
		"not closed":          {svgStart + `><g>`, registry.ErrInvalid},
		"wrongly closed":      {svgStart + `><g></svg></g>`, registry.ErrInvalid},
		"text":                {`Hallo`, registry.ErrInvalid},
		"too deep":            {svgStart + `>` + strings.Repeat("<g>", maxDepth) + strings.Repeat("</g>", maxDepth) + `</svg>`, registry.ErrTooLarge},
		"too many":            {svgStart + `>` + strings.Repeat("<g/>", maxElements) + `</svg>`, registry.ErrTooLarge},
		"too large":           {svgStart + `>` + strings.Repeat(" ", MaxSize) + `</svg>`, registry.ErrTooLarge},
		"too large once new":  {svgStart + `><title>` + strings.Repeat("'", MaxSize/2) + `</title></svg>`, registry.ErrTooLarge},
		"laughs":              {laughs(`<use href="#%d"/>`), registry.ErrTooLarge},
		"laughs by pattern":   {laughs(`<path fill="url(#%d)"/>`), registry.ErrTooLarge},
		"laughs by style":     {laughs(`<path style="mask:url('#%d')"/>`), registry.ErrTooLarge},
		"laughs by sheet":     {laughs(`<path class="c%d"/>`), registry.ErrTooLarge},
		"long chain":          {chain(maxReach), registry.ErrTooLarge},
		"circle":              {svgStart + `><title>Süd</title></svg>`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			out, err := CleanSVG([]byte(tt.src))
			if !errors.Is(err, tt.want) {
				t.Fatalf("got %v", err)
			}
			if tt.want == nil && string(out) != clean {
				t.Errorf("got %s", out)
			}
		})
	}
}

// laughs is a drawing of 30 elements each of which asks ten times for the next.
func laughs(ask string) string {
	var b, css strings.Builder
	for i := range 30 {
		fmt.Fprintf(&b, `<mask id="%d">%s</mask>`, i, strings.Repeat(fmt.Sprintf(ask, i+1), 10))
		fmt.Fprintf(&css, `.c%d{mask:url(#%d)}`, i, i)
	}
	return svgStart + `><style>` + css.String() + `</style>` + b.String() + `<use href="#0"/></svg>`
}

// chain is a drawing whose elements ask for one another in a row.
func chain(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `<g id="%d"><use href="#%d"/></g>`, i, i+1)
	}
	return svgStart + `>` + b.String() + `</svg>`
}

func TestCirclesAreDrawnOnce(t *testing.T) {
	src := `<g id="a"><use href="#b"></use></g><g id="b"><use href="#a"></use><use href="#b"></use></g>`
	if got := body(t, src); got != src {
		t.Errorf("got %s", got)
	}
}

func FuzzCleanSVG(f *testing.F) {
	f.Add([]byte(drawing(`<style>@import "//x";.a>b{fill:url(#a)}</style><script/><a href="javascript:x"><image href="data:image/png;base64,AAAA"/></a>`)))
	f.Add([]byte(drawing(`<g style="fill:url('#a');mask:u/**/rl(x)" onload="x" xml:space="preserve"><text>&lt;a<!-- --></text></g>`)))
	f.Add([]byte(`<!DOCTYPE svg [<!ENTITY a "http://www.w3.org/2000/svg">]><svg xmlns="&a;"><title><![CDATA[]]]]>></title></svg>`))
	f.Add([]byte(laughs(`<use href="#%d"/>`)))
	f.Fuzz(func(t *testing.T, src []byte) {
		out, err := CleanSVG(src)
		if err != nil {
			if !errors.Is(err, registry.ErrInvalid) && !errors.Is(err, registry.ErrTooLarge) {
				t.Fatalf("error %v", err)
			}
			return
		}
		if err := harm(out); err != nil {
			t.Fatalf("%v in %s", err, out)
		}
		again, err := CleanSVG(out)
		if err != nil || !bytes.Equal(again, out) {
			t.Fatalf("cleaned again, %v:\n%s\n%s", err, out, again)
		}
	})
}

func BenchmarkCleanSVG(b *testing.B) {
	src := []byte(drawing(`<style>.a{fill:red}</style>` + strings.Repeat(`<g class="a" transform="scale(2)"><path style="fill:url(#a)" d="M0 0L1 1 2 2 3 3 4 4z"/></g>`, 200)))
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		if _, err := CleanSVG(src); err != nil {
			b.Fatal(err)
		}
	}
}

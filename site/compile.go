// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"fmt"
	"html/template"
	"sync"
	"text/template/parse"
)

// form is what the pages of one set of templates have in common.
type form struct {
	lang   string
	static bool
}

// formed are the templates of a form by kind of page, made when they are first
// asked for.
type formed func() (map[string]*template.Template, error)

// formTemplates puts into the templates what is the same on all pages of a form:
// texts, addresses, and which way a condition goes. What is left to do for a page
// is what it alone says.
func (s *Site) formTemplates() map[form]formed {
	all := map[form]formed{}
	for _, lang := range languages {
		for _, static := range []bool{false, true} {
			f := form{lang, static}
			all[f] = sync.OnceValues(func() (map[string]*template.Template, error) {
				p := &page{site: s, Lang: lang, Static: static}
				set := map[string]*template.Template{}
				for kind, of := range s.templates {
					t, err := of.Clone()
					if err != nil {
						return nil, err
					}
					for _, part := range t.Templates() {
						if part.Tree != nil {
							p.settle(part.Tree.Root)
						}
					}
					set[kind] = t
				}
				return set, nil
			})
		}
	}
	return all
}

// template is that for a page.
func (s *Site) template(p *page) (*template.Template, error) {
	of, ok := s.forms[form{p.Lang, p.Static}]
	if !ok {
		return nil, fmt.Errorf("no templates in the language %q", p.Lang)
	}
	set, err := of()
	if err != nil {
		return nil, err
	}
	return set[p.Kind], nil
}

// settle replaces the nodes of a list whose result is known.
func (p *page) settle(list *parse.ListNode) {
	if list == nil {
		return
	}
	var settled []parse.Node
	for _, node := range list.Nodes {
		switch n := node.(type) {
		case *parse.ActionNode:
			if text, ok := p.constant(n.Pipe); ok {
				node = &parse.TextNode{NodeType: parse.NodeText, Pos: n.Pos, Text: []byte(template.HTMLEscapeString(text))}
			}
		case *parse.IfNode:
			p.settle(n.List)
			p.settle(n.ElseList)
			if name, args := called(n.Pipe); name == "Static" && len(args) == 0 {
				chosen := n.ElseList
				if p.Static {
					chosen = n.List
				}
				if chosen != nil {
					settled = append(settled, chosen.Nodes...)
				}
				continue
			}
		case *parse.WithNode:
			p.settle(n.List)
			p.settle(n.ElseList)
		case *parse.RangeNode:
			p.settle(n.List)
			p.settle(n.ElseList)
		}
		settled = append(settled, node)
	}
	list.Nodes = settled
}

// constant is the result of a call that is the same on all pages of a form: of a
// method of the page with one text that is written in the template.
func (p *page) constant(pipe *parse.PipeNode) (string, bool) {
	name, args := called(pipe)
	if len(args) != 1 {
		return "", false
	}
	text, ok := args[0].(*parse.StringNode)
	if !ok {
		return "", false
	}
	switch name {
	case "T":
		t, err := p.T(text.Text)
		return t, err == nil
	case "Asset":
		path, err := p.Asset(text.Text)
		return path, err == nil
	case "Href":
		return p.Href(text.Text), true
	}
	return "", false
}

// called is the field or method of the page, .Name or $.Name, that a pipe calls
// and does nothing else; "" where it does.
func called(pipe *parse.PipeNode) (name string, args []parse.Node) {
	if len(pipe.Decl) > 0 || len(pipe.Cmds) != 1 {
		return "", nil
	}
	all := pipe.Cmds[0].Args
	switch n := all[0].(type) {
	case *parse.FieldNode:
		if len(n.Ident) == 1 {
			return n.Ident[0], all[1:]
		}
	case *parse.VariableNode:
		if len(n.Ident) == 2 && n.Ident[0] == "$" {
			return n.Ident[1], all[1:]
		}
	}
	return "", nil
}

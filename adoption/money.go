// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package adoption

import (
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// euro is the currency where a file says none.
const euro = "EUR"

var (
	amountForm   = regexp.MustCompile(`^(0|[1-9][0-9]{0,11})$`)
	currencyForm = regexp.MustCompile(`^[A-Z]{3}$`) // of ISO 4217
)

// money reads a sum: a number, in euros, or a section that names a currency too. It is
// the zero one where either is in doubt.
func (s *section) money(name string) Money {
	v, ok := s.values[name]
	if !ok {
		return Money{}
	}
	if v.node.Kind == yaml.ScalarNode {
		return s.d.sum(v, euro)
	}
	in := s.d.section(v, moneyKeys)
	currency := euro
	if in.says("currency") {
		currency = in.checked("currency", s.d.checkCurrency)
	}
	at, ok := in.values["amount"]
	if !ok {
		return Money{}
	}
	return s.d.sum(at, currency)
}

func (d *decoder) sum(v value, currency string) Money {
	if v.node.Kind != yaml.ScalarNode {
		de, en := kindWords(v.node)
		d.report("AD0201", v, de, en)
		return Money{}
	}
	t := clean(v.node.Value)
	if n := characters(t); n > maxCode {
		d.report("AD0207", v, strconv.Itoa(n), strconv.Itoa(maxCode))
		return Money{}
	}
	if !isPlain(v.node) || !amountForm.MatchString(t) {
		d.report("AD0323", v, t)
		return Money{}
	}
	n, err := strconv.ParseInt(t, 10, 64)
	if err != nil || currency == "" {
		return Money{}
	}
	return Money{Amount: n, Currency: currency}
}

func (d *decoder) checkCurrency(v value, t string) string {
	if currencyForm.MatchString(t) {
		return t
	}
	meant := strings.ToUpper(t)
	if t == "€" || meant == "EURO" {
		meant = euro
	}
	if currencyForm.MatchString(meant) {
		d.report("AD0321", v, t, meant)
		return meant
	}
	d.report("AD0324", v, t)
	return ""
}

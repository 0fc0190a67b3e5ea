package storage

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/vigie-dev/vigie/domain"
)

// lookupSource is one column that names things: what a row of it stands for, and how the column is compared.
type lookupSource struct {
	kind    domain.Kind
	matched domain.LookupMatch
	table   string
	// text is the column that is shown.
	text string
	// owner and row are the columns of the ID.
	owner, row string
}

// lookupNumbers are the columns with numbers that name something; upper() of each is indexed in byte order.
func lookupNumbers() []lookupSource {
	return []lookupSource{
		{domain.KindCustomer, "CUSTOMER_NUMBER", "customers", "number", "customer_id", "customer_id"},
		{domain.KindCustomer, "CUSTOMER_REFERENCE", "customer_references", "value", "customer_id", "customer_id"},
		{domain.KindOrder, "ORDER_NUMBER", "orders", "number", "customer_id", "id"},
		{domain.KindOrder, "PO_NUMBER", "orders", "po_number", "customer_id", "id"},
		{domain.KindQuote, "QUOTE_NUMBER", "quotes", "number", "customer_id", "id"},
		{domain.KindInvoice, "INVOICE_NUMBER", "invoices", "number", "customer_id", "id"},
		{domain.KindCreditNote, "CREDIT_NOTE_NUMBER", "credit_notes", "number", "customer_id", "id"},
		{domain.KindCase, "CASE_NUMBER", "cases", "number", "customer_id", "id"},
		{domain.KindShipment, "SHIPMENT_NUMBER", "shipments", "number", "customer_id", "id"},
		{domain.KindShipment, "TRACKING_NUMBER", "shipments", "tracking_number", "customer_id", "id"},
		{domain.KindShipment, "TRACKING_NUMBER", "packages", "tracking_number", "customer_id", "shipment_id"},
		{domain.KindProduct, "SKU", "products", "sku", "0", "id"},
	}
}

// lookupNames are the columns with names; search_key of each has a trigram index.
func lookupNames() []lookupSource {
	return []lookupSource{
		{domain.KindCustomer, "CUSTOMER_NAME", "customers", "name", "customer_id", "customer_id"},
		{domain.KindContact, "CONTACT_NAME", "contacts", "name", "customer_id", "id"},
		{domain.KindProduct, "PRODUCT_NAME", "products", "name", "0", "id"},
	}
}

// lookupEmails are the columns with e-mail addresses; lower() of each is indexed in byte order.
func lookupEmails() []lookupSource {
	return []lookupSource{
		{domain.KindCustomer, "CUSTOMER_EMAIL", "customers", "email", "customer_id", "customer_id"},
		{domain.KindContact, "CONTACT_EMAIL", "contacts", "email", "customer_id", "id"},
	}
}

// lookupPhones are the columns with telephone numbers; phone_key of each is indexed in byte order.
func lookupPhones() []lookupSource {
	return []lookupSource{
		{domain.KindCustomer, "CUSTOMER_PHONE", "customers", "phone", "customer_id", "customer_id"},
		{domain.KindContact, "CONTACT_PHONE", "contacts", "phone", "customer_id", "id"},
	}
}

// Scores: a whole number is certain, the beginning of one is the surer the more of it is given, a name is never as sure as a number.
const (
	numberBranch = `(SELECT %[1]d AS kind, %[2]s AS owner, x.%[3]s AS id, '%[4]s' AS matched, x.%[5]s AS text,
    CASE WHEN upper(x.%[5]s) = upper($1) THEN 1.0 ELSE 0.5 + 0.4 * length($1) / length(x.%[5]s) END AS score
FROM %[6]s x
WHERE %[7]s AND upper(x.%[5]s) COLLATE "C" >= upper($1) AND upper(x.%[5]s) COLLATE "C" < upper($1) || chr(1114111)
ORDER BY upper(x.%[5]s) COLLATE "C" LIMIT $2)`
	nameBranch = `(SELECT %[1]d, %[2]s, x.%[3]s, '%[4]s', x.%[5]s,
    CASE WHEN fold(x.%[5]s) = fold($1) THEN 0.98
         ELSE 0.6 * word_similarity(fold($1), x.search_key) + 0.3 * similarity(fold($1), x.search_key) END AS score
FROM %[6]s x WHERE %[7]s AND fold($1) <%% x.search_key
ORDER BY score DESC, x.%[3]s LIMIT $2)`
	emailBranch = `(SELECT %[1]d, %[2]s, x.%[3]s, '%[4]s', x.%[5]s,
    CASE WHEN lower(x.%[5]s) = lower($1) THEN 1.0 ELSE 0.5 + 0.4 * length($1) / length(x.%[5]s) END
FROM %[6]s x
WHERE %[7]s AND lower(x.%[5]s) COLLATE "C" >= lower($1) AND lower(x.%[5]s) COLLATE "C" < lower($1) || chr(1114111)
ORDER BY lower(x.%[5]s) COLLATE "C" LIMIT $2)`
	// A number is compared from its end, so that it does not matter whether the country is dialled or not.
	phoneBranch = `(SELECT %[1]d, %[2]s, x.%[3]s, '%[4]s', x.%[5]s,
    CASE WHEN x.phone_key = reverse($3) THEN 1.0 ELSE 0.9 END
FROM %[6]s x
WHERE %[7]s AND x.phone_key COLLATE "C" >= reverse(right($3, 8)) AND x.phone_key COLLATE "C" < reverse(right($3, 8)) || chr(1114111)
ORDER BY x.phone_key COLLATE "C" LIMIT $2)`
)

// Lookup finds what a reference may mean, the surest first: at most limit hits, and one for each thing found.
func (s *Store) Lookup(ctx context.Context, reference string, limit int) ([]*domain.LookupHit, error) {
	phone := phoneDigits(reference)
	b := builder{args: []any{reference, limit}}
	if phone != "" {
		b.arg(phone) // $3
	}
	scope := s.scope(&b, "x")
	branches := lookupBranches(reference, phone, scope, s.external())
	text := `-- name: lookup
SELECT kind, owner, id, matched, text, score FROM (
    SELECT DISTINCT ON (kind, owner, id) kind, owner, id, matched, text, score::float8 AS score FROM (
` + strings.Join(branches, "\nUNION ALL\n") + `
    ) found ORDER BY kind, owner, id, score DESC, matched) hits
ORDER BY score DESC, kind, text, owner, id LIMIT $2`
	var hits []*domain.LookupHit
	err := s.each(ctx, func(rows *sql.Rows) error {
		var hit domain.LookupHit
		err := rows.Scan(&hit.Ref.Kind, &hit.Ref.Customer, &hit.Ref.Row, &hit.Matched, &hit.Text, &hit.Score)
		hits = append(hits, &hit)
		return err
	}, text, b.args...)
	return hits, err
}

// lookupBranches writes one SELECT for each column that a reference may stand in.
func lookupBranches(reference, phone, scope string, external bool) []string {
	var branches []string
	for _, source := range lookupNumbers() {
		branches = append(branches, source.branch(numberBranch, scope, external))
	}
	if phone != "" {
		for _, source := range lookupPhones() {
			branches = append(branches, source.branch(phoneBranch, scope, external))
		}
	}
	switch {
	case strings.Contains(reference, "@"):
		for _, source := range lookupEmails() {
			branches = append(branches, source.branch(emailBranch, scope, external))
		}
	case !isNumber(reference):
		for _, source := range lookupNames() {
			branches = append(branches, source.branch(nameBranch, scope, external))
		}
	}
	return branches
}

func (l lookupSource) branch(shape, scope string, external bool) string {
	owner := "x." + l.owner
	if l.owner == "0" {
		owner, scope = l.owner, everything
	}
	if l.kind == domain.KindQuote && external {
		scope = and("x.status <> 'DRAFT'", scope)
	}
	return fmt.Sprintf(shape, l.kind, owner, l.row, l.matched, l.text, l.table, scope)
}

// isNumber tells whether a reference is a number and no name: digits in every word, and more than a name has. Names that are near a number are
// many and mean nothing.
func isNumber(reference string) bool {
	digits := 0
	for _, word := range strings.Fields(reference) {
		in := len(word) - len(strings.Map(withoutDigits, word))
		if in == 0 {
			return false
		}
		digits += in
	}
	return digits >= 4
}

func withoutDigits(r rune) rune {
	if '0' <= r && r <= '9' {
		return -1
	}
	return r
}

// phoneDigits are the digits of something that may be a telephone number, or nothing: at least six, and nothing but what people write between them.
func phoneDigits(reference string) string {
	var digits strings.Builder
	for _, r := range reference {
		switch {
		case '0' <= r && r <= '9':
			digits.WriteRune(r)
		case !strings.ContainsRune("+()-/. ", r):
			return ""
		}
	}
	if digits.Len() < 6 {
		return ""
	}
	return digits.String()
}

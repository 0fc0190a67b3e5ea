package epcis

import (
	"strings"
	"unicode/utf8"

	"github.com/vigie-dev/vigie/tracking"
)

// objects are the numbers of what an event is about: of an aggregation its parent, since what is inside travels with it; else the objects,
// each once; else the despatch advice or bill of lading.
func objects(w *wire, kind string) []string {
	var numbers []string
	seen := map[string]bool{}
	add := func(id tracking.Text) {
		number := number(string(id))
		if number != "" && !seen[number] {
			seen[number] = true
			numbers = append(numbers, number)
		}
	}
	add(w.Parent)
	if len(numbers) == 0 || kind != "AggregationEvent" {
		for _, id := range w.EPCs {
			add(id)
		}
		for _, id := range w.Children {
			add(id)
		}
	}
	for _, document := range w.Documents {
		kind := bare(string(document.Type))
		if len(seen) == 0 && (kind == "desadv" || kind == "bol") {
			add(document.ID)
		}
	}
	return numbers
}

// longestNumber bounds what is kept as a number, in bytes.
const longestNumber = 300

// number is how an object is called elsewhere: 18 digits of a serial shipping container code (SSCC), 17 of a shipment (GSIN), the text of a
// consignment (GINC). Others keep their URI.
func number(id string) string {
	id = tracking.Plain(id)
	if len(id) > longestNumber || !utf8.ValidString(id) {
		return ""
	}
	key, value := scheme(id)
	switch key {
	case "sscc", "00":
		if digits := serial(value, 17, 1); key == "sscc" && digits != "" {
			return digits
		}
		if len(value) == 18 && numeric(value) {
			return value
		}
	case "gsin", "402":
		if digits := serial(value, 16, 0); key == "gsin" && digits != "" {
			return digits
		}
		if len(value) == 17 && numeric(value) {
			return value
		}
	case "ginc", "401":
		if text := strings.Replace(value, ".", "", 1); text != "" {
			return text
		}
	}
	return id
}

// scheme parts an identifier: an EPC URI (urn:epc:id:sscc:...) or a GS1 Digital Link, of which the key is the application identifier
// (https://example.com/00/...).
func scheme(id string) (string, string) {
	rest, found := strings.CutPrefix(id, "urn:epc:id:")
	if found {
		key, value, _ := strings.Cut(rest, ":")
		return key, value
	}
	if !strings.HasPrefix(id, "https://") && !strings.HasPrefix(id, "http://") {
		return "", ""
	}
	id, _, _ = strings.Cut(id, "?")
	parts := strings.Split(strings.TrimSuffix(id, "/"), "/")
	for i := 3; i+1 < len(parts); i++ {
		switch parts[i] {
		case "00", "401", "402", "414":
			return parts[i], parts[i+1]
		}
	}
	return "", ""
}

// serial puts company prefix and reference (prefix.reference) together, with the first digits of the reference in front where it begins
// with an extension digit, and the check digit behind: GS1 EPC Tag Data Standard, 7. It is "" where that does not make a number of so many
// digits and one.
func serial(value string, length, extension int) string {
	prefix, reference, found := strings.Cut(value, ".")
	if !found || len(reference) < extension {
		return ""
	}
	digits := reference[:extension] + prefix + reference[extension:]
	if len(digits) != length || !numeric(digits) {
		return ""
	}
	return digits + check(digits)
}

// check is the check digit of GS1 for the digits before it: weights 3 and 1 from the right, completed to a multiple of ten.
func check(digits string) string {
	sum := 0
	for i := range len(digits) {
		weight := 1
		if (len(digits)-i)%2 == 1 {
			weight = 3
		}
		sum += int(digits[i]-'0') * weight
	}
	return string(rune('0' + (10-sum%10)%10))
}

func numeric(text string) bool {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return text != ""
}

// gln is the global location number of a place, 13 digits, "" where its id has none. Extensions, which tell doors apart, are left out.
func gln(id string) string {
	key, value := scheme(strings.TrimSpace(id))
	switch key {
	case "sgln":
		parts := strings.SplitN(value, ".", 3)
		if len(parts) < 2 {
			return ""
		}
		return serial(parts[0]+"."+parts[1], 12, 0)
	case "414":
		if len(value) == 13 && numeric(value) {
			return value
		}
	}
	return ""
}

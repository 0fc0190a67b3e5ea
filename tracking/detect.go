package tracking

// Candidate is a carrier that a number may belong to.
type Candidate struct {
	Carrier string // its code, or "" for a form that many carriers use
	Form    string // such as "UPS 1Z"
	// Checked tells that a check digit was there and right. Without one, only length and letters speak for the carrier.
	Checked bool
}

// Detect lists the carriers whose numbers look like number, the surest first. A number whose check digit is wrong is none of theirs.
func Detect(number string) []Candidate {
	number = Canonical(number)
	var sure, unsure []Candidate
	for _, form := range forms {
		if !form.shape.MatchString(number) {
			continue
		}
		switch {
		case form.check == nil:
			unsure = append(unsure, Candidate{Carrier: form.carrier, Form: form.name})
		case form.check(number):
			sure = append(sure, Candidate{Carrier: form.carrier, Form: form.name, Checked: true})
		}
	}
	return append(sure, unsure...)
}

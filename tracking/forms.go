package tracking

import "regexp"

// form is one way in which carriers write numbers.
type form struct {
	carrier, name string
	shape         *regexp.Regexp
	check         func(number string) bool // nil where there is no check digit
}

// Sources: UPS, FedEx and USPS from their guides to labels (UPS Guide to Labeling; FedEx Ground Label Layout Specification; USPS Publication
// 199, IMpb Implementation Guide); DHL Express and the identcode of Deutsche Post from their guides to barcodes; S10 from the Universal Postal
// Union's standard of that name; SSCC from the GS1 General Specifications, 7.9; containers from ISO 6346. The forms of Colissimo's own
// parcels are known from labels: their check digit is not published.
var forms = []form{
	{"ups", "UPS 1Z", regexp.MustCompile(`^1Z[0-9A-Z]{15}[0-9]$`), checkUPS},
	{"fedex", "FedEx Express, 12 digits", regexp.MustCompile(`^[0-9]{12}$`), checkFedEx12},
	{"fedex", "FedEx Ground, 15 digits", regexp.MustCompile(`^[0-9]{15}$`), checkMod10},
	{"fedex", "FedEx Ground 96, 22 digits", regexp.MustCompile(`^96[0-9]{20}$`), func(n string) bool { return checkMod10(n[7:]) }},
	{"fedex", "FedEx Ground Economy, 20 digits", regexp.MustCompile(`^[0-9]{20}$`), func(n string) bool { return checkMod10("92" + n) }},
	{"fedex", "FedEx Ground Economy, 22 digits", regexp.MustCompile(`^92612[0-9]{17}$`), checkMod10},
	{"dhl", "DHL Express, 10 digits", regexp.MustCompile(`^[0-9]{10}$`), checkMod7},
	{"dhl", "DHL Paket, 20 digits", regexp.MustCompile(`^00340[0-9]{15}$`), checkMod10},
	{"dhl", "Deutsche Post identcode, 12 digits", regexp.MustCompile(`^[0-9]{12}$`), checkIdentcode},
	{"dhl", "DHL piece", regexp.MustCompile(`^J?JD[0-9]{16,20}$`), nil},
	{"dhl", "S10, Germany", regexp.MustCompile(`^[A-Z]{2}[0-9]{9}DE$`), checkS10},
	{"laposte", "S10, France", regexp.MustCompile(`^[A-Z]{2}[0-9]{9}FR$`), checkS10},
	{"laposte", "Colissimo, 13 characters", regexp.MustCompile(`^[5-9][A-Z][0-9]{11}$`), nil},
	{"usps", "S10, United States", regexp.MustCompile(`^[A-Z]{2}[0-9]{9}US$`), checkS10},
	{"usps", "USPS IMpb, 20 to 26 digits", regexp.MustCompile(`^(420[0-9]{5}([0-9]{4})?)?9[1-5][0-9]{18}([0-9]{2}|[0-9]{4})?([0-9]{2})?$`), checkIMpb},
	{"", "S10", regexp.MustCompile(`^[A-Z]{2}[0-9]{9}[A-Z]{2}$`), checkS10},
	{"", "SSCC", regexp.MustCompile(`^(00)?[0-9]{18}$`), checkMod10},
	{"", "container, ISO 6346", regexp.MustCompile(`^[A-Z]{3}[UJZ][0-9]{7}$`), checkContainer},
}

// checkUPS doubles every second of the 15 characters behind 1Z, letters standing for digits from A = 2 on and over 9 from 0 again, and
// completes the sum to a multiple of ten.
func checkUPS(number string) bool {
	sum := 0
	for i, c := range []byte(number[2:17]) {
		value := int(c - '0')
		if c >= 'A' {
			value = int(c-'A'+2) % 10
		}
		sum += value * (1 + i%2)
	}
	return digit(number, 17) == (10-sum%10)%10
}

// checkFedEx12 weighs eleven digits by 3, 1, 7 from the left, modulo 11 and then 10.
func checkFedEx12(number string) bool {
	weights := [3]int{3, 1, 7}
	sum := 0
	for i := range 11 {
		sum += digit(number, i) * weights[i%3]
	}
	return digit(number, 11) == sum%11%10
}

// checkMod10 is the check digit of GS1: weights 3 and 1 from the right, completed to a multiple of ten. Zeros in front change nothing.
func checkMod10(number string) bool {
	sum := 0
	for i := range len(number) - 1 {
		weight := 3
		if (len(number)-1-i)%2 == 0 {
			weight = 1
		}
		sum += digit(number, i) * weight
	}
	return digit(number, len(number)-1) == (10-sum%10)%10
}

// checkMod7 is the first nine digits modulo seven.
func checkMod7(number string) bool {
	value := 0
	for i := range 9 {
		value = (value*10 + digit(number, i)) % 7
	}
	return digit(number, 9) == value
}

// checkIdentcode weighs eleven digits by 4 and 9 from the left and completes the sum to a multiple of ten.
func checkIdentcode(number string) bool {
	sum := 0
	for i := range 11 {
		weight := 4
		if i%2 == 1 {
			weight = 9
		}
		sum += digit(number, i) * weight
	}
	return digit(number, 11) == (10-sum%10)%10
}

// checkS10 weighs eight digits and takes eleven less the sum modulo eleven, with 0 for 10 and 5 for 11.
func checkS10(number string) bool {
	weights := [8]int{8, 6, 4, 2, 3, 5, 9, 7}
	sum := 0
	for i, weight := range weights {
		sum += digit(number, 2+i) * weight
	}
	check := 11 - sum%11
	switch check {
	case 10:
		check = 0
	case 11:
		check = 5
	}
	return digit(number, 10) == check
}

// checkIMpb leaves out the postal code that may stand in front, of five or nine digits.
func checkIMpb(number string) bool {
	if number[0] == '9' {
		return checkMod10(number)
	}
	short := number[len("42012345"):]
	if short[0] == '9' && len(short) <= 26 && checkMod10(short) {
		return true
	}
	long := number[len("420123456789"):]
	return len(long) >= 20 && long[0] == '9' && checkMod10(long)
}

// checkContainer weighs the first ten characters by powers of two, letters standing for 10 to 38 without the multiples of eleven.
func checkContainer(number string) bool {
	sum := 0
	for i := range 10 {
		value := digit(number, i)
		if c := number[i]; c >= 'A' {
			value = int(c-'A') + 10
			// 11, 22 and 33 are left out.
			value += (value - 1) / 10
		}
		sum += value << i
	}
	return digit(number, 10) == sum%11%10
}

func digit(number string, at int) int { return int(number[at]) - '0' }

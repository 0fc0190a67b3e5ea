package tracking_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/vigie-dev/vigie/tracking"
)

// Numbers that carriers, standards and manuals print as examples, with the forms that they have.
func TestDetect(t *testing.T) {
	for number, want := range map[string][]string{
		"1Z999AA10123456784":                      {"ups UPS 1Z"},
		"1z 879e93 03 4683 4440":                  {"ups UPS 1Z"},
		"1Z5R89390357567127":                      {"ups UPS 1Z"},
		"986578788855":                            {"fedex FedEx Express, 12 digits"},
		"477179081230":                            {"fedex FedEx Express, 12 digits"},
		"0414 4176 0228 964":                      {"fedex FedEx Ground, 15 digits"},
		"568283610012734":                         {"fedex FedEx Ground, 15 digits"},
		"9611020987654312345672":                  {"fedex FedEx Ground 96, 22 digits"},
		"61299998820821171811":                    {"fedex FedEx Ground Economy, 20 digits"},
		"9261292700768711948021":                  {"fedex FedEx Ground Economy, 22 digits", "usps USPS IMpb, 20 to 26 digits"},
		"3318810025":                              {"dhl DHL Express, 10 digits"},
		"7777777770":                              {"dhl DHL Express, 10 digits"},
		"00340434161094022115":                    {"dhl DHL Paket, 20 digits", " SSCC"},
		"563102430313":                            {"dhl Deutsche Post identcode, 12 digits"},
		"JJD000390007123456789":                   {"dhl? DHL piece"},
		"JD014600006281230704":                    {"dhl? DHL piece"},
		"RR123456785DE":                           {"dhl S10, Germany", " S10"},
		"RB123456785FR":                           {"laposte S10, France", " S10"},
		"6A12345678901":                           {"laposte? Colissimo, 13 characters"},
		"EA123456785US":                           {"usps S10, United States", " S10"},
		"RB123456785GB":                           {" S10"},
		"9405511108078863434863":                  {"usps USPS IMpb, 20 to 26 digits"},
		"420123459405511108078863434863":          {"usps USPS IMpb, 20 to 26 digits"},
		"420123456789" + "9405511108078863434863": {"usps USPS IMpb, 20 to 26 digits"},
		"(00) 0 0614141 123456789 0":              nil, // brackets belong to the print
		"106141411234567897":                      {" SSCC"},
		"00106141411234567897":                    {" SSCC"},
		"CSQU3054383":                             {" container, ISO 6346"},
		"MSKU 907032-3":                           {" container, ISO 6346"},
		"":                                        nil,
		"hello":                                   nil,
		"1Z999AA10123456785":                      nil,
		"CSQU3054384":                             nil,
		"7777777771":                              nil,
		"RB123456784GB":                           nil,
		"420" + "12345":                           nil,
		"１２３４５６７８９０":                              nil, // digits, but not of ASCII
	} {
		var got []string
		for _, candidate := range tracking.Detect(number) {
			mark := ""
			if !candidate.Checked {
				mark = "?"
			}
			got = append(got, candidate.Carrier+mark+" "+candidate.Form)
		}
		assert.Equal(t, want, got, "%q", number)
	}
}

// A digit that is read wrong must not make a number of the same form, where the form's check digit promises that.
func TestDetectNoticesAWrongDigit(t *testing.T) {
	numbers := []string{"1Z999AA10123456784", "568283610012734", "3318810025", "00340434161094022115", "CSQU3054383", "9405511108078863434863"}
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.SampledFrom(numbers).Draw(t, "number")
		form := tracking.Detect(number)[0].Form
		at := rapid.IntRange(2, len(number)-1).Draw(t, "at")
		to := rapid.ByteRange('0', '9').Draw(t, "to")
		if number[at] < '0' || number[at] > '9' || number[at] == to {
			return
		}
		if strings.HasPrefix(form, "DHL Express") && (int(number[at])-int(to))%7 == 0 {
			return // modulo seven does not see these
		}
		if strings.HasPrefix(form, "UPS") && at%2 == 1 && (int(number[at])-int(to))%5 == 0 {
			return // doubled, modulo ten does not see these
		}
		if strings.HasPrefix(form, "container") && at < 10 {
			return // the remainders 0 and 10 share a check digit
		}
		wrong := number[:at] + string(rune(to)) + number[at+1:]
		for _, candidate := range tracking.Detect(wrong) {
			require.NotEqual(t, form, candidate.Form, wrong)
		}
	})
}

func FuzzDetect(f *testing.F) {
	f.Add("1Z999AA10123456784")
	f.Add("420123459405511108078863434863")
	f.Add("4209405511108078863434863")
	f.Fuzz(func(t *testing.T, number string) {
		for _, candidate := range tracking.Detect(number) {
			if candidate.Form == "" {
				t.Fatal("a candidate without a form")
			}
		}
	})
}

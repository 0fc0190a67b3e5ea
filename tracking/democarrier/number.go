package democarrier

import (
	"fmt"
	"strings"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
)

// Number makes the serial-th number of a carrier (from 0 to 99,999,999): different for each, with the right check digit.
func Number(carrier string, serial int) (string, error) {
	shape := map[string]string{DHL: "00340434111%08d?", UPS: "1Z9VE68%010d?", FedEx: "794%08d?", LaPoste: "CV%08d?FR"}[carrier]
	if shape == "" || serial < 0 || serial > 99_999_999 {
		return "", domain.BadInput("no such carrier, or no such serial number")
	}
	open := fmt.Sprintf(shape, serial)
	for digit := range 10 {
		number := strings.Replace(open, "?", fmt.Sprint(digit), 1)
		for _, candidate := range tracking.Detect(number) {
			if candidate.Carrier == carrier && candidate.Checked {
				return number, nil
			}
		}
	}
	return "", fmt.Errorf("no check digit fits a number of %s", carrier)
}

package tracking

import (
	"strings"

	"github.com/govalues/decimal"

	"github.com/vigie-dev/vigie/domain"
)

// Kilograms is a weight in a carrier's unit in kilograms to the gram, or nil where number or unit are not known or it is not positive.
// Units: kg, KGM, KGS, K; g, GRM; lb, lbs, LBR, L, POUND; oz, ONZ; without case.
func Kilograms(number, unit string) *domain.Decimal {
	value, err := decimal.Parse(strings.TrimSpace(number))
	if err != nil || !value.IsPos() {
		return nil
	}
	factor := ""
	switch strings.ToUpper(strings.TrimSpace(unit)) {
	case "KG", "KGM", "KGS", "K", "KILOGRAM", "KILOGRAMS":
		factor = "1"
	case "G", "GRM", "GRAM", "GRAMS":
		factor = "0.001"
	case "LB", "LBS", "LBR", "L", "POUND", "POUNDS":
		factor = "0.45359237" // the international pound, exactly
	case "OZ", "OZS", "ONZ", "OUNCE", "OUNCES":
		factor = "0.028349523125"
	default:
		return nil
	}
	kilograms, err := value.Mul(decimal.MustParse(factor))
	if err != nil {
		return nil
	}
	kilograms = kilograms.Round(3).Trim(0)
	return &kilograms
}

package demo

import "fmt"

// carrier is one of the carriers that fetch parcels; its id in the database is one higher.
type carrier int

const (
	dhl carrier = iota
	ups
	fedex
	laposte
	carrierCount
)

func (c carrier) code() string { return [carrierCount]string{"dhl", "ups", "fedex", "laposte"}[c] }

func (c carrier) name() string { return [carrierCount]string{"DHL", "UPS", "FedEx", "La Poste"}[c] }

func (c carrier) id() int64 { return int64(c) + 1 }

func parseCarrier(code string) (carrier, error) {
	for c := range carrierCount {
		if c.code() == code {
			return c, nil
		}
	}
	return 0, fmt.Errorf("unknown carrier %q", code)
}

func (c carrier) trackingURL() string {
	return [carrierCount]string{
		"https://www.dhl.com/global-en/home/tracking.html?tracking-id={number}",
		"https://www.ups.com/track?tracknum={number}",
		"https://www.fedex.com/fedextrack/?trknbr={number}",
		"https://www.laposte.fr/outils/suivre-vos-envois?code={number}",
	}[c]
}

// service is what was booked, the faster one for express orders.
func (c carrier) service(express bool) string {
	i := 0
	if express {
		i = 1
	}
	return [carrierCount][2]string{
		{"DHL Paket", "DHL Express"}, {"UPS Standard", "UPS Express Saver"},
		{"FedEx International Economy", "FedEx International Priority"}, {"Colissimo", "Chronopost"},
	}[c][i]
}

// trackingNumber makes the number of the serial-th parcel: of the carrier's shape, with the check digit that its own
// software would accept, and different for each of the first hundred million.
func (c carrier) trackingNumber(r *random, serial int64) string {
	scrambled := fmt.Sprintf("%08d", (serial*61_803_399+27_182_818)%100_000_000)
	switch c {
	case ups:
		// Shipper, service, serial number.
		body := []byte("1Z" + r.pattern("#@##@") + scrambled[:1] + "68" + scrambled[1:])
		return string(append(body, upsCheckDigit(body[2:])))
	case fedex:
		body := []byte(r.pattern("^##") + scrambled)
		return string(append(body, fedexCheckDigit(body)))
	case laposte:
		body := []byte(scrambled)
		return "C" + string("ABCDEFGHJKLMNPQRSTUVWXYZ"[r.IntN(24)]) + string(append(body, s10CheckDigit(body))) + "FR"
	default:
		body := []byte("00340434" + r.pattern("###") + scrambled)
		return string(append(body, gs1CheckDigit(body)))
	}
}

// upsCheckDigit doubles every second character, letters counting as digits, and completes the sum to a multiple of 10.
func upsCheckDigit(body []byte) byte {
	sum := 0
	for i, c := range body {
		v := int(c - '0')
		if c >= 'A' {
			v = (int(c) - 63) % 10
		}
		sum += v * (1 + i%2)
	}
	return byte('0' + (10-sum%10)%10)
}

// fedexCheckDigit weighs eleven digits by 3, 1, 7 and takes the sum modulo 11, then 10.
func fedexCheckDigit(body []byte) byte {
	weights := [3]int{3, 1, 7}
	sum := 0
	for i, c := range body {
		sum += int(c-'0') * weights[i%3]
	}
	return byte('0' + sum%11%10)
}

// s10CheckDigit is that of the postal union's standard S10.
func s10CheckDigit(body []byte) byte {
	weights := [8]int{8, 6, 4, 2, 3, 5, 9, 7}
	sum := 0
	for i, c := range body {
		sum += int(c-'0') * weights[i]
	}
	switch d := 11 - sum%11; d {
	case 10:
		return '0'
	case 11:
		return '5'
	default:
		return byte('0' + d)
	}
}

// gs1CheckDigit weighs digits by 3 and 1 from the right and completes the sum to a multiple of 10.
func gs1CheckDigit(body []byte) byte {
	sum := 0
	for i, c := range body {
		weight := 1
		if (len(body)-i)%2 == 1 {
			weight = 3
		}
		sum += int(c-'0') * weight
	}
	return byte('0' + (10-sum%10)%10)
}

package democarrier

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/vigie-dev/vigie/domain"
)

func madeUp(t *rapid.T) *parcel {
	places := []Place{
		{City: "Bordeaux", PostalCode: "33000", Country: "FR", Zone: "Europe/Paris"},
		{City: "New York", PostalCode: "10001", Country: "US", Zone: "America/New_York"},
		{City: "Tokyo", PostalCode: "100-0001", Country: "JP", Zone: "Asia/Tokyo"}, {City: "Pago Pago", Country: "AS", Zone: "Pacific/Pago_Pago"},
	}
	carrier := rapid.SampledFrom(Carriers()).Draw(t, "carrier")
	number, err := Number(carrier, rapid.IntRange(0, 99_999_999).Draw(t, "serial"))
	require.NoError(t, err)
	shipped := time.Unix(rapid.Int64Range(1_760_000_000, 1_790_000_000).Draw(t, "shipped"), 0)
	p := Parcel{
		Carrier: carrier, Number: number, ShippedAt: shipped, PromisedOn: domain.DateOf(shipped).AddDays(rapid.IntRange(-1, 9).Draw(t, "days")),
		From: rapid.SampledFrom(append(places, Place{})).Draw(t, "from"), To: rapid.SampledFrom(places).Draw(t, "to"),
		Fate: rapid.SampledFrom(Fates()).Draw(t, "fate"),
	}
	checked, err := check(p)
	if p.Fate == CustomsHold && p.From.Country == p.To.Country || p.From == (Place{}) && err != nil {
		require.Equal(t, domain.CodeBadInput, domain.ErrorCode(err))
		p.Fate = OnTime
		checked, err = check(p)
	}
	require.NoError(t, err)
	return checked
}

// Whatever the parcel, its journey goes forwards and ends as its fate says, and what is announced last is what happens.
func TestJourneys(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := madeUp(t)
		seed := rapid.Uint64().Draw(t, "seed")
		j := plan(seed, p)
		require.Equal(t, j, plan(seed, p), "the same seed gives the same journey")
		require.Equal(t, stepLabel, j.scans[0].step)
		for i := 1; i < len(j.scans); i++ {
			require.True(t, j.scans[i].at.After(j.scans[i-1].at), "%v", j.scans)
		}
		for i := 1; i < len(j.statements); i++ {
			require.False(t, j.statements[i].since.Before(j.statements[i-1].since))
		}
		ends(t, p, j)
	})
}

func ends(t *rapid.T, p *parcel, j journey) {
	last := j.scans[len(j.scans)-1]
	promised := later(p.PromisedOn, domain.DateOf(p.ShippedAt.In(p.to)).AddDays(1))
	came := domain.DateOf(last.at)
	switch p.Fate {
	case Lost:
		require.Equal(t, stepLost, last.step)
		require.Greater(t, last.at.Sub(j.scans[len(j.scans)-2].at), 3*24*time.Hour, "no news for days")
		return
	case Returned:
		require.Equal(t, stepReturned, last.step)
		return
	}
	require.Equal(t, stepDelivered, last.step)
	switch p.Fate {
	case OnTime:
		require.Equal(t, promised, came)
	case Early:
		require.False(t, promised.Before(came))
		require.True(t, came.Before(promised) || promised == domain.DateOf(p.ShippedAt.In(p.to)).AddDays(1))
	case Late, Attempted, CustomsHold, PickupPoint:
		require.True(t, promised.Before(came))
	}
	if p.Fate != PickupPoint {
		announced := j.statements[len(j.statements)-2].window
		require.True(t, announced.hours)
		require.False(t, last.at.Before(announced.from) || last.at.After(announced.to), "%v %v", last.at, announced)
	}
}

func TestNumbers(t *testing.T) {
	for _, carrier := range Carriers() {
		seen := map[string]bool{}
		for _, serial := range []int{0, 1, 2, 9, 10, 12_345, 99_999_999} {
			number, err := Number(carrier, serial)
			require.NoError(t, err)
			require.True(t, belongs(carrier, number), number)
			require.False(t, seen[number])
			seen[number] = true
		}
	}
	for _, wrong := range []int{-1, 100_000_000} {
		_, err := Number(DHL, wrong)
		require.Equal(t, domain.CodeBadInput, domain.ErrorCode(err))
	}
	_, err := Number("post", 1)
	require.Error(t, err)
}

func TestParcelsAreChecked(t *testing.T) {
	good := parcelOf(t, UPS, 1, OnTime, newYork)
	for name, spoil := range map[string]func(*Parcel){
		"check digit": func(p *Parcel) { p.Number = p.Number[:17] + string('0'+(p.Number[17]-'0'+1)%10) },
		"carrier":     func(p *Parcel) { p.Carrier = DHL },
		"no carrier":  func(p *Parcel) { p.Carrier = "post" }, "fate": func(p *Parcel) { p.Fate = "BURNT" },
		"shipped": func(p *Parcel) { p.ShippedAt = time.Time{} },
		"promise": func(p *Parcel) { p.PromisedOn = domain.Date{} },
		"zone":    func(p *Parcel) { p.To.Zone = "Mars/Olympus" }, "no zone": func(p *Parcel) { p.To.Zone = "" },
		"country": func(p *Parcel) { p.To.Country = "USA" }, "no border": func(p *Parcel) { p.To, p.Fate = homeOf(UPS), CustomsHold },
	} {
		bad := good
		spoil(&bad)
		fleet, err := New(Options{Parcels: []Parcel{good, bad}})
		require.Nil(t, fleet, name)
		require.Equal(t, domain.CodeBadInput, domain.ErrorCode(err), name)
		require.NotContains(t, err.Error(), bad.Number)
	}
	fleet, err := New(Options{Parcels: []Parcel{good, good}})
	require.NoError(t, err)
	require.Len(t, fleet.numbers, 1)
}

func TestDrawFate(t *testing.T) {
	drawn := map[Fate]int{}
	for serial := range 10_000 {
		number, err := Number(UPS, serial)
		require.NoError(t, err)
		fate := DrawFate(1, number, true)
		require.Equal(t, fate, DrawFate(1, number, true))
		drawn[fate]++
		require.NotEqual(t, CustomsHold, DrawFate(1, number, false))
	}
	require.Len(t, drawn, len(Fates()))
	for _, chance := range odds {
		require.InDelta(t, chance.of*10, drawn[chance.fate], 200, "%s", chance.fate)
	}
	require.Greater(t, drawn[OnTime], 5500)
}

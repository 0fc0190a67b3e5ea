package democarrier

import (
	"hash/fnv"
	"math/rand/v2"
)

// odds is how many parcels of a thousand meet a fate. What is left of the thousand is on time.
var odds = []struct {
	fate Fate
	of   int
}{
	{Early, 120}, {Late, 110}, {Attempted, 70}, {PickupPoint, 40}, {CustomsHold, 30}, {Returned, 15}, {Lost, 8},
}

// DrawFate gives a number the fate that the seed has for it, the same each time. Parcels that stay within a border are not held in customs.
func DrawFate(seed uint64, number string, abroad bool) Fate {
	h := fnv.New64a()
	h.Write([]byte("fate/" + number))
	drawn := rand.New(rand.NewPCG(seed, h.Sum64())).IntN(1000)
	for _, chance := range odds {
		drawn -= chance.of
		if drawn < 0 && (abroad || chance.fate != CustomsHold) {
			return chance.fate
		}
		if drawn < 0 {
			break
		}
	}
	return OnTime
}

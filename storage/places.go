package storage

import (
	"slices"

	"github.com/vigie-dev/vigie/domain"
)

// places gives each of some ids a number, in the order in which they come. Its zero value is ready to use.
type places struct {
	ids []domain.ID
	// numbers finds an id's number once there are many; a few are found faster one by one.
	numbers map[domain.ID]int
}

// fewPlaces is how many ids are looked through one by one.
const fewPlaces = 32

// find is the number of an id, if it has one.
func (p *places) find(id domain.ID) (number int, known bool) {
	if p.numbers != nil {
		number, known = p.numbers[id]
		return number, known
	}
	for i := range p.ids {
		if p.ids[i] == id {
			return i, true
		}
	}
	return 0, false
}

// of is the number of an id; one that has none gets the next.
func (p *places) of(id domain.ID) int {
	number, known := p.find(id)
	if known {
		return number
	}
	number = len(p.ids)
	if number == 1 {
		p.ids = slices.Grow(p.ids, 7) // A second one is seldom the last.
	}
	p.ids = append(p.ids, id)
	switch {
	case p.numbers != nil:
		p.numbers[id] = number
	case len(p.ids) > fewPlaces:
		p.numbers = make(map[domain.ID]int, 2*fewPlaces)
		for i, known := range p.ids {
			p.numbers[known] = i
		}
	}
	return number
}

// unique is ids, each once.
func unique(ids []domain.ID) []domain.ID {
	if len(ids) < 2 {
		return ids
	}
	var p places
	for _, id := range ids {
		p.of(id)
	}
	return p.ids
}

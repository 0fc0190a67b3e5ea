package execute

import (
	"sync"
	"sync/atomic"
)

// judged are the verdicts of each selection's fields that viewers of one standing share, as far as they have been asked for. There are none of a
// selection whose verdicts may depend on variables.
type judged []atomic.Pointer[[]Verdict]

// verdicts are what a plan knows of viewers by their standing.
type verdicts struct {
	mu sync.Mutex
	of map[string]judged
}

// keptStandings bounds the standings of which a plan keeps verdicts: there are as many as roles, and as sets of grants.
const keptStandings = 16

// judgedFor is the verdicts for viewers of a standing.
func (p *plan) judgedFor(standing string) judged {
	p.verdicts.mu.Lock()
	defer p.verdicts.mu.Unlock()
	known, ok := p.verdicts.of[standing]
	if ok {
		return known
	}
	made := make(judged, p.selections)
	if len(p.verdicts.of) < keptStandings {
		if p.verdicts.of == nil {
			p.verdicts.of = map[string]judged{}
		}
		p.verdicts.of[standing] = made
	}
	return made
}

// verdict is how a field stands for the viewer.
func (r *run) verdict(s *selection, i int) *Verdict {
	verdicts := r.verdicts[s.slot]
	if verdicts == nil {
		verdicts = r.judge(s)
		r.verdicts[s.slot] = verdicts
	}
	return &verdicts[i]
}

// judge is how the fields of a selection stand for the viewer.
func (r *run) judge(s *selection) []Verdict {
	if s.varies {
		return r.policed(s, r.own[s.slot])
	}
	known := r.judged[s.slot].Load()
	if known != nil {
		return *known
	}
	made := r.policed(s, make([]Verdict, len(s.fields)))
	r.judged[s.slot].Store(&made)
	return made
}

// policed fills in what the policy says of the fields of a selection.
func (r *run) policed(s *selection, into []Verdict) []Verdict {
	for i, f := range s.fields {
		if f.typename == nil {
			into[i] = r.policy.Verdict(s.object.Name, f.collected.Field, r.operation.Variables)
		}
	}
	return into
}

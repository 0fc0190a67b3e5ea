package storage

import "runtime"

// AwaitGathered returns when so many requests wait to be read together.
func (p *Pool) AwaitGathered(waiting int) {
	for p.gathered() < waiting {
		runtime.Gosched()
	}
}

func (p *Pool) gathered() int {
	p.gatherer.mu.Lock()
	defer p.gatherer.mu.Unlock()
	waiting := 0
	for _, u := range p.gatherer.under {
		if u.next != nil {
			waiting += len(u.next.ids)
		}
	}
	return waiting
}

// AwaitUnderway returns when so many statements of single rows run.
func (p *Pool) AwaitUnderway(running int) {
	for p.underway() < running {
		runtime.Gosched()
	}
}

func (p *Pool) underway() int {
	p.gatherer.mu.Lock()
	defer p.gatherer.mu.Unlock()
	running := 0
	for _, u := range p.gatherer.under {
		running += u.running
	}
	return running
}

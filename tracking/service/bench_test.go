package service_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/vigie-dev/vigie/tracking"
	"github.com/vigie-dev/vigie/tracking/service"
)

// BenchmarkAsk asks about 100 numbers of four carriers, which take 30 in a call: none of them known, and all of them.
func BenchmarkAsk(b *testing.B) {
	var requests []service.Request
	for c := range 4 {
		requests = append(requests, ask(fmt.Sprint(c), numbers(25)...)...)
	}
	start := func() *service.Service {
		var carriers []tracking.Carrier
		for c := range 4 {
			carriers = append(carriers, &carrier{code: fmt.Sprint(c), limits: tracking.Limits{NumbersPerCall: 30}})
		}
		s, err := service.New(carriers, service.Options{})
		if err != nil {
			b.Fatal(err)
		}
		return s
	}
	end := func(s *service.Service) {
		err := s.Close(context.Background())
		if err != nil {
			b.Fatal(err)
		}
	}
	run := func(s *service.Service) {
		for _, answer := range s.Ask(context.Background(), requests) {
			if answer.Freshness != service.Fresh {
				b.Fatal(answer.Failure)
			}
		}
	}
	b.Run("cold", func(b *testing.B) {
		for b.Loop() {
			s := start()
			run(s)
			end(s)
		}
	})
	b.Run("warm", func(b *testing.B) {
		s := start()
		run(s)
		for b.Loop() {
			run(s)
		}
		end(s)
	})
}

package domain_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
)

func at(day int) *time.Time {
	instant := time.Date(2026, 3, day, 12, 0, 0, 0, time.UTC)
	return &instant
}

func on(day int) *domain.Date { return &domain.Date{Year: 2026, Month: time.March, Day: day} }

// steps are milestones in short: "SHIPPED ACTUAL".
func steps(milestones []domain.OrderMilestone) []string {
	var list []string
	for _, milestone := range milestones {
		list = append(list, string(milestone.Step)+" "+string(milestone.State))
	}
	return list
}

func TestProgress(t *testing.T) {
	under := func(latest *time.Time) *domain.Shipment {
		return &domain.Shipment{Milestone: domain.MilestoneInTransit, EtaLatest: latest}
	}
	settled := &domain.Shipment{Milestone: domain.MilestoneDelivered, EtaLatest: at(30)}
	late, inTime := true, false
	now := *at(10)
	for _, test := range []struct {
		name      string
		order     domain.Order
		shipments []*domain.Shipment
		want      []string
		late      *bool
	}{
		{"not placed yet", domain.Order{Status: domain.OrderDraft}, nil, []string{"PLACED PLANNED", "CONFIRMED PLANNED", "SHIPPED PLANNED", "DELIVERED PLANNED"}, nil},
		{"placed", domain.Order{Status: "PLACED"}, nil, []string{"PLACED ACTUAL", "CONFIRMED PLANNED", "SHIPPED PLANNED", "DELIVERED PLANNED"}, nil},
		{"placed with a promise", domain.Order{Status: "PLACED", PromisedOn: on(10)}, nil, []string{"PLACED ACTUAL", "CONFIRMED PLANNED", "SHIPPED PLANNED", "DELIVERED PLANNED"}, &inTime},
		{"placed with a broken promise", domain.Order{Status: "PLACED", PromisedOn: on(9)}, nil, []string{"PLACED ACTUAL", "CONFIRMED PLANNED", "SHIPPED PLANNED", "DELIVERED PLANNED"}, &late},
		{"confirmed", domain.Order{Status: "CONFIRMED", ConfirmedAt: at(2)}, nil, []string{"PLACED ACTUAL", "CONFIRMED ACTUAL", "SHIPPED PLANNED", "DELIVERED PLANNED"}, nil},
		{"shipped without a confirmation", domain.Order{Status: "SHIPPED", ShippedAt: at(3)}, nil, []string{"PLACED ACTUAL", "SHIPPED ACTUAL", "DELIVERED PLANNED"}, nil},
		{"shipped with an estimate in time", domain.Order{Status: "SHIPPED", ShippedAt: at(3), PromisedOn: on(12)}, []*domain.Shipment{under(at(12)), settled}, []string{"PLACED ACTUAL", "SHIPPED ACTUAL", "DELIVERED ESTIMATED"}, &inTime},
		{"shipped with an estimate too late", domain.Order{Status: "SHIPPED", ShippedAt: at(3), PromisedOn: on(12)}, []*domain.Shipment{under(at(11)), under(at(13))}, []string{"PLACED ACTUAL", "SHIPPED ACTUAL", "DELIVERED ESTIMATED"}, &late},
		{"shipped with an estimate that has gone by", domain.Order{Status: "SHIPPED", ShippedAt: at(3), PromisedOn: on(9)}, []*domain.Shipment{under(at(8))}, []string{"PLACED ACTUAL", "SHIPPED ACTUAL", "DELIVERED ESTIMATED"}, &late},
		{"one shipment without an estimate", domain.Order{Status: "SHIPPED", ShippedAt: at(3)}, []*domain.Shipment{under(at(11)), under(nil)}, []string{"PLACED ACTUAL", "SHIPPED ACTUAL", "DELIVERED PLANNED"}, nil},
		{"delivered in time", domain.Order{Status: "DELIVERED", ConfirmedAt: at(2), ShippedAt: at(3), DeliveredAt: at(5), DeliveredOn: on(5), PromisedOn: on(5)}, nil, []string{"PLACED ACTUAL", "CONFIRMED ACTUAL", "SHIPPED ACTUAL", "DELIVERED ACTUAL"}, &inTime},
		{"delivered late", domain.Order{Status: "DELIVERED", DeliveredAt: at(6), DeliveredOn: on(6), PromisedOn: on(5)}, nil, []string{"PLACED ACTUAL", "DELIVERED ACTUAL"}, &late},
		{"delivered without a promise", domain.Order{Status: "DELIVERED", ShippedAt: at(3), DeliveredAt: at(6), DeliveredOn: on(6)}, nil, []string{"PLACED ACTUAL", "SHIPPED ACTUAL", "DELIVERED ACTUAL"}, nil},
		{"cancelled", domain.Order{Status: domain.OrderCancelled, CancelledAt: at(4), PromisedOn: on(5)}, nil, []string{"PLACED ACTUAL", "CANCELLED ACTUAL"}, nil},
		{"cancelled under way", domain.Order{Status: domain.OrderCancelled, ConfirmedAt: at(2), ShippedAt: at(3)}, []*domain.Shipment{under(at(11))}, []string{"PLACED ACTUAL", "CONFIRMED ACTUAL", "SHIPPED ACTUAL", "CANCELLED ACTUAL"}, nil},
		{"unavailable", domain.Order{Status: domain.OrderUnavailable}, nil, []string{"PLACED ACTUAL", "CANCELLED ACTUAL"}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.order.PlacedAt = *at(1)
			progress := test.order.Progress(test.shipments, now)
			assert.Equal(t, test.want, steps(progress))
			last := progress[len(progress)-1]
			assert.Equal(t, test.late, last.Late)
			if test.order.Status != domain.OrderDraft {
				assert.Equal(t, at(1), progress[0].OccurredAt)
			}
			for _, milestone := range progress {
				if milestone.State == domain.StatePlanned {
					assert.Nil(t, milestone.OccurredAt, "what is planned has no time")
				}
			}
		})
	}
}

func TestDeliveredLate(t *testing.T) {
	for _, test := range []struct {
		promised, delivered *domain.Date
		want                any
	}{
		{on(5), on(5), false}, {on(5), on(6), true}, {on(5), on(4), false}, {nil, on(5), nil}, {on(5), nil, nil},
	} {
		late := (&domain.Order{PromisedOn: test.promised, DeliveredOn: test.delivered}).DeliveredLate()
		if test.want == nil {
			assert.Nil(t, late)
			continue
		}
		require.NotNil(t, late)
		assert.Equal(t, test.want, *late)
	}
}

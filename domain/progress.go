package domain

import "time"

// OrderStep is a step of an order.
type OrderStep string

// The steps of an order, in their sequence.
const (
	StepPlaced    OrderStep = "PLACED"
	StepConfirmed OrderStep = "CONFIRMED"
	StepShipped   OrderStep = "SHIPPED"
	StepDelivered OrderStep = "DELIVERED"
	StepCancelled OrderStep = "CANCELLED"
)

// MilestoneState is how sure a step or an event is.
type MilestoneState string

// The states, from the least sure to the surest.
const (
	StatePlanned   MilestoneState = "PLANNED"
	StateEstimated MilestoneState = "ESTIMATED"
	StateActual    MilestoneState = "ACTUAL"
)

// OrderMilestone is one step of an order.
type OrderMilestone struct {
	Step       OrderStep
	State      MilestoneState
	OccurredAt *time.Time
	ExpectedOn *Date
	Late       *bool
}

// Progress tells the steps of an order from its own dates and its shipments', as of now. A step that has not happened is
// ESTIMATED where a carrier has named a time and PLANNED otherwise; the steps of a cancelled order end with the cancellation.
func (o *Order) Progress(shipments []*Shipment, now time.Time) []OrderMilestone {
	steps := []OrderMilestone{actual(StepPlaced, &o.PlacedAt)}
	if o.Status == OrderDraft {
		steps[0] = OrderMilestone{Step: StepPlaced, State: StatePlanned}
	}
	if o.ConfirmedAt != nil {
		steps = append(steps, actual(StepConfirmed, o.ConfirmedAt))
	}
	if o.Status == OrderCancelled || o.Status == OrderUnavailable {
		if o.ShippedAt != nil {
			steps = append(steps, actual(StepShipped, o.ShippedAt))
		}
		return append(steps, OrderMilestone{Step: StepCancelled, State: StateActual, OccurredAt: o.CancelledAt})
	}
	if o.ConfirmedAt == nil && o.ShippedAt == nil && o.DeliveredAt == nil {
		steps = append(steps, OrderMilestone{Step: StepConfirmed, State: StatePlanned})
	}
	switch {
	case o.ShippedAt != nil:
		steps = append(steps, actual(StepShipped, o.ShippedAt))
	case o.DeliveredAt == nil:
		steps = append(steps, OrderMilestone{Step: StepShipped, State: StatePlanned})
	}
	return append(steps, o.deliveryStep(shipments, now))
}

func actual(step OrderStep, at *time.Time) OrderMilestone {
	return OrderMilestone{Step: step, State: StateActual, OccurredAt: at}
}

func (o *Order) deliveryStep(shipments []*Shipment, now time.Time) OrderMilestone {
	if o.DeliveredAt != nil {
		step := actual(StepDelivered, o.DeliveredAt)
		step.ExpectedOn, step.Late = o.PromisedOn, o.DeliveredLate()
		return step
	}
	step := OrderMilestone{Step: StepDelivered, State: StatePlanned, ExpectedOn: o.PromisedOn}
	due := DateOf(now)
	if latest := latestEta(shipments); latest != nil {
		step.State, step.OccurredAt = StateEstimated, latest
		if day := DateOf(*latest); due.Before(day) {
			due = day
		}
	}
	if o.PromisedOn != nil {
		late := o.PromisedOn.Before(due)
		step.Late = &late
	}
	return step
}

// latestEta is when the last shipment under way should arrive, or nil where one of them has no estimate.
func latestEta(shipments []*Shipment) *time.Time {
	var latest *time.Time
	for _, shipment := range shipments {
		if shipment.Milestone.Settled() {
			continue
		}
		if shipment.EtaLatest == nil {
			return nil
		}
		if latest == nil || latest.Before(*shipment.EtaLatest) {
			latest = shipment.EtaLatest
		}
	}
	return latest
}

package domain

import "time"

// The closed sets of words of a customer's history.
type (
	InteractionChannel   string
	InteractionDirection string
	CaseKind             string
	CasePriority         string
	CaseStatus           string
	FollowUpStatus       string
)

// Interaction is a contact with the customer.
type Interaction struct {
	Owned
	ContactRow *int64               `db:"contact_id"`
	UserRow    *int64               `db:"user_id"`
	OrderRow   *int64               `db:"order_id"`
	CaseRow    *int64               `db:"case_id"`
	Channel    InteractionChannel   `db:"channel"`
	Direction  InteractionDirection `db:"direction"`
	Subject    *string              `db:"subject"`
	Body       *string              `db:"body"`
	Rating     *int                 `db:"rating"`
	OccurredAt time.Time            `db:"occurred_at"`
	AnsweredAt *time.Time           `db:"answered_at"`
}

// ID identifies the interaction.
func (i *Interaction) ID() ID { return OwnedID(KindInteraction, i.CustomerRow, i.Row) }

// Case is a problem or a question with an owner and an end.
type Case struct {
	Owned
	ContactRow  *int64       `db:"contact_id"`
	OrderRow    *int64       `db:"order_id"`
	ShipmentRow *int64       `db:"shipment_id"`
	AssigneeRow *int64       `db:"assignee_id"`
	Number      string       `db:"number"`
	Title       string       `db:"title"`
	Description *string      `db:"description"`
	Kind        CaseKind     `db:"kind"`
	Priority    CasePriority `db:"priority"`
	Status      CaseStatus   `db:"status"`
	OpenedAt    time.Time    `db:"opened_at"`
	DueAt       *time.Time   `db:"due_at"`
	ResolvedAt  *time.Time   `db:"resolved_at"`
	UpdatedAt   time.Time    `db:"updated_at"`
}

// ID identifies the case.
func (c *Case) ID() ID { return OwnedID(KindCase, c.CustomerRow, c.Row) }

// OccurredAt is when the case was opened.
func (c *Case) OccurredAt() time.Time { return c.OpenedAt }

// FollowUp is a task for us with a date.
type FollowUp struct {
	Owned
	AssigneeRow *int64         `db:"assignee_id"`
	CaseRow     *int64         `db:"case_id"`
	Title       string         `db:"title"`
	Note        *string        `db:"note"`
	Status      FollowUpStatus `db:"status"`
	DueAt       time.Time      `db:"due_at"`
	CompletedAt *time.Time     `db:"completed_at"`
	OccurredAt  time.Time      `db:"occurred_at"`
}

// ID identifies the follow-up.
func (f *FollowUp) ID() ID { return OwnedID(KindFollowUp, f.CustomerRow, f.Row) }

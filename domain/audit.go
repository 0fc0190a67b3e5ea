package domain

import (
	"encoding/json"
	"time"
)

// AuditAction is what was done.
type AuditAction string

// The actions of the audit trail.
const (
	// AuditRead is a reading of a customer's personal data.
	AuditRead AuditAction = "READ"
	// AuditWrite is a change.
	AuditWrite AuditAction = "WRITE"
)

// AuditEntry says who read which customer's personal data, or who changed what. It holds the names of fields and never a value.
type AuditEntry struct {
	Row int64     `db:"id"`
	At  time.Time `db:"at"`
	// Subject, ViewerName and Role are who did it, as the viewer had them then.
	Subject    string      `db:"subject"`
	ViewerName string      `db:"viewer_name"`
	Role       Role        `db:"role"`
	Action     AuditAction `db:"action"`
	// CustomerRow is the customer concerned; nil where it is none.
	CustomerRow *int64 `db:"customer_id"`
	// Kind is the type that was read or written, as the schema names it.
	Kind string `db:"kind"`
	// Operation is the name of the client's operation, and RequestID that of its request, where there was one.
	Operation *string `db:"operation"`
	// Fields are the fields that were read or written, as Type.field.
	Fields    []string `db:"fields"`
	RequestID *string  `db:"request_id"`
	// Details is a JSON object with what else there is to know, such as how many rows were written.
	Details json.RawMessage `db:"details"`
}

// ID identifies the entry.
func (e *AuditEntry) ID() ID { return SharedID(KindAuditEntry, e.Row) }

// CustomerID is the customer concerned, or zero.
func (e *AuditEntry) CustomerID() ID {
	if e.CustomerRow == nil {
		return ID{}
	}
	return CustomerID(*e.CustomerRow)
}

// CustomerExport is all that is kept of one customer.
type CustomerExport struct {
	Customer ID
	// At is when it was read.
	At time.Time
	// Data is a JSON object: the rows of each table, under the table's name.
	Data json.RawMessage
}

// CustomerID is whose data it is.
func (e *CustomerExport) CustomerID() ID { return e.Customer }

// SizeBytes is the length of the data.
func (e *CustomerExport) SizeBytes() int { return len(e.Data) }

// UserErrorCode says why a mutation was refused.
type UserErrorCode string

// The reasons.
const (
	UserErrorNotFound         UserErrorCode = "NOT_FOUND"
	UserErrorAlreadyErased    UserErrorCode = "ALREADY_ERASED"
	UserErrorNoTrackingNumber UserErrorCode = "NO_TRACKING_NUMBER"
)

// UserError is why a mutation did nothing, or not all: something that the user can put right.
type UserError struct {
	// Field is the path of the input that it is about; empty where it is about all of it.
	Field   []string
	Message string
	Code    UserErrorCode
}

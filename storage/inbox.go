package storage

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"time"

	"github.com/lib/pq"

	"github.com/vigie-dev/vigie/domain"
)

// InboxMessage is something that a carrier sent by itself, claimed for being worked on.
type InboxMessage struct {
	ID         int64
	Sender     string
	Body       []byte
	ReceivedAt time.Time
	// Attempts is how often it has been claimed, this time included.
	Attempts int
	// Until is when others may take it for abandoned. It also tells this claim from others.
	Until time.Time
}

// InboxOutcome is what came of a message.
type InboxOutcome struct {
	At                time.Time
	Succeeded         bool
	Events, Shipments int
	// Problems is a JSON array.
	Problems []byte
}

// InboxState is how a message stands.
type InboxState struct {
	Sender     string
	ReceivedAt time.Time
	// FinishedAt and Succeeded are nil until it has been worked through.
	FinishedAt *time.Time
	Succeeded  *bool
	Events     int
	Shipments  int
	Problems   []byte // a JSON array
}

// AddInboxMessage stores a message to be worked on from at, and tells whether it was not there before.
func (p *Pool) AddInboxMessage(ctx context.Context, sender string, digest, body []byte, at time.Time) (fresh bool, err error) {
	const text = `-- name: addInboxMessage
INSERT INTO tracking_inbox (sender, digest, body, received_at, due_at) VALUES ($1, $2, $3, $4, $4)
ON CONFLICT (sender, digest) DO NOTHING`
	if body == nil {
		body = []byte{}
	}
	count, err := p.inboxExec(ctx, text, sender, digest, body, at)
	return count > 0, err
}

// ClaimInboxMessages takes messages of senders that are due, the longest due first, until a time at which they become due again. No two callers
// are given the same message before that.
func (p *Pool) ClaimInboxMessages(ctx context.Context, senders []string, at, until time.Time, limit int) ([]InboxMessage, error) {
	// The limit stands in the text: a plan for any limit would read the whole table.
	text := `-- name: claimInboxMessages
WITH due AS (
    SELECT id FROM tracking_inbox WHERE due_at <= $2 AND sender = ANY($1) ORDER BY due_at, id LIMIT ` + strconv.Itoa(limit) + ` FOR UPDATE SKIP LOCKED
)
UPDATE tracking_inbox i SET due_at = $3, attempts = i.attempts + 1 FROM due WHERE i.id = due.id
RETURNING i.id, i.sender, i.body, i.received_at, i.attempts, i.due_at`
	var claimed []InboxMessage
	err := p.each(ctx, func(rows *sql.Rows) error {
		var m InboxMessage
		err := rows.Scan(&m.ID, &m.Sender, &m.Body, &m.ReceivedAt, &m.Attempts, &m.Until)
		claimed = append(claimed, m)
		return err
	}, text, pq.Array(senders), at, until)
	if err != nil {
		return nil, fmt.Errorf("claim messages of carriers: %w", err)
	}
	return claimed, nil
}

// FinishInboxMessage writes down what came of a claimed message, and forgets its body where it succeeded. It is false where the claim has run out
// and somebody else has taken the message: then nothing is written.
func (p *Pool) FinishInboxMessage(ctx context.Context, claimed *InboxMessage, outcome *InboxOutcome) (bool, error) {
	const text = `-- name: finishInboxMessage
UPDATE tracking_inbox
SET due_at = NULL, finished_at = $3, succeeded = $4, events = $5, shipments = $6, problems = $7::jsonb, body = CASE WHEN $4 THEN NULL ELSE body END
WHERE id = $1 AND due_at = $2 AND finished_at IS NULL`
	problems := outcome.Problems
	if len(problems) == 0 {
		problems = []byte("[]")
	}
	count, err := p.inboxExec(ctx, text, claimed.ID, claimed.Until, outcome.At, outcome.Succeeded, outcome.Events, outcome.Shipments, string(problems))
	return count > 0, err
}

// PostponeInboxMessage gives a claimed message back, to be due again at a time. An attempt that was none, because the process ended, does not
// count. It is false where somebody else has taken the message.
func (p *Pool) PostponeInboxMessage(ctx context.Context, claimed *InboxMessage, due time.Time, counts bool) (bool, error) {
	const text = `-- name: postponeInboxMessage
UPDATE tracking_inbox SET due_at = $3, attempts = CASE WHEN $4 THEN attempts ELSE greatest(attempts - 1, 0) END
WHERE id = $1 AND due_at = $2 AND finished_at IS NULL`
	count, err := p.inboxExec(ctx, text, claimed.ID, claimed.Until, due, counts)
	return count > 0, err
}

// InboxState reads how the message with a digest stands. One that is not there is an error with the code NOT_FOUND.
func (p *Pool) InboxState(ctx context.Context, senders []string, digest []byte) (*InboxState, error) {
	const text = `-- name: inboxState
SELECT sender, received_at, finished_at, succeeded, coalesce(events, 0), coalesce(shipments, 0), problems
FROM tracking_inbox WHERE sender = ANY($1) AND digest = $2 ORDER BY id LIMIT 1`
	var found *InboxState
	err := p.each(ctx, func(rows *sql.Rows) error {
		found = &InboxState{}
		return rows.Scan(&found.Sender, &found.ReceivedAt, &found.FinishedAt, &found.Succeeded, &found.Events, &found.Shipments, &found.Problems)
	}, text, pq.Array(senders), digest)
	if err != nil {
		return nil, fmt.Errorf("read how a carrier's message stands: %w", err)
	}
	if found == nil {
		return nil, &domain.Error{Code: domain.CodeNotFound, Message: "there is no such message"}
	}
	return found, nil
}

// PruneInbox forgets messages that were worked through, or that nobody has worked on, since before, at most limit of each, and tells how many.
func (p *Pool) PruneInbox(ctx context.Context, before time.Time, limit int) (int, error) {
	const text = `-- name: pruneInbox
WITH finished AS (
    SELECT id FROM tracking_inbox WHERE finished_at < $1 ORDER BY finished_at LIMIT $2 FOR UPDATE SKIP LOCKED
), abandoned AS (
    SELECT id FROM tracking_inbox WHERE due_at < $1 ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED
)
DELETE FROM tracking_inbox WHERE id IN (SELECT id FROM finished UNION ALL SELECT id FROM abandoned)`
	count, err := p.inboxExec(ctx, text, before, limit)
	return int(count), err
}

// inboxExec runs a statement and tells how many rows it wrote.
func (p *Pool) inboxExec(ctx context.Context, text string, args ...any) (int64, error) {
	told := p.watch(ctx, text)
	count, err := execCount(ctx, preparing{p.statements}, text, args...)
	told(int(count), err)
	if err != nil {
		return 0, fmt.Errorf("write the inbox of carriers' messages: %w", err)
	}
	return count, nil
}

func execCount(ctx context.Context, into executor, text string, args ...any) (int64, error) {
	result, err := into.ExecContext(ctx, text, args...)
	if err != nil {
		return 0, Translate(err)
	}
	return result.RowsAffected()
}

package inbox_test

import (
	"context"
	"sync"
	"time"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage"
)

// memory is a Store without a database, for what is about requests. Nothing is ever worked on.
type memory struct {
	mu   sync.Mutex
	rows map[string][]byte
	// adding is called when a message is stored.
	adding func()
}

func newMemory() *memory { return &memory{rows: map[string][]byte{}} }

func (m *memory) AddInboxMessage(ctx context.Context, sender string, digest, body []byte, _ time.Time) (bool, error) {
	if m.adding != nil {
		m.adding()
		<-ctx.Done()
		return false, ctx.Err()
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	key := sender + "\x00" + string(digest)
	_, known := m.rows[key]
	m.rows[key] = body
	return !known, nil
}

func (m *memory) ClaimInboxMessages(context.Context, []string, time.Time, time.Time, int) ([]storage.InboxMessage, error) {
	return nil, nil
}

func (m *memory) FinishInboxMessage(context.Context, *storage.InboxMessage, *storage.InboxOutcome) (bool, error) {
	return true, nil
}

func (m *memory) PostponeInboxMessage(context.Context, *storage.InboxMessage, time.Time, bool) (bool, error) {
	return true, nil
}

func (m *memory) InboxState(_ context.Context, senders []string, digest []byte) (*storage.InboxState, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, sender := range senders {
		if _, known := m.rows[sender+"\x00"+string(digest)]; known {
			return &storage.InboxState{Sender: sender, Problems: []byte("[]")}, nil
		}
	}
	return nil, &domain.Error{Code: domain.CodeNotFound, Message: "there is no such message"}
}

func (m *memory) PruneInbox(context.Context, time.Time, int) (int, error) { return 0, nil }

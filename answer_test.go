package main

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/storage"
)

func TestAnswerConfig(t *testing.T) {
	cfg, _ := parsed(t, nil)
	assert.Equal(t, storage.Bounds{Rows: 200_000, Bytes: 64 << 20}, cfg.Demo.Answer.bounds())
	key := strings.Repeat("k", 32)
	cfg, _ = parsed(t, map[string]string{"VIGIE_MAX_RESPONSE_ROWS": "7", "VIGIE_MAX_RESPONSE_BYTES": "0", "VIGIE_CURSOR_KEY": key}, "serve")
	assert.Equal(t, storage.Bounds{Rows: 7}, cfg.Serve.Answer.bounds())
	assert.Equal(t, key, cfg.Serve.Answer.CursorKey)

	for name, value := range map[string]string{"VIGIE_MAX_RESPONSE_ROWS": "-1", "VIGIE_MAX_RESPONSE_BYTES": "-1", "VIGIE_CURSOR_KEY": "too-short-a-secret"} {
		env, _, _ := testEnvironment(map[string]string{name: value})
		var wrong Config
		_, err := parse(&wrong, []string{"serve"}, env)
		require.Error(t, err, name)
		assert.NotContains(t, err.Error(), "too-short", "the secret is not repeated")
	}
}

func TestCursorsOfServers(t *testing.T) {
	var log bytes.Buffer
	a := &app{log: slog.New(slog.NewTextHandler(&log, nil))}
	for _, test := range []struct {
		config answerConfig
		guard  guard
	}{
		{config: answerConfig{CursorKey: strings.Repeat("k", 32)}},
		{guard: guard{cursorKey: bytes.Repeat([]byte("d"), 32)}},
	} {
		_, err := test.config.cursors(a, &test.guard)
		require.NoError(t, err)
	}
	assert.Empty(t, log.String())
	_, err := answerConfig{}.cursors(a, &guard{})
	require.NoError(t, err)
	assert.Contains(t, log.String(), "VIGIE_CURSOR_KEY", "who runs several servers is told")
}

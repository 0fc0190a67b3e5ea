package main

import (
	"bytes"
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// testEnvironment has the given variables and nothing else.
func testEnvironment(variables map[string]string) (environment, *bytes.Buffer, *bytes.Buffer) {
	var stdout, stderr bytes.Buffer
	return environment{
		lookup: func(name string) (string, bool) { value, found := variables[name]; return value, found },
		stdout: &stdout,
		stderr: &stderr,
		now:    time.Now,
	}, &stdout, &stderr
}

func parsed(t *testing.T, variables map[string]string, args ...string) (Config, string) {
	t.Helper()
	env, _, _ := testEnvironment(variables)
	var cfg Config
	kctx, err := parse(&cfg, args, env)
	require.NoError(t, err)
	return cfg, kctx.Command()
}

func TestParseDefaults(t *testing.T) {
	cfg, command := parsed(t, nil)
	assert.Equal(t, "demo", command)
	assert.Equal(t, "", cfg.Demo.Addr)
	assert.Equal(t, "127.0.0.1:8080", orDefaultAddress(cfg.Demo.Addr))
	assert.Equal(t, ".vigie", cfg.Database.DataDir)
	assert.Equal(t, "", cfg.Database.DatabaseURL)
	assert.Equal(t, 16, cfg.Database.PoolSize)
	assert.Equal(t, "text", cfg.Log.LogFormat)
	assert.Equal(t, 30*time.Second, cfg.Demo.RequestTimeout)
	assert.EqualValues(t, 1<<20, cfg.Demo.MaxBody)
}

func TestParseEnvironmentAndFlags(t *testing.T) {
	variables := map[string]string{
		"VIGIE_ADDR":       "127.0.0.1:9000",
		"VIGIE_DATA_DIR":   "/srv/vigie",
		"DATABASE_URL":     "postgres://db/vigie",
		"VIGIE_LOG_FORMAT": "json",
		"VIGIE_LOG_LEVEL":  "warn",
		"VIGIE_POOL_SIZE":  "40",
	}
	for _, args := range [][]string{{}, {"serve"}} {
		cfg, _ := parsed(t, variables, args...)
		addr := cfg.Demo.Addr
		if len(args) > 0 {
			addr = cfg.Serve.Addr
		}
		assert.Equal(t, "127.0.0.1:9000", addr)
		assert.Equal(t, "/srv/vigie", cfg.Database.DataDir)
		assert.Equal(t, "postgres://db/vigie", cfg.Database.DatabaseURL)
		assert.Equal(t, "json", cfg.Log.LogFormat)
		assert.Equal(t, "warn", cfg.Log.LogLevel)
		assert.Equal(t, 40, cfg.Database.PoolSize)
	}
	cfg, _ := parsed(t, variables, "serve", "--addr", ":7000", "--pool-size=8", "--log-format", "text")
	assert.Equal(t, ":7000", cfg.Serve.Addr, "the command line wins")
	assert.Equal(t, 8, cfg.Database.PoolSize)
	assert.Equal(t, "text", cfg.Log.LogFormat)

	cfg, _ = parsed(t, nil, "--addr", ":7000")
	assert.Equal(t, ":7000", cfg.Demo.Addr, "flags of the demo need no command")
	cfg, _ = parsed(t, map[string]string{"VIGIE_DATA_DIR": "", "DATABASE_URL": ""})
	assert.Equal(t, ".vigie", cfg.Database.DataDir, "an empty variable is an unset one")
}

func TestParseRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		variables map[string]string
		args      []string
		says      string
	}{
		"unknown command":   {nil, []string{"frobnicate"}, "frobnicate"},
		"unknown flag":      {nil, []string{"serve", "--frobnicate"}, "--frobnicate"},
		"log format":        {map[string]string{"VIGIE_LOG_FORMAT": "xml"}, nil, "json"},
		"log level":         {nil, []string{"--log-level", "loud"}, "warn"},
		"pool of none":      {nil, []string{"serve", "--pool-size", "0"}, "pool size"},
		"not a number":      {map[string]string{"VIGIE_POOL_SIZE": "many"}, nil, "pool-size"},
		"write below req":   {nil, []string{"serve", "--write-timeout", "5s"}, "write timeout"},
		"no folder":         {nil, []string{"import"}, "<path>"},
		"folder not there":  {nil, []string{"import", "no/such/folder"}, "no/such/folder"},
		"no customers":      {nil, []string{"seed", "--customers", "0"}, "--customers"},
		"negative duration": {nil, []string{"serve", "--statement-timeout=-1s"}, "above zero"},
	} {
		t.Run(name, func(t *testing.T) {
			env, _, _ := testEnvironment(test.variables)
			err := run(context.Background(), test.args, env)
			var usage *usageError
			require.ErrorAs(t, err, &usage)
			assert.ErrorContains(t, err, test.says)
		})
	}
}

func TestLogger(t *testing.T) {
	var out bytes.Buffer
	log, err := logConfig{LogFormat: "json", LogLevel: "warn"}.logger(&out)
	require.NoError(t, err)
	log.Info("quiet")
	log.Warn("heard", slog.String("key", "value"))
	assert.NotContains(t, out.String(), "quiet")
	assert.Contains(t, out.String(), `"key":"value"`)
}

func TestDescribeHidesSecrets(t *testing.T) {
	assert.Equal(t, "Postgres at db.internal:5432/vigie", describe("postgres://vigie:secret@db.internal:5432/vigie?sslpassword=secret"))
	assert.Equal(t, "Postgres of DATABASE_URL", describe("host=db user=vigie password=secret"))
	assert.Equal(t, "Postgres of DATABASE_URL", describe("postgres://vigie:se%cret@db/vigie"))
}

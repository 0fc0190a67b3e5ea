package ingest_test

import (
	"testing"

	"github.com/vigie-dev/vigie/storage/storagetest"
)

func TestMain(m *testing.M) {
	storagetest.Main(m)
}

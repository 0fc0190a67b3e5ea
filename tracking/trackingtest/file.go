package trackingtest

import (
	"bytes"
	"io"
	"path/filepath"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
)

// RunFile is Run for a format of files. Besides, it holds that it does not matter in which portions a file is read.
func RunFile(t *testing.T, file tracking.File, dir string) {
	t.Helper()
	Run(t, file.Code(), FileParser(file), dir)
	for _, path := range payloadsIn(t, dir) {
		t.Run("in portions "+filepath.Base(path), func(t *testing.T) {
			raw := read(t, path)
			want, wantErr := file.Read(bytes.NewReader(raw), ReceivedAt())
			for name, r := range map[string]io.Reader{
				"byte by byte": iotest.OneByteReader(bytes.NewReader(raw)), "halves": iotest.HalfReader(bytes.NewReader(raw)),
				"the end with the last bytes": iotest.DataErrReader(bytes.NewReader(raw)),
			} {
				got, err := file.Read(r, ReceivedAt())
				require.Equal(t, want, got, name)
				require.Equal(t, wantErr == nil, err == nil, name)
			}
		})
	}
}

// FuzzFile is Fuzz for a format of files.
func FuzzFile(f *testing.F, file tracking.File, dir string) {
	f.Helper()
	Fuzz(f, FileParser(file), dir)
}

// FileParser gives a file's reports in the form of an answer: found where there are any.
func FileParser(file tracking.File) tracking.Parser {
	return func(raw []byte, at time.Time) ([]tracking.Result, error) {
		batch, err := file.Read(bytes.NewReader(raw), at)
		if err != nil || len(batch.Reports) == 0 {
			return nil, err
		}
		return []tracking.Result{{Outcome: domain.TrackingFound, Reports: batch.Reports}}, nil
	}
}

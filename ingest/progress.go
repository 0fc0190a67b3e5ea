package ingest

import (
	"fmt"
	"io"
	"time"

	"github.com/schollz/progressbar/v3"
)

// Progress hears how far an import is. Calls come from one goroutine.
type Progress interface {
	// Begin starts a stretch of work; total is its size in bytes, 0 when nobody knows.
	Begin(what string, total int64)
	// Advance says that so many bytes more are done.
	Advance(n int64)
	// End ends the stretch.
	End()
}

type silent struct{}

func (silent) Begin(string, int64) {}
func (silent) Advance(int64)       {}
func (silent) End()                {}

// Lines returns a Progress that prints plain lines, for logs and pipes: one when a stretch ends and, while it
// lasts, one every few seconds.
func Lines(w io.Writer, now func() time.Time) Progress {
	return &lines{w: w, now: now}
}

// lineEvery is how often a long stretch is heard of.
const lineEvery = 3 * time.Second

type lines struct {
	w           io.Writer
	now         func() time.Time
	what        string
	done, total int64
	began, told time.Time
}

func (l *lines) Begin(what string, total int64) {
	l.what, l.total, l.done = what, total, 0
	l.began = l.now()
	l.told = l.began
}

func (l *lines) Advance(n int64) {
	l.done += n
	now := l.now()
	if now.Sub(l.told) < lineEvery {
		return
	}
	l.told = now
	if l.total > 0 {
		fmt.Fprintf(l.w, "%s: %d%% of %.1f MB\n", l.what, 100*l.done/l.total, float64(l.total)/1e6)
	}
}

func (l *lines) End() {
	fmt.Fprintf(l.w, "%s: done in %.2f s\n", l.what, l.now().Sub(l.began).Seconds())
}

// Bar returns a Progress that draws a bar on a terminal.
func Bar(w io.Writer) Progress {
	return &bar{w: w}
}

type bar struct {
	w   io.Writer
	bar *progressbar.ProgressBar
}

func (b *bar) Begin(what string, total int64) {
	if total == 0 {
		total = -1 // a spinner
	}
	b.bar = progressbar.NewOptions64(total,
		progressbar.OptionSetWriter(b.w),
		progressbar.OptionSetDescription(what),
		progressbar.OptionShowBytes(total > 0),
		progressbar.OptionFullWidth(),
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionOnCompletion(func() { fmt.Fprintln(b.w) }),
	)
	_ = b.bar.RenderBlank() // a bar that cannot be drawn must not stop an import
}

func (b *bar) Advance(n int64) {
	_ = b.bar.Add64(n)
}

func (b *bar) End() {
	_ = b.bar.Finish()
}

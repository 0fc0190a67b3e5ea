package demo

import "strconv"

// delimiter stands between the columns of a row. No generated text holds it.
const delimiter = '\x1f'

// batch holds rows of every table on their way to the database.
type batch struct {
	sheets [tableCount]sheet
	// customers is how many customers are complete once this batch is stored.
	customers int
}

// sheet is rows of one table as COPY reads them, the ends of rows apart.
type sheet struct {
	text []byte
	ends []int
}

// size is the number of bytes in a batch.
func (b *batch) size() int {
	var n int
	for i := range b.sheets {
		n += len(b.sheets[i].text)
	}
	return n
}

// row starts a row of table t. Values follow in the table's order of columns, then end.
func (b *batch) row(t table) row {
	return row{sheet: &b.sheets[t]}
}

// row writes one row, column by column.
type row struct {
	sheet *sheet
	open  bool
}

func (r *row) next() {
	if r.open {
		r.sheet.text = append(r.sheet.text, delimiter)
	}
	r.open = true
}

func (r *row) end() {
	r.sheet.ends = append(r.sheet.ends, len(r.sheet.text))
}

func (r *row) null() { r.next() }

// text writes a text; an empty one is NULL, since nothing generated is empty on purpose.
func (r *row) text(v string) {
	r.next()
	r.sheet.text = append(r.sheet.text, v...)
}

func (r *row) int(v int64) {
	r.next()
	r.sheet.text = strconv.AppendInt(r.sheet.text, v, 10)
}

// ref writes an id, or NULL for 0.
func (r *row) ref(id int64) {
	if id == 0 {
		r.null()
		return
	}
	r.int(id)
}

func (r *row) bool(v bool) {
	if v {
		r.text("t")
		return
	}
	r.text("f")
}

func (r *row) float(v float64) {
	r.next()
	r.sheet.text = strconv.AppendFloat(r.sheet.text, v, 'f', 5, 64)
}

// money writes an amount of cents.
func (r *row) money(v cents) {
	r.next()
	r.sheet.text = appendHundredths(r.sheet.text, int64(v))
}

// hundredths writes v / 100, for weights and lengths.
func (r *row) hundredths(v int64) {
	r.next()
	r.sheet.text = appendHundredths(r.sheet.text, v)
}

func appendHundredths(b []byte, v int64) []byte {
	if v < 0 {
		b = append(b, '-')
		v = -v
	}
	b = strconv.AppendInt(b, v/100, 10)
	return append(b, '.', byte('0'+v/10%10), byte('0'+v%10))
}

// date writes a day, or NULL for 0.
func (r *row) date(d day) {
	r.next()
	if d != 0 {
		r.sheet.text = d.append(r.sheet.text)
	}
}

// instant writes an instant, or NULL for 0.
func (r *row) instant(t instant) {
	r.next()
	if t != 0 {
		r.sheet.text = append(t.append(r.sheet.text), '+', '0', '0')
	}
}

// wallClock writes the time that a clock with this offset from UTC shows at t.
func (r *row) wallClock(t instant, offset int64) {
	r.next()
	r.sheet.text = (t + instant(offset)).append(r.sheet.text)
}

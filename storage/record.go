package storage

import (
	"errors"

	"github.com/lib/pq/oid"
)

// cell is one column of a row as Postgres sends it: a value in the binary form of its type.
type cell struct {
	data string
	oid  oid.Oid
	null bool
}

// sizeOfCells is how long the values in cells are, in bytes.
func sizeOfCells(cells []cell) int64 {
	size := 0
	for i := range cells {
		size += len(cells[i].data)
	}
	return int64(size)
}

var errNoRecord = errors.New("a row ends before all its columns have been read")

// parseRecord takes a row apart that Postgres' record_send wrote: the number of columns, and of each the number of its type, its length and its
// value, numbers as big-endian integers of 32 bits and a length of -1 for NULL. The cells are appended to cells and hold parts of data; rest is what
// stands behind the row, which may be another one.
func parseRecord(data string, cells []cell) (_ []cell, rest string, err error) {
	columns, rest, err := columnsOfRecord(data)
	for ; columns > 0 && err == nil; columns-- {
		var one cell
		one, rest, err = parseCell(rest)
		cells = append(cells, one)
	}
	return cells, rest, err
}

// passRecord gives the first column of a row, and what stands behind the row.
func passRecord(data string) (first cell, rest string, err error) {
	columns, rest, err := columnsOfRecord(data)
	for at := range columns {
		var one cell
		one, rest, err = parseCell(rest)
		if err != nil {
			return cell{}, "", err
		}
		if at == 0 {
			first = one
		}
	}
	return first, rest, err
}

// columnsOfRecord is how many columns a row has, and what stands behind that number.
func columnsOfRecord(data string) (columns int, rest string, err error) {
	if len(data) < 4 || int32(uint32Of(data)) < 0 {
		return 0, "", errNoRecord
	}
	return int(uint32Of(data)), data[4:], nil
}

// parseCell reads one column, and gives what stands behind it.
func parseCell(data string) (one cell, rest string, err error) {
	if len(data) < 8 {
		return cell{}, "", errNoRecord
	}
	one.oid, rest = oid.Oid(uint32Of(data)), data[8:]
	length := int32(uint32Of(data[4:]))
	switch {
	case length == -1:
		one.null = true
	case length < 0 || int(length) > len(rest):
		return cell{}, "", errNoRecord
	default:
		one.data, rest = rest[:length], rest[length:]
	}
	return one, rest, nil
}

// uint16Of, uint32Of and uint64Of read the big-endian number that data begins with; data must be long enough.
func uint16Of(data string) uint16 { return uint16(data[1]) | uint16(data[0])<<8 }

func uint32Of(data string) uint32 {
	_ = data[3]
	return uint32(data[3]) | uint32(data[2])<<8 | uint32(data[1])<<16 | uint32(data[0])<<24
}

func uint64Of(data string) uint64 { return uint64(uint32Of(data[4:])) | uint64(uint32Of(data))<<32 }

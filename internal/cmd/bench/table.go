package main

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// print writes records as the options say.
func (b *bench) print(records []record) error {
	if !b.json {
		if len(records) == 0 {
			return nil
		}
		_, err := fmt.Fprint(b.stdout, table(records))
		return err
	}
	encoder := json.NewEncoder(b.stdout)
	for _, r := range records {
		err := encoder.Encode(r)
		if err != nil {
			return err
		}
	}
	return nil
}

// table spells records as a table of Markdown that is also fit to be read as it is.
func table(records []record) string {
	rows := [][]string{{
		"query", "customers", "orders", "connections", "requests/s", "p50 ms", "p99 ms", "server CPU us", "Postgres CPU us", "allocations",
		"statements", "RSS MB", "errors",
	}}
	for _, r := range records {
		orders := "-"
		if r.Orders > 0 {
			orders = grouped(int64(r.Orders))
		}
		rows = append(rows, []string{
			r.Query, grouped(int64(r.Customers)), orders, strconv.Itoa(r.Connections), whole(&r.PerSecond, 1), decimals(r.P50), decimals(r.P99),
			whole(r.ServerCPU, 1), whole(r.PostgresCPU, 1), whole(r.Allocations, 1), tenths(r.Statements), whole(r.Resident, 1<<20), strconv.Itoa(r.Errors),
		})
	}
	return align(rows)
}

// align writes rows of cells in columns, the first to the left and figures to the right.
func align(rows [][]string) string {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell), 3)
		}
	}
	var text strings.Builder
	for n, row := range rows {
		for i, cell := range row {
			pad := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if i == 0 {
				fmt.Fprintf(&text, "| %s%s ", cell, pad)
			} else {
				fmt.Fprintf(&text, "| %s%s ", pad, cell)
			}
		}
		text.WriteString("|\n")
		if n == 0 {
			text.WriteString(rule(widths))
		}
	}
	return text.String()
}

// rule is the line below the head, which tells Markdown how columns are aligned.
func rule(widths []int) string {
	var text strings.Builder
	for i, width := range widths {
		if i == 0 {
			text.WriteString("| " + strings.Repeat("-", width) + " ")
		} else {
			text.WriteString("| " + strings.Repeat("-", width-1) + ": ")
		}
	}
	return text.String() + "|\n"
}

// whole is a figure without decimals, in some unit.
func whole(figure *float64, unit float64) string {
	if figure == nil {
		return "-"
	}
	return grouped(int64(*figure/unit + 0.5))
}

func tenths(figure *float64) string {
	if figure == nil {
		return "-"
	}
	return strconv.FormatFloat(*figure, 'f', 1, 64)
}

func decimals(figure float64) string { return strconv.FormatFloat(figure, 'f', 2, 64) }

// grouped is a number with commas between the thousands.
func grouped(number int64) string {
	digits := strconv.FormatInt(number, 10)
	sign := ""
	if number < 0 {
		sign, digits = "-", digits[1:]
	}
	for at := len(digits) - 3; at > 0; at -= 3 {
		digits = digits[:at] + "," + digits[at:]
	}
	return sign + digits
}

package storage

import (
	"strconv"

	"github.com/vigie-dev/vigie/domain"
)

// ParseComposites gives the columns of composite values that are kept in one arena, as those of one tree are. Each value is read from the same
// buffer, as the driver does it.
func ParseComposites(texts []string) ([][]string, error) {
	var kept arena
	var buffer []byte
	all := make([][]string, 0, len(texts))
	for _, text := range texts {
		buffer = append(buffer[:0], text...)
		cells, err := parseComposite(kept.copy(buffer), nil, &kept)
		if err != nil {
			return nil, err
		}
		columns := make([]string, len(cells))
		for i, cell := range cells {
			columns[i] = cell.text
		}
		all = append(all, columns)
	}
	return all, nil
}

// Decoded are rows of the given columns, in the order of T's fields, read from texts in one arena; an empty text is NULL.
func Decoded[T any](columns []string, texts [][]string) ([]*T, error) {
	var kept arena
	s := newScanner[T]()
	var set columnSet
	for _, name := range columns {
		set |= 1 << s.byColumn[name]
	}
	items := make([]*T, len(texts))
	for i, row := range texts {
		cells := make([]cell, len(row))
		for at, text := range row {
			cells[at] = cell{text: text, null: text == ""}
		}
		items[i] = new(T)
		err := s.decode(items[i], set, cells, &kept)
		if err != nil {
			return nil, err
		}
	}
	return items, nil
}

// PagesOf are the pages of orders, at most limit lines each, made of lines that come in the given order: each an order's row and its own.
func PagesOf(limit int, lines [][2]int64) (map[int64][]int64, error) {
	s := &Store{viewer: domain.Viewer{Role: domain.RoleAdmin}, needed: map[domain.Kind][]string{domain.KindOrderLine: {}}}
	pages := map[int64][]int64{}
	request := domain.PageRequest{Limit: limit}
	rows := s.LinesOfOrders().Branch(&request, func(order domain.ID, page *domain.Page[domain.OrderLine]) {
		pages[order.Row] = []int64{}
		for _, item := range page.Items {
			pages[order.Row] = append(pages[order.Row], item.Row)
		}
	}).open()
	err := rows.begin(s)
	if err != nil {
		return nil, err
	}
	set := rows.columns(s)
	var kept arena
	var orders []domain.ID
	for _, line := range lines {
		var cells []cell
		set.each(func(index int) {
			value := int64(1)
			switch orderLineEntity.columns[index] {
			case "order_id":
				value = line[0]
			case "id":
				value = line[1]
			}
			cells = append(cells, cell{text: strconv.FormatInt(value, 10)})
		})
		_, err = rows.take(set, cells, &kept)
		if err != nil {
			return nil, err
		}
		orders = append(orders, domain.OwnedID(domain.KindOrder, 1, line[0]))
	}
	rows.deliver(unique(orders), false)
	return pages, nil
}

package storage

import (
	"encoding/binary"

	"github.com/lib/pq/oid"

	"github.com/vigie-dev/vigie/domain"
)

// ParseRecords gives the columns of rows that are kept in one arena, as those of one tree are. Each is read from the same buffer, as the driver
// does it.
func ParseRecords(rows []string) ([][]string, error) {
	var kept arena
	var buffer []byte
	all := make([][]string, 0, len(rows))
	for _, row := range rows {
		buffer = append(buffer[:0], row...)
		cells, _, err := parseRecord(kept.copy(buffer), nil)
		if err != nil {
			return nil, err
		}
		columns := make([]string, len(cells))
		for i, cell := range cells {
			columns[i] = cell.data
		}
		all = append(all, columns)
	}
	return all, nil
}

// Decoded are the rows of T with all its columns that stand one behind the other in data, read in one arena.
func Decoded[T any](data string) ([]*T, error) {
	var kept arena
	var items []*T
	s := newScanner[T]()
	for rest := kept.copy([]byte(data)); rest != ""; {
		cells, behind, err := parseRecord(rest, nil)
		if err != nil {
			return nil, err
		}
		item := new(T)
		err = s.decode(item, allColumns(len(s.columns)), cells, &kept)
		if err != nil {
			return nil, err
		}
		items, rest = append(items, item), behind
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
			cells = append(cells, cell{oid: oid.T_int8, data: string(binary.BigEndian.AppendUint64(nil, uint64(value)))})
		})
		_, err = rows.take(set, cells, 0, &kept)
		if err != nil {
			return nil, err
		}
		orders = append(orders, domain.OwnedID(domain.KindOrder, 1, line[0]))
	}
	rows.deliver(unique(orders), false)
	return pages, nil
}

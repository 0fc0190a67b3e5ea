package storage

// What becomes of a column when its customer is erased.
const (
	ColumnErased  = "erased"
	ColumnKept    = "kept"
	ColumnDerived = "derived"
)

// Treatment is a treatment as tests see it.
type Treatment struct {
	// Columns say what becomes of each column that is named; a column that is named twice is in Twice.
	Columns map[string]string
	Twice   []string
	// Erased is what stands in a column afterwards, in SQL, in the rows for which Only holds.
	Erased map[string]string
	Only   string
	// Hidden are the columns that customers' own users do not get.
	Hidden              []string
	Deleted, Unexported bool
}

// Treatments are what is done to the tables with rows of customers.
func Treatments() map[string]Treatment {
	all := map[string]Treatment{}
	for _, t := range treatments() {
		shown := Treatment{Columns: map[string]string{}, Erased: t.erased, Only: and(t.only, everything), Hidden: t.hidden, Deleted: t.deleted, Unexported: t.unexported}
		add := func(column, what string) {
			if _, known := shown.Columns[column]; known {
				shown.Twice = append(shown.Twice, column)
			}
			shown.Columns[column] = what
		}
		for column := range t.erased {
			add(column, ColumnErased)
		}
		for _, column := range t.kept {
			add(column, ColumnKept)
		}
		for _, column := range t.derived {
			add(column, ColumnDerived)
		}
		all[t.table] = shown
	}
	return all
}

package schemalint

// cases has for each rule a snippet that breaks it and the same thought said well. want is part of
// the findings' text, with the place where it pays to hold it.
var cases = []struct{ rule, name, bad, good, want string }{
	{
		"described", "type without words",
		"type Site { \"Where the gate is\" gate: String }",
		"\"A place to ship to\" type Site { \"Where the gate is\" gate: String }",
		"snippet:1: described: type Site has no description",
	},
	{
		"described", "name repeated",
		"\"A place to ship to\"\ntype Site {\n  \"The delivery window.\"\n  deliveryWindow: String\n}",
		"\"A place to ship to\"\ntype Site {\n  \"When the gate is open\"\n  deliveryWindow: String\n}",
		"snippet:4: described: the description of field Site.deliveryWindow only repeats its name",
	},
	{
		"described", "too short",
		"\"Nice\" scalar Decibel", "\"Loudness in dB\" scalar Decibel",
		"shorter than 10 characters",
	},
	{
		"described", "argument",
		"extend type Query { \"Finds by any reference\" lookup(reference: String!): Int }",
		"extend type Query { \"Finds by any reference\" lookup(\"What the caller reads out\" reference: String!): Int }",
		"argument Query.lookup(reference) has no description",
	},
	{
		"described", "enum value",
		"\"What became of it\" enum Fate { LOST }", "\"What became of it\" enum Fate { \"Nobody knows where\" LOST }",
		"enum value Fate.LOST",
	},
	{
		"described", "input field",
		"\"What to look for\" input Wish { name: String }", "\"What to look for\" input Wish { \"Part of a name\" name: String }",
		"field Wish.name has no description",
	},
	{
		"described", "directive and its argument",
		"directive @cost(weight: Int!) on FIELD_DEFINITION",
		"\"What a field costs\" directive @cost(\"Relative to one row\" weight: Int!) on FIELD_DEFINITION",
		"directive argument @cost(weight) has no description",
	},
	{"named", "type", "type order_line { id: ID }", "type OrderLine { id: ID }", "type order_line is not in PascalCase"},
	{"named", "field", "type A { unit_price: Int }", "type A { unitPrice: Int }", "field A.unit_price is not in camelCase"},
	{"named", "argument", "type A { b(Last: Int): Int }", "type A { b(last: Int): Int }", "argument A.b(Last)"},
	{"named", "enum value", "enum A { InTransit }", "enum A { IN_TRANSIT, V2 }", "enum value A.InTransit is not in UPPER_SNAKE"},
	{"named", "directive", "directive @Cost on FIELD", "directive @cost on FIELD", "directive @Cost is not in camelCase"},
	{
		"deprecation", "no replacement",
		`type A { b: Int @deprecated(reason: "Bad idea. Removal on 2027-01-31.") }`,
		`type A { b: Int @deprecated(reason: "Bad idea. Use c. Removal on 2027-01-31.") }`,
		"does not say what to take instead",
	},
	{
		"deprecation", "no day",
		`enum A { B @deprecated(reason: "Use C.") }`, `enum A { B @deprecated(reason: "Use C. Removal on 2027-01-31.") }`,
		"names no day",
	},
	{
		"deprecation", "not a day of the calendar",
		`input A { b: Int @deprecated(reason: "Use c. Removal on 2027-02-31.") }`,
		`input A { b: Int @deprecated(reason: "Use c. Removal on 2027-02-28.") }`,
		"names no day",
	},
	{"deprecation", "no reason at all", "type A { b: Int @deprecated }", "type A { b: Int }", "names no day"},
	{
		"connection", "nodes missing", connection("edges: [OrderEdge!]! pageInfo: PageInfo!"), goodConnection,
		"OrderConnection has no list field nodes",
	},
	{
		"connection", "edges missing", connection("nodes: [Order!]! pageInfo: PageInfo!"), goodConnection,
		"has no field edges",
	},
	{
		"connection", "pageInfo nullable", connection("edges: [OrderEdge!]! nodes: [Order!]! pageInfo: PageInfo"), goodConnection,
		"has no field pageInfo: PageInfo!",
	},
	{
		"connection", "count nullable",
		connection("edges: [OrderEdge!]! nodes: [Order!]! pageInfo: PageInfo! totalCount: Int"),
		connection("edges: [OrderEdge!]! nodes: [Order!]! pageInfo: PageInfo! totalCount: Int!"),
		"OrderConnection.totalCount is Int, not Int!",
	},
	{
		"connection", "two kinds of node", connection("edges: [OrderEdge!]! nodes: [Node!]! pageInfo: PageInfo!"), goodConnection,
		"OrderConnection.nodes holds Node, its edges hold Order",
	},
	{"edge", "no cursor", "type OrderEdge { node: Order! }", "type OrderEdge { cursor: String! node: Order! }", "no non-null field cursor"},
	{"edge", "no node", "type OrderEdge { cursor: String! }", "type OrderEdge { cursor: String! node: Order }", "no field node"},
	{
		"paging", "one way only",
		goodConnection + "\nextend type Query { orders(first: Int, after: String): OrderConnection! }",
		goodConnection + "\nextend type Query { orders(first: Int, after: String, last: Int, before: String): OrderConnection! }",
		"snippet:3: paging: Query.orders returns OrderConnection and takes no argument last",
	},
	{
		"paging", "count of another type",
		goodConnection + "\nextend type Query { orders(first: String, after: String, last: Int, before: String): OrderConnection! }",
		goodConnection + "\nextend type Query { orders(first: Int! = 10, after: String, last: Int, before: String): OrderConnection! }",
		"Query.orders(first) is String, not Int",
	},
	{
		"paging", "cursor demanded",
		goodConnection + "\nextend type Query { orders(first: Int, after: String!, last: Int, before: String): OrderConnection! }",
		goodConnection, "the first page has no cursor",
	},
	{
		"bounded", "bare list", "extend type Query { late: [Order!]! }",
		`extend type Query { late: [Order!]! @bounded(reason: "at most ten, by the rule that finds them") }`,
		"Query.late is a bare list of Order",
	},
	{
		"bounded", "empty reason", `extend type Query { late: [Order!]! @bounded(reason: " ") }`,
		"extend type Query { late(ids: [ID!]!): [Order]! }", "@bounded without a reason",
	},
	{
		"bounded", "through a union", "union Hit = Order | Money extend type Query { hits: [Hit!]! }",
		"union Hit = Money extend type Query { hits: [Hit!]! }", "Query.hits is a bare list of Hit",
	},
	{
		"mutation", "loose arguments",
		"type Mutation { orderCancel(id: ID!): OrderCancelPayload! } " + payload, goodMutation,
		"mutation orderCancel does not take exactly one argument input",
	},
	{
		"mutation", "optional input",
		"type Mutation { orderCancel(input: OrderCancelInput): OrderCancelPayload! } " + payload, goodMutation,
		"mutation orderCancel does not take exactly one argument input",
	},
	{
		"mutation", "no payload",
		"type Mutation { orderCancel(input: OrderCancelInput!): Order } " + payload, goodMutation,
		"mutation orderCancel does not return a Payload type",
	},
	{
		"mutation", "no userErrors",
		"type Mutation { orderCancel(input: OrderCancelInput!): BarePayload } type BarePayload { order: Order } " + payload, goodMutation,
		"BarePayload has no field userErrors: [UserError!]!",
	},
	{
		"mutation", "non-null result",
		"type Mutation { orderCancel(input: OrderCancelInput!): SurePayload } " +
			"type SurePayload { order: Order! userErrors: [UserError!]! } " + payload, goodMutation,
		"SurePayload.order is non-null",
	},
	{
		"mutation", "promised",
		"type Mutation { orderCancel(input: OrderCancelInput!): OrderCancelPayload! } " + payload, goodMutation,
		"mutation orderCancel promises a value",
	},
	{
		"personal", "filter",
		person + "input PersonFilter { name: String }", person + "input PersonFilter { name: String @personal, number: String } input OrderFilter { id: ID }",
		"PersonFilter.name filters by personal data",
	},
	{
		"personal", "filter of another object's field",
		person + "input OrderFilter { name: String }", person + "type Article { name: String } input ArticleFilter { name: String }",
		"OrderFilter.name filters by personal data",
	},
	{
		"personal", "order",
		person + "enum PersonOrderField { BIRTH_NAME }", person + "enum PersonOrderField { BIRTH_NAME @personal, NUMBER }",
		"PersonOrderField.BIRTH_NAME sorts by personal data",
	},
	{
		"personal", "search",
		person + "extend type Query { find(text: String!): [Person!] }",
		person + "extend type Query { find(text: String! @personal): [Person!], person(number: String): Person, orders(search: String): [Order!] }",
		"Query.find(text) searches personal data",
	},
	{
		"personal", "search of a connection by a name",
		person + "type PersonConnection { nodes: [Person!]! } extend type Query { people(name: String): PersonConnection }",
		person + "type PersonConnection { nodes: [Person!]! } extend type Query { people(after: String, name: String @personal): PersonConnection }",
		"Query.people(name) searches personal data",
	},
	{"money", "decimal", "type A { unitPrice: Decimal! }", "type A { unitPrice: Money! }", "A.unitPrice is an amount of money of type Decimal!, not Money"},
	{"money", "list of floats", "type A { totals: Int, total: [Float!] }", "type A { totalCount: Int!, total: [Money!] }", "A.total"},
	{"money", "input", "input A { amount: String }", "input AFilter { amount: Decimal }", "A.amount"},
	{"time", "instant", "type A { shippedAt: Date }", "type A { shippedAt: DateTime, flat: String }", "A.shippedAt is Date: its name promises DateTime"},
	{"time", "day", "type A { dueOn: String! }", "type A { dueOn: Date!, on: Boolean }", "A.dueOn is String!: its name promises Date"},
	{
		"time", "argument and filter", "type A { b(since: Int, changedAt: Int): Int }",
		"input DateTimeFilter { gt: DateTime } input AFilter { changedAt: DateTimeFilter }", "A.b(changedAt)",
	},
	{
		"filter", "entity without not",
		"input OrderFilter { and: [OrderFilter!], or: [OrderFilter!] }",
		"input OrderFilter { and: [OrderFilter!], or: [OrderFilter!], not: OrderFilter } input StatusFilter { eq: String }",
		"OrderFilter has no field not: OrderFilter",
	},
	{
		"filter", "other name",
		"input Wish { a: Int } extend type Query { a(filter: Wish): Int }",
		"input WishFilter { a: Int } extend type Query { a(filter: WishFilter): Int }",
		"Query.a(filter) is Wish, not a <Noun>Filter",
	},
	{
		"order", "field of another enum",
		"enum Column { A } input OrderOrder { field: Column!, direction: OrderDirection! }", goodOrder,
		"OrderOrder has no field field: OrderOrderField!",
	},
	{
		"order", "direction missing", "enum OrderOrderField { A } input OrderOrder { field: OrderOrderField! }", goodOrder,
		"OrderOrder has no field direction",
	},
	{
		"order", "direction a string",
		"enum OrderOrderField { A } input OrderOrder { field: OrderOrderField!, direction: String! }", goodOrder,
		"OrderOrder has no field direction",
	},
	{
		"order", "not a list", goodOrder + " extend type Query { a(orderBy: OrderOrder): Int }",
		goodOrder + " extend type Query { a(orderBy: [OrderOrder!]): Int }", "Query.a(orderBy) is OrderOrder, not a list",
	},
}

const payload = "input OrderCancelInput { id: ID! } type OrderCancelPayload { order: Order userErrors: [UserError!]! }"

const goodMutation = "type Mutation { orderCancel(input: OrderCancelInput!): OrderCancelPayload } " + payload

const goodOrder = "enum OrderOrderField { A } input OrderOrder { field: OrderOrderField!, direction: OrderDirection! = ASC }"

// person is somebody with names.
const person = "type Person { number: String, name: String @personal, birthName: String @personal } "

const goodConnection = "type OrderEdge { cursor: String! node: Order! }\n" +
	"type OrderConnection { edges: [OrderEdge!]! nodes: [Order!]! pageInfo: PageInfo! }"

func connection(fields string) string {
	return "type OrderEdge { cursor: String! node: Order! }\ntype OrderConnection { " + fields + " }"
}

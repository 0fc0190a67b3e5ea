// The page's own script: GraphiQL over /graphql, with a first query that shows a whole customer.
(function () {
  "use strict";

  var firstQuery = [
    "# Everything about one customer, in one request.",
    "# Run it with the pink button, or Ctrl-Enter.",
    "# The book at the left describes every type.",
    "# For other customers, change the variables below:",
    "#   { customers(first: 5) { nodes { number name } } }",
    "query Customer360($number: String!) {",
    "  customer(number: $number) {",
    "    id number name segment status",
    "    accountManager { name }",
    "    contacts(first: 5) { nodes { name email phone role } }",
    "    sites(first: 5) { nodes { name address { city countryCode } } }",
    "    credit { limit { amount currencyCode } used { amount } available { amount } components { kind amount { amount } counted } }",
    "    ageing { currencyCode buckets { fromDays toDays amount { amount } count } }",
    "    orders(first: 10, orderBy: [{ field: PLACED_AT, direction: DESC }]) {",
    "      totalCount",
    "      nodes {",
    "        id number status placedAt promisedOn total { amount currencyCode }",
    "        lines(first: 20) { nodes { quantity unitPrice { amount } product { sku name } } }",
    "        shipments(first: 5) { nodes { trackingNumber carrier { code name } milestone eta { earliest latest }",
    "          events(first: 5) { nodes { occurredAt milestone rawCode location } } } }",
    "      }",
    "    }",
    "    invoices(first: 10, filter: { balance: { gt: \"0\" } }) { nodes { number dueOn total { amount } balance { amount } } }",
    "    interactions(first: 5) { nodes { occurredAt channel subject } }",
    "    timeline(first: 20) { nodes { __typename id occurredAt } }",
    "  }",
    "}",
    ""
  ].join("\n");

  var endpoint = new URL("/graphql", window.location.href);
  var socket = new URL(endpoint);
  socket.protocol = endpoint.protocol === "https:" ? "wss:" : "ws:";

  // A customer number that exists, for the variables: asked of the API, since imported data has its own numbers.
  function someNumber() {
    return fetch(endpoint, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify({ query: "{ customers(first: 1) { nodes { number } } }" })
    })
      .then(function (response) { return response.json(); })
      .then(function (answer) { return answer.data.customers.nodes[0].number; })
      .catch(function () { return "C-1001"; });
  }

  function show(number) {
    var fetcher = GraphiQL.createFetcher({
      url: endpoint.href,
      wsClient: graphqlWs.createClient({ url: socket.href, lazy: true })
    });
    var root = ReactDOM.createRoot(document.getElementById("graphiql"));
    root.render(React.createElement(GraphiQL, {
      fetcher: fetcher,
      defaultQuery: firstQuery,
      variables: JSON.stringify({ number: number }, null, 2),
      isHeadersEditorEnabled: true,
      shouldPersistHeaders: false,
      defaultEditorToolsVisibility: "variables",
      inputValueDeprecation: true
    }));
  }

  someNumber().then(show);
})();

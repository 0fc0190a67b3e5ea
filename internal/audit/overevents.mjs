// The client of graphql-sse, in distinct connections mode, against the server.

import assert from 'node:assert/strict';
import { createClient } from 'graphql-sse';

function open(url, options = {}) {
  return createClient({ url, singleConnection: false, retryAttempts: 0, ...options });
}

async function collect(client, request) {
  const results = [];
  for await (const result of client.iterate(request)) results.push(result);
  return results;
}

export function overEvents(url) {
  return [
    {
      name: 'graphql-sse: a query',
      async run() {
        assert.deepEqual(await collect(open(url), { query: '{ hello }' }), [{ data: { hello: 'Hello' } }]);
      },
    },
    {
      name: 'graphql-sse: a mutation',
      async run() {
        assert.deepEqual(await collect(open(url), { query: 'mutation { touch }' }), [{ data: { touch: 0 } }]);
      },
    },
    {
      name: 'graphql-sse: subscriptions side by side',
      async run() {
        const client = open(url);
        const query = 'subscription C($to: Int!) { count(to: $to) }';
        const all = await Promise.all([1, 5, 100].map((to) => collect(client, { query, variables: { to } })));
        assert.deepEqual(all.map((results) => results.length), [1, 5, 100]);
        assert.deepEqual(all[2][99], { data: { count: 100 } });
      },
    },
    {
      name: 'graphql-sse: a subscription left early',
      async run() {
        for await (const result of open(url).iterate({ query: 'subscription { count(to: 1000) }' })) {
          if (result.data.count === 3) break;
        }
      },
    },
    {
      name: 'graphql-sse: a request error is a result',
      async run() {
        const [result] = await collect(open(url), { query: '{ nothing }' });
        assert.equal(result.data, undefined);
        assert.match(result.errors[0].message, /nothing/);
      },
    },
    {
      name: 'graphql-sse: text with line breaks and more',
      async run() {
        const text = 'a\nb\r\nc\u2028 \u{1F69A} "\\';
        const [result] = await collect(open(url), { query: 'query E($text: String!) { echo(text: $text) }', variables: { text } });
        assert.equal(result.data.echo, text);
      },
    },
    {
      name: 'graphql-sse: deferred parts',
      async run() {
        const results = await collect(open(url), { query: '{ hello ... @defer(label: "later") { custom } }' });
        assert.deepEqual(results, [
          { data: { hello: 'Hello' }, hasNext: true },
          { incremental: [{ data: { custom: null }, path: [], label: 'later' }], hasNext: false },
        ]);
      },
    },
    {
      name: 'graphql-sse: a trusted document',
      async run() {
        assert.deepEqual(await collect(open(url), { documentId: 'hello' }), [{ data: { hello: 'Hello' } }]);
      },
    },
    {
      name: 'graphql-sse: a malformed request',
      async run() {
        await assert.rejects(collect(open(url), { query: 7 }), (error) => error.response?.status === 400);
      },
    },
  ];
}

// The client of graphql-ws against the server.

import assert from 'node:assert/strict';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

function open(url, options = {}) {
  return createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket, retryAttempts: 0, ...options });
}

async function collect(client, query, variables) {
  const results = [];
  for await (const result of client.iterate({ query, variables })) results.push(result);
  return results;
}

// closeOf is the code and reason that the server ends the connection with.
function closeOf(url, options, query) {
  return new Promise((resolve) => {
    const client = open(url, { ...options, on: { closed: ({ code, reason }) => resolve(`${code} ${reason}`) } });
    client.subscribe({ query }, { next() {}, error() {}, complete() {} });
  });
}

function closeOfText(url, text, subprotocol = 'graphql-transport-ws') {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url.replace('http', 'ws'), subprotocol);
    socket.on('open', () => socket.send(text));
    socket.on('close', (code, reason) => resolve(`${code} ${reason}`));
    socket.on('error', reject);
  });
}

export function overSocket(url) {
  return [
    {
      name: 'graphql-ws: a query',
      async run() {
        const client = open(url);
        assert.deepEqual(await collect(client, '{ hello }'), [{ data: { hello: 'Hello' } }]);
        await client.dispose();
      },
    },
    {
      name: 'graphql-ws: a mutation',
      async run() {
        const client = open(url);
        assert.deepEqual(await collect(client, 'mutation { touch }'), [{ data: { touch: 0 } }]);
        await client.dispose();
      },
    },
    {
      name: 'graphql-ws: subscriptions side by side',
      async run() {
        const client = open(url);
        const query = 'subscription C($to: Int!) { count(to: $to) }';
        const all = await Promise.all([1, 5, 100].map((to) => collect(client, query, { to })));
        assert.deepEqual(all.map((results) => results.length), [1, 5, 100]);
        assert.deepEqual(all[2][99], { data: { count: 100 } });
        await client.dispose();
      },
    },
    {
      name: 'graphql-ws: a subscription left early, and the connection used on',
      async run() {
        const client = open(url);
        for await (const result of client.iterate({ query: 'subscription { count(to: 1000) }' })) {
          if (result.data.count === 3) break;
        }
        assert.deepEqual(await collect(client, '{ hello }'), [{ data: { hello: 'Hello' } }]);
        await client.dispose();
      },
    },
    {
      name: 'graphql-ws: data beside errors',
      async run() {
        const client = open(url);
        const [result] = await collect(client, '{ hello broken }');
        assert.equal(result.data.hello, 'Hello');
        assert.equal(result.errors.length, 1);
        await client.dispose();
      },
    },
    {
      name: 'graphql-ws: a request error',
      async run() {
        const client = open(url);
        await assert.rejects(collect(client, '{ nothing }'), (errors) => Array.isArray(errors) && /nothing/.test(errors[0].message));
        await client.dispose();
      },
    },
    {
      name: 'graphql-ws: pings of the protocol',
      async run() {
        let pong;
        const ponged = new Promise((resolve) => (pong = resolve));
        const client = open(url, { lazy: false, keepAlive: 10, on: { pong: (received) => received && pong() } });
        await ponged;
        await client.dispose();
      },
    },
    {
      name: 'graphql-ws: a client that is not let in',
      async run() {
        assert.equal(await closeOf(url, { connectionParams: { token: 'stranger' } }, '{ hello }'), '4403 Forbidden');
      },
    },
    {
      name: 'graphql-ws: a token that runs out',
      async run() {
        assert.equal(await closeOf(url, { connectionParams: { token: 'short' }, lazy: false, onNonLazyError() {} }, '{ hello }'), '4401 The token has expired');
      },
    },
    {
      // The client checks what it sends, so this one is done by hand.
      name: 'websocket: messages that are none',
      async run() {
        assert.equal(await closeOfText(url, 'nonsense'), '4400 Invalid message');
        assert.equal(await closeOfText(url, '{"type":"subscribe","id":"a","payload":{"query":"{ hello }"}}'), '4401 Unauthorized');
      },
    },
    {
      name: 'websocket: no subprotocol',
      async run() {
        assert.equal(await closeOfText(url, '{"type":"connection_init"}', []), '4406 Subprotocol not acceptable');
      },
    },
  ];
}

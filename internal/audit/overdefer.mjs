// Apollo's client, against deferred parts: an answer that is not whole must not look whole.

import assert from 'node:assert/strict';
import { ApolloClient, HttpLink, InMemoryCache, gql } from '@apollo/client';
import { Defer20220824Handler } from '@apollo/client/incremental';

function states(url, text) {
  const link = new HttpLink({ uri: url });
  const client = new ApolloClient({ link, cache: new InMemoryCache(), incrementalHandler: new Defer20220824Handler() });
  const seen = [];
  return new Promise((resolve, reject) => {
    const subscription = client.watchQuery({ query: gql(text) }).subscribe({
      next({ dataState, data, error }) {
        if (error) reject(error);
        if (data) {
          const { __typename, ...fields } = data;
          seen.push({ dataState, data: fields });
        }
        if (dataState === 'complete') {
          subscription.unsubscribe();
          client.stop();
          resolve(seen);
        }
      },
      error: reject,
    });
  });
}

export function overDefer(url) {
  return [
    {
      name: '@apollo/client: deferred parts',
      async run() {
        const seen = await states(url, '{ hello ... @defer(label: "later") { custom } }');
        assert.deepEqual(seen, [
          { dataState: 'streaming', data: { hello: 'Hello' } },
          { dataState: 'complete', data: { hello: 'Hello', custom: null } },
        ]);
      },
    },
    {
      name: '@apollo/client: nothing deferred',
      async run() {
        assert.deepEqual(await states(url, '{ hello }'), [{ dataState: 'complete', data: { hello: 'Hello' } }]);
      },
    },
  ];
}

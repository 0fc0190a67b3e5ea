// The audit suite of graphql-http, as it stands and once more by a client that passes the protection against foreign pages.

import { serverAudits } from 'graphql-http';

// The audits that a server may fail, and that ours means to fail; docs/http.md says why. All are optional (MAY).
const meant = {
  '5A70': 'a GET without a header that browsers ask about before sending is refused',
  D6D5: 'a GET without a header that browsers ask about before sending is refused',
  '6A70': 'a GET without a header that browsers ask about before sending is refused',
};

function fetchWithPreflight(url, init = {}) {
  const get = !init.method || init.method === 'GET';
  return fetch(url, get ? { ...init, headers: { ...init.headers, 'graphql-require-preflight': '1' } } : init);
}

function checks(label, url, fetchFn, allowed) {
  return serverAudits({ url, fetchFn }).map((audit) => ({
    name: `${label} ${audit.id} ${audit.name}`,
    async run() {
      const result = await audit.fn();
      await result.response?.body?.cancel();
      const reason = allowed[audit.id];
      if (result.status === 'ok') {
        if (reason) throw new Error('passes, though the list of exceptions says that it does not');
        return;
      }
      if (result.status !== 'notice' || !reason) throw new Error(`${result.status}: ${result.reason}`);
      return `notice, as meant: ${reason}`;
    },
  }));
}

export function overHTTP(url) {
  return [...checks('plain', url, fetch, meant), ...checks('preflight', url, fetchWithPreflight, {})];
}

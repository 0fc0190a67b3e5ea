// Audits a GraphQL server with the suite of graphql-http and with the clients of graphql-ws and graphql-sse.
//
//   node run.mjs        starts Vigie's transports over a small schema and audits all of it
//   node run.mjs URL    audits GraphQL over HTTP at a server that runs already

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { overHTTP } from './overhttp.mjs';
import { overSocket } from './oversocket.mjs';
import { overDefer } from './overdefer.mjs';
import { overEvents } from './overevents.mjs';

// Longest wait for one check, in milliseconds: a client that waits for ever is a failure too.
const patience = 30_000;

const root = fileURLToPath(new URL('../..', import.meta.url));

// start runs the server until its standard input ends, which it does at the latest with this process.
async function start() {
  const server = spawn('go', ['run', './graph/transport/transporttest/serve'], { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => server.once('close', resolve));
  for await (const line of createInterface({ input: server.stdout })) {
    return {
      url: line.trim(),
      async stop() {
        server.stdin.end();
        await ended;
      },
    };
  }
  throw new Error(`the server did not start: exit code ${await ended}`);
}

function within(promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no end after ${patience} ms`)), patience);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

async function runAll(checks) {
  let passed = 0;
  let failed = 0;
  for (const { name, run } of checks) {
    try {
      const remark = await within(run());
      passed++;
      if (remark) console.log(`note  ${name}: ${remark}`);
    } catch (error) {
      failed++;
      console.log(`FAIL  ${name}: ${error.message}`);
    }
  }
  console.log(`${passed} passed, ${failed} failed`);
  return failed;
}

const given = process.argv[2];
const server = given ? { url: given, stop: async () => {} } : await start();
try {
  const checks = given ? overHTTP(server.url) : [...overHTTP(server.url), ...overSocket(server.url), ...overEvents(server.url), ...overDefer(server.url)];
  process.exitCode = (await runAll(checks)) ? 1 : 0;
} finally {
  await server.stop();
}

import { PatientExchanges } from './patient-exchanges.ts';

/**
 * For the stories: what the outside runs. Exchanges whose price walks, and a forwarder by which the test
 * reaches the machines as a trader does. usage: outside-program.ts <socket> <address of the exchanges>
 */

const [socket, address] = process.argv.slice(2) as [string, string];
const exchanges = new PatientExchanges(address);

/** Headers that belong to one line. */
const OF_A_LINE = [
  'host',
  'connection',
  'content-length',
  'content-encoding',
  'transfer-encoding',
  'x-to',
  'x-ca',
];

async function forward(request: Request): Promise<Response> {
  const headers = new Headers(request.headers);
  for (const name of OF_A_LINE) headers.delete(name);
  const ca = await Bun.file(request.headers.get('x-ca')!).text();
  const answer = await fetch(request.headers.get('x-to')!, {
    method: request.method,
    headers,
    body: request.method === 'GET' ? null : await request.text(),
    redirect: 'manual',
    keepalive: false,
    tls: { ca },
  });
  const said = new Headers(answer.headers);
  for (const name of OF_A_LINE) said.delete(name);
  return new Response(await answer.arrayBuffer(), { status: answer.status, headers: said });
}

Bun.serve({
  unix: socket,
  async fetch(request) {
    if (new URL(request.url).pathname === '/urls') return new Response(exchanges.urls());
    return forward(request).catch((cause: Error) => new Response(cause.message, { status: 599 }));
  },
});
console.log('ready');

import { check, sleep } from 'k6';
import { WebSocket } from './socket.ts';
import { Client, SOCKET_URL, socketHeaders, tapsAccepted } from './client.ts';
import { NO_FAULTS } from './pass-marks.ts';

/** Every call once, by one user, over HTTP and over the socket: does it work at all? */
export const options = {
  vus: 1,
  iterations: 1,
  thresholds: { ...NO_FAULTS, checks: ['rate==1'], taps_accepted: ['count>=3'] },
};

export default async function (): Promise<void> {
  const client = await Client.open();
  check(client, { 'a practice account opens': (opened) => opened !== null });
  if (client === null) return;

  const order = await client.order(2);
  check(order, { 'cells are on sale': (made) => made !== null });
  if (order === null) return;
  const placed = client.send(order);
  const { results } = placed.json() as { results: { status: string; betId: string }[] };
  check(placed, { 'a swipe of two is answered': ({ status }) => status === 200 && results.length === 2 });
  check(results, { 'both taps are accepted': (all) => all.every(({ status }) => status === 'accepted') });
  check(client.send(order), {
    'the same order again gets the same answer': (again) =>
      again.status === 200 &&
      again.json().replayed === true &&
      again.json().results[0].betId === results[0]!.betId,
  });

  check(client.get('/api/v1/account'), {
    'the stakes are deducted': (answer) => answer.json().openStake === 2 * order.taps[0]!.stake,
  });
  check(client.get('/api/v1/bets?status=open'), {
    'both bets are open': (answer) => answer.json().bets.length === 2,
  });
  check(client.get('/api/v1/account/statement'), {
    'the statement has grant and stakes': (answer) =>
      JSON.stringify(answer.json()).match(/"(grant|stake)"/g)?.length === 3,
  });
  check(client.get(`/api/v1/bets/${results[0]!.betId}/receipt`), {
    'there is a receipt': (answer) =>
      answer.status === 200 && answer.json().order.text.startsWith('tapgrid-tap-v1\n'),
  });
  for (const path of [
    '/api/v1/fairness',
    '/api/v1/chain',
    `/api/v1/ticks?from=${Date.now() - 2000}&to=${Date.now()}`,
  ])
    check(client.get(path), { [`${path.split('?')[0]} answers`]: ({ status }) => status === 200 });

  sleep(1);
  const next = await client.order(1);
  const heard = await overSocket(client, JSON.stringify({ type: 'taps', ...next }));
  check(heard, {
    'the socket streams ticks': ({ ticks }) => ticks > 0,
    'the socket takes a tap': ({ accepted }) => accepted === 1,
  });
}

/** Sends one frame, and listens for a second. */
function overSocket(
  client: Client,
  frame: string,
): Promise<{ readonly ticks: number; readonly accepted: number }> {
  return new Promise((resolve) => {
    let [ticks, accepted] = [0, 0];
    const socket = new WebSocket(SOCKET_URL, null, { headers: socketHeaders(client.token) });
    socket.onopen = () => {
      socket.send(frame);
      setTimeout(() => socket.close(), 1000);
    };
    socket.onmessage = ({ data }) => {
      const message = JSON.parse(data) as { type: string; results?: { status: string }[] };
      if (message.type === 'tick') ticks++;
      for (const { status } of message.results ?? []) if (status === 'accepted') accepted++;
      if (message.type === 'answer') tapsAccepted.add(accepted);
    };
    socket.onerror = () => {};
    socket.onclose = () => resolve({ ticks, accepted });
  });
}

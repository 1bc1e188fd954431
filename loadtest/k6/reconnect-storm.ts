import { sleep } from 'k6';
import { Trend } from 'k6/metrics';
import { mine } from './client.ts';
import { listen, socketsRefused } from './stream.ts';
import { setting } from './target.ts';
import { NO_FAULTS } from './pass-marks.ts';

/**
 * USERS sockets lose the server at the same moment, STORM_SECONDS after the start: restart it then, or let
 * the script close them by itself. Each comes back as the page does: after a random part of a wait that
 * doubles with every refusal. All must be back soon, and a server that cannot take one says so with 503 and
 * Retry-After.
 */
const users = setting('USERS', 500, 10_000);
const stormMs = setting('STORM_SECONDS', 30, 3600) * 1000;
const WAIT_SECONDS_FIRST = 1;
const WAIT_SECONDS_MAX = 10;
const AFTERWARDS_MS = 10_000;

const backAfter = new Trend('back_after', true);

export const options = {
  scenarios: {
    storm: {
      executor: 'per-vu-iterations',
      vus: users,
      iterations: 1,
      maxDuration: `${stormMs / 1000 + 120}s`,
    },
  },
  thresholds: {
    busy_without_retry_after: NO_FAULTS.busy_without_retry_after,
    back_after: ['p(95)<10000', 'max<30000'],
  },
};

export function setup(): number {
  return Date.now() + stormMs;
}

export default async function (stormAt: number): Promise<void> {
  sleep(Math.random() * Math.min(10, stormMs / 2000));
  const client = await mine();
  if (client === null) return;
  await listen(client, Math.max(0, stormAt - Date.now()));
  const lostAt = Date.now();
  for (let wait = WAIT_SECONDS_FIRST; ; wait = Math.min(WAIT_SECONDS_MAX, wait * 2)) {
    sleep(Math.random() * wait);
    const asked = Date.now();
    const { opened } = await listen(client, AFTERWARDS_MS);
    if (opened) return backAfter.add(asked - lostAt);
    socketsRefused.add(1);
  }
}

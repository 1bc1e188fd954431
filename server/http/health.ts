import type { Health, HealthCause } from '../ports/events.ts';
import type { HttpDeps } from './deps.ts';

/** One line of the health answer. */
export interface HealthCheck {
  readonly name: string;
  readonly state: 'ok' | 'degraded' | 'failed';
  readonly detail: string;
}

/** The causes that each check is about. */
const CHECKS: readonly (readonly [name: string, causes: readonly HealthCause[], fine: string])[] = [
  ['start', ['starting'], 'started'],
  ['writer', ['writer_failed'], 'commits'],
  ['operator', ['operator'], 'no halt'],
  ['price', ['price_stale', 'price_frozen'], 'fresh'],
  ['venues', ['no_quorum', 'venues_apart'], 'agree'],
  ['commit', ['commit_slow'], 'quick'],
  ['queue', ['queue_full'], 'has room'],
  ['wal', ['wal_large'], 'small'],
  ['disk', ['disk_full'], 'has room'],
  ['clock', ['clock_step'], 'steady'],
];

type HealthDeps = Pick<HttpDeps, 'house' | 'books' | 'now' | 'draining'>;

/** 200 while taps are taken, degraded included; 503 while the breaker is open. */
export function healthz({ house, books, now, draining }: HealthDeps): Response {
  const health = house.health();
  const tick = house.board()?.tick ?? null;
  const body = {
    state: health.state,
    draining: draining(),
    causes: health.causes,
    checks: checksOf(health),
    feed: { label: house.feedLabel, simulated: house.simulated, tickAgeMs: tick === null ? null : Math.max(0, now() - tick.at) },
    queuedTaps: house.counters().queued,
    chain: books.chain(),
  };
  return plainJson(body, health.state === 'open' ? 503 : 200);
}

/** 200 when this process should get requests: there is a board, and it is not closing. A halted house still shows its pages. */
export function readyz({ house, draining }: HealthDeps): Response {
  const ready = house.board() !== null && !draining();
  return plainJson({ ready }, ready ? 200 : 503);
}

function checksOf({ causes }: Health): HealthCheck[] {
  return CHECKS.map(([name, about, fine]) => {
    const found = causes.find(({ cause }) => about.includes(cause));
    if (found === undefined) return { name, state: 'ok', detail: fine };
    return { name, state: found.severity === 'open' ? 'failed' : 'degraded', detail: `${found.cause}: ${found.detail}` };
  });
}

const plainJson = (body: unknown, status: number): Response => Response.json(body, { status, headers: { 'cache-control': 'no-store' } });

import { BUILD } from '../ports/build.ts';
import { causesInOrder } from '../ports/cause-order.ts';
import type { Health, HealthCause } from '../ports/events.ts';
import type { HttpDeps } from './deps.ts';

/** Causes with which a process gets no requests. */
const DOES_NOT_SERVE: ReadonlySet<HealthCause> = new Set(['books_gone', 'engine_away']);

/** One line of the health answer. */
export interface HealthCheck {
  readonly name: CheckName;
  readonly state: 'ok' | 'degraded' | 'failed';
  readonly detail: string;
}

/** The check that each cause belongs to: the compiler sees to it that none is left out. */
const CHECK_OF: Readonly<Record<HealthCause, CheckName>> = {
  starting: 'start',
  books_gone: 'books',
  writer_failed: 'writer',
  operator: 'operator',
  maintenance: 'operator',
  recording_over: 'price',
  price_stale: 'price',
  price_frozen: 'price',
  no_quorum: 'venues',
  venues_apart: 'venues',
  commit_slow: 'commit',
  queue_full: 'queue',
  wal_large: 'wal',
  disk_full: 'disk',
  clock_step: 'clock',
  clock_off: 'clock',
  redis_away: 'redis',
  engine_away: 'start',
};
/** What is said of a check when nothing is wrong. */
const FINE = {
  start: 'started',
  books: 'where they were opened',
  writer: 'commits',
  operator: 'no halt',
  price: 'fresh',
  venues: 'agree',
  commit: 'quick',
  queue: 'has room',
  wal: 'small',
  disk: 'has room',
  clock: 'steady',
  redis: 'answers or is not used',
} as const;
type CheckName = keyof typeof FINE;

type HealthDeps = Pick<HttpDeps, 'house' | 'books' | 'now' | 'draining'>;

/** 200 while taps are taken, degraded included; 503 while the breaker is open. */
export function healthz({ house, books, now, draining }: HealthDeps): Response {
  const health = house.health();
  const tick = house.tick();
  const body = {
    state: health.state,
    draining: draining(),
    causes: causesInOrder(health.causes),
    checks: checksOf(health),
    feed: {
      label: house.feedLabel,
      simulated: house.simulated,
      tickAgeMs: tick === null ? null : Math.max(0, now() - tick.at),
    },
    queuedTaps: house.counters().queued,
    house: books.house(),
    chain: books.chain(),
    headline: house.calendar().notice,
  };
  return plainJson(body, health.state === 'open' ? 503 : 200);
}

/**
 * 200 when this process should get requests: it listens, and is not closing. Without prices, or halted, a
 * house still shows its pages and pays what is won; that is the breaker's to tell. Without its books it pays
 * nothing, and an edge without its engine neither takes a tap nor signs anybody in.
 */
export function readyz({ house, draining }: Pick<HealthDeps, 'house' | 'draining'>): Response {
  const ready = !draining() && !house.health().causes.some(({ cause }) => DOES_NOT_SERVE.has(cause));
  return plainJson({ ready }, ready ? 200 : 503);
}

/**
 * What runs here. Anybody may know: traders may ask for the sources of exactly this version, and for a
 * verifier of it.
 */
export const versionAnswer = (): Response => plainJson(BUILD, 200);

function checksOf({ causes }: Health): HealthCheck[] {
  return (Object.keys(FINE) as CheckName[]).map((name) => {
    const found = causes.find(
      ({ cause }) => CHECK_OF[cause] === name || (name === 'price' && cause === 'starting'),
    );
    if (found === undefined) return { name, state: 'ok', detail: FINE[name] };
    return {
      name,
      state: found.severity === 'open' ? 'failed' : 'degraded',
      detail: `${found.cause}: ${found.detail}`,
    };
  });
}

const plainJson = (body: unknown, status: number): Response =>
  Response.json(body, { status, headers: { 'cache-control': 'no-store' } });

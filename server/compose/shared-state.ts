import { NonceBook } from '../identity/nonces.ts';
import { Rates } from '../identity/rates.ts';
import type { Events } from '../ports/events.ts';
import type { OrderAnswer } from '../ports/house.ts';
import type { Log } from '../ports/log.ts';
import type { Nonces } from '../ports/nonces.ts';
import type { Limiter, RateRule } from '../ports/rates.ts';
import type { LocalSessions, SessionEnd, Sessions } from '../ports/sessions.ts';
import { FanOut } from '../redis/fan-out.ts';
import { RedisLink } from '../redis/link.ts';
import { SharedNonces } from '../redis/nonces.ts';
import { SharedRates } from '../redis/rates.ts';
import { SharedSessions } from '../redis/sessions.ts';
import type { Opened } from './opened.ts';

/** What may vanish without losing money: this process's own, or what all processes have over Redis. */
export interface SharedState {
  readonly nonces: Nonces;
  /** A limit by its name; limits of the same name count together. */
  rates(name: string, rule: RateRule): Limiter;
  sessions(local: LocalSessions, idleMs: number): Sessions & { forget(end: SessionEnd): unknown };
  /** Why Redis is away; null while it answers, and where there is none. */
  away(): string | null;
  /** Passes the house's events on to other processes, from this call on. */
  publish(events: Events): void;
}

/** @param url of Redis; null where this process is alone. */
export function openSharedState(
  url: string | null,
  log: Pick<Log, 'info' | 'warn'>,
  opened: Opened,
): SharedState {
  const nonces = new NonceBook<OrderAnswer>();
  if (url === null)
    return {
      nonces,
      rates: (_, rule) => new Rates(rule),
      sessions: (local) => local,
      away: () => null,
      publish: () => {},
    };
  const link = opened.add('lines to Redis', new RedisLink(url, log), (lines) => lines.close());
  return {
    nonces: new SharedNonces(link, nonces),
    rates: (name, rule) => new SharedRates(link, name, rule, new Rates(rule)),
    sessions: (local, idleMs) => new SharedSessions(link, local, idleMs),
    away: () => link.away,
    publish: (events) => void new FanOut(link).listen(events),
  };
}

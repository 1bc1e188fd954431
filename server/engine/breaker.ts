import { present } from '../game/present.ts';
import { clockOffWords } from '../ports/clock-off.ts';
import type { BreakerState, Health, HealthCause } from '../ports/events.ts';
import { CLOCK_STEP_MS } from './ticker.ts';

export interface BreakerLimits {
  readonly staleDegradedMs: number;
  readonly staleOpenMs: number;
  readonly hysteresisMs: number;
}

/** What is measured once per step of the oracle. */
export interface Vitals {
  readonly now: number;
  /** Null before the first tick of this run. */
  readonly lastTickAt: number | null;
  /** Null before the first look at them. */
  readonly aliveVenues: number | null;
  readonly quorum: number;
  /** Why venues that are there make no tick, in words; null while they do. */
  readonly apart: string | null;
  /** Exchange time less ours, ms, where all exchanges say alike that this clock is off; else null. */
  readonly clockOffMs: number | null;
  /** The recording that was played has ended: no price comes any more. */
  readonly recordingOver: boolean;
  readonly pause: string | null;
  readonly commitMs: number;
  readonly queueShare: number;
  readonly walBytes: number;
  /** Used share of the disk that holds the data, 0 to 1. */
  readonly diskUsedShare: number;
  readonly clockStepMs: number;
  /**
   * How far the clock stands behind the last tick, of this run or an earlier one; 0 when it does not. Until
   * it has caught up there are no ticks.
   */
  readonly clockBehindMs: number;
  /** Bets of the run before were taken on other prices: there are no ticks until they are over. */
  readonly isQuiet?: boolean;
  /** Why the open books are not where they were opened; null while they are. */
  readonly booksGone: string | null;
  readonly writerFailed: boolean;
  readonly operatorHalt: string | null;
  /** An announced maintenance that is under way, in words. */
  readonly maintenance: string | null;
  /** Why Redis is away; null while it answers, and where there is none. */
  readonly redisAway: string | null;
}

type Severity = Exclude<BreakerState, 'closed'>;
interface Finding {
  readonly cause: HealthCause;
  readonly severity: Severity;
  readonly detail: string;
}

const COMMIT_DEGRADED_MS = 250;
const COMMIT_OPEN_MS = 2_000;
const QUEUE_DEGRADED_SHARE = 0.5;
const WAL_DEGRADED_BYTES = 256 * 1024 * 1024;
const WAL_OPEN_BYTES = 2 * 1024 * 1024 * 1024;
/** Warning, and the end of new bets; what is open is settled to the last byte. */
const DISK_DEGRADED_SHARE = 0.7;
const DISK_OPEN_SHARE = 0.85;
/** From here on nothing is written but ticks and settlements. */
export const DISK_EMERGENCY_SHARE = 0.95;

/**
 * closed → degraded → open → (a time of health) → closed, each with named causes. Open refuses taps;
 * resolving and paying continue. A start is open until the first tick, and a maintenance until its end,
 * without the time of health after it.
 */
export class Breaker {
  /** The same object while only running figures change: what is published. */
  #emitted: Health = { state: 'open', causes: [] };
  #health: Health = this.#emitted;
  #since = new Map<HealthCause, number>();
  #openUntil = 0;

  constructor(private readonly limits: BreakerLimits) {}

  /** As of the last judgement, with the figures of that moment. */
  get health(): Health {
    return this.#health;
  }

  /** @returns the health as it is worth telling: the same object while nothing but figures changed. */
  judge(vitals: Vitals): Health {
    const findings = findingsOf(vitals, this.limits);
    const open = findings.some(({ severity }) => severity === 'open');
    const settles = findings.some(({ cause, severity }) => severity === 'open' && cause !== 'maintenance');
    if (settles && !findings.some(({ cause }) => cause === 'starting'))
      this.#openUntil = vitals.now + this.limits.hysteresisMs;
    // A clock that was set back must not turn seconds of health into hours.
    this.#openUntil = Math.min(this.#openUntil, vitals.now + this.limits.hysteresisMs);
    const state: BreakerState =
      open || vitals.now < this.#openUntil ? 'open' : findings.length > 0 ? 'degraded' : 'closed';
    this.#since = new Map(findings.map(({ cause }) => [cause, this.#since.get(cause) ?? vitals.now]));
    const isSettling = state === 'open' && !open;
    const until = this.#openUntil;
    this.#health = {
      state,
      causes: findings.map((finding) => ({
        ...finding,
        since: present(this.#since.get(finding.cause), 'beginning of a cause'),
      })),
      ...(isSettling && { settling: { since: until - this.limits.hysteresisMs, until } }),
    };
    if (isNews(this.#health, this.#emitted)) this.#emitted = this.#health;
    return this.#emitted;
  }
}

/** Running figures, like an age, are not news; the number of venues is. */
const isNews = (health: Health, emitted: Health): boolean =>
  health.state !== emitted.state ||
  (health.settling === undefined) !== (emitted.settling === undefined) ||
  health.causes.length !== emitted.causes.length ||
  health.causes.some(({ cause, severity, detail }, index) => {
    const known = emitted.causes[index]!;
    return (
      known.cause !== cause ||
      known.severity !== severity ||
      (cause === 'no_quorum' && known.detail !== detail)
    );
  });

function findingsOf(vitals: Vitals, limits: BreakerLimits): Finding[] {
  const findings: Finding[] = [];
  const find = (cause: HealthCause, severity: Severity | null, detail: string) =>
    severity !== null && findings.push({ cause, severity, detail });
  const graded = (value: number, degradedFrom: number, openFrom: number): Severity | null =>
    value >= openFrom ? 'open' : value >= degradedFrom ? 'degraded' : null;
  if (vitals.booksGone !== null) find('books_gone', 'open', vitals.booksGone);
  if (vitals.writerFailed) find('writer_failed', 'open', 'a commit failed');
  if (vitals.operatorHalt !== null) find('operator', 'open', vitals.operatorHalt);
  if (vitals.maintenance !== null) find('maintenance', 'open', vitals.maintenance);
  if (vitals.recordingOver) find('recording_over', 'open', 'the recording is over');
  if (vitals.lastTickAt === null)
    find(
      'starting',
      'open',
      vitals.isQuiet ? 'prices start when the bets of the previous run are over' : 'no price yet',
    );
  else {
    const age = vitals.now - vitals.lastTickAt;
    find(
      'price_stale',
      graded(age, limits.staleDegradedMs, limits.staleOpenMs),
      `last price ${(age / 1000).toFixed(1)} s ago`,
    );
  }
  if (vitals.aliveVenues !== null && vitals.aliveVenues < vitals.quorum)
    find('no_quorum', 'degraded', `${vitals.aliveVenues} of ${vitals.quorum} venues`);
  const apart =
    vitals.apart ??
    (vitals.pause === 'venues_apart' ? 'the exchanges disagree by more than half a row' : null);
  if (apart !== null) find('venues_apart', 'degraded', apart);
  if (vitals.pause === 'frozen') find('price_frozen', 'degraded', 'the price has not moved for 30 s');
  find(
    'commit_slow',
    graded(vitals.commitMs, COMMIT_DEGRADED_MS, COMMIT_OPEN_MS),
    `last commit took ${Math.round(vitals.commitMs)} ms`,
  );
  // Also when it is full: excess taps are refused one by one, and the rest continue at the highest possible
  // rate.
  find(
    'queue_full',
    vitals.queueShare >= QUEUE_DEGRADED_SHARE ? 'degraded' : null,
    `${Math.round(vitals.queueShare * 100)} % of the queue`,
  );
  find(
    'wal_large',
    graded(vitals.walBytes, WAL_DEGRADED_BYTES, WAL_OPEN_BYTES),
    `${Math.round(vitals.walBytes / 1e6)} MB`,
  );
  find(
    'disk_full',
    graded(vitals.diskUsedShare, DISK_DEGRADED_SHARE, DISK_OPEN_SHARE),
    `${Math.round(vitals.diskUsedShare * 100)} % of the disk`,
  );
  if (vitals.clockBehindMs >= CLOCK_STEP_MS)
    find(
      'clock_step',
      'open',
      `the clock is ${Math.ceil(vitals.clockBehindMs / 1000)} s behind the last price`,
    );
  else
    find(
      'clock_step',
      Math.abs(vitals.clockStepMs) >= CLOCK_STEP_MS ? 'open' : null,
      `the clock stepped by ${vitals.clockStepMs} ms`,
    );
  if (vitals.clockOffMs !== null) find('clock_off', 'degraded', clockOffWords(vitals.clockOffMs));
  if (vitals.redisAway !== null) find('redis_away', 'degraded', vitals.redisAway);
  return findings;
}

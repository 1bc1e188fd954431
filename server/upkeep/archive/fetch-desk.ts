import type { ArchiveDesk, FetchProgress } from '../../ports/archived.ts';

/** Segments that wait to be fetched at most; one more is `busy`. */
export const FETCH_QUEUE_MAX = 32;
/** Segments of one request at most: a bet is in one or two, seldom in more. */
const SEGMENTS_MAX = 4;
/** How long a segment that could not be read is not tried again. */
export const FAILED_MS = 300_000;
/** When to look again at a segment that is being fetched, for each that stands before it. */
const LOOK_MS = 5_000;
/** Longest time that one segment may take. */
const FETCH_MS_MAX = 120_000;
/** How much less of the processor a fetch gets than the server. */
const NICENESS = 10;
const FAULT_LENGTH_MAX = 2_000;

interface FetchParts {
  /** Fetches a segment. @returns a sentence for the operator when it could not be had, or null. */
  readonly start: (segment: number) => Promise<string | null>;
  readonly take: (accountId: string, now: number) => { readonly ok: boolean; readonly retryAfterMs: number };
  readonly now: () => number;
  readonly told: (segment: number, fault: string) => void;
}

/** Fetches what was asked for, first come first served, one segment at a time. */
export class FetchDesk implements ArchiveDesk {
  readonly #waiting: number[] = [];
  readonly #failedAt = new Map<number, number>();
  #fetching: number | null = null;

  constructor(private readonly parts: FetchParts) {}

  progress(segments: readonly number[]): FetchProgress {
    if (segments.length === 0) return { state: 'here', retryAfterMs: null };
    const places = segments.map((number) => (number === this.#fetching ? 0 : this.#waiting.indexOf(number) + 1 || null));
    const place = Math.max(...places.map((one) => one ?? -1));
    if (place >= 0) return { state: place === 0 ? 'fetching' : 'waiting', retryAfterMs: LOOK_MS * (place + 1) };
    const waits = segments.map((number) => FAILED_MS - (this.parts.now() - (this.#failedAt.get(number) ?? -Infinity)));
    const wait = Math.max(...waits);
    return wait > 0 ? { state: 'failed', retryAfterMs: wait } : { state: 'archived', retryAfterMs: null };
  }

  fetch(accountId: string, segments: readonly number[]): ReturnType<ArchiveDesk['fetch']> {
    const before = this.progress(segments);
    if (before.state !== 'archived') return before;
    const wanted = segments.slice(0, SEGMENTS_MAX);
    if (this.#waiting.length + wanted.length > FETCH_QUEUE_MAX) return { code: 'busy', retryAfterMs: LOOK_MS };
    const taken = this.parts.take(accountId, this.parts.now());
    if (!taken.ok) return { code: 'rate_limited', retryAfterMs: taken.retryAfterMs };
    for (const number of wanted) this.#failedAt.delete(number);
    this.#waiting.push(...wanted);
    void this.#next();
    return this.progress(segments);
  }

  async #next(): Promise<void> {
    if (this.#fetching !== null) return;
    for (let number = this.#waiting.shift(); number !== undefined; number = this.#waiting.shift()) {
      this.#fetching = number;
      const fault = await this.parts.start(number).catch((cause) => (cause instanceof Error ? cause.message : String(cause)));
      this.#fetching = null;
      if (fault === null) continue;
      this.#failedAt.set(number, this.parts.now());
      this.parts.told(number, fault);
    }
  }
}

/** Runs `archive.ts fetch`, behind the server at the processor. `stopped` ends it. @returns what it complained of, or null. */
export async function fetchSegment(script: string, execPath: string, number: number, stopped: AbortSignal, env?: Record<string, string | undefined>): Promise<string | null> {
  const nice = Bun.which('nice');
  // A compiled server plays Bun for its scripts when it is told to; Bun itself passes that over.
  const command = ['env', 'BUN_BE_BUN=1', execPath, script, 'fetch', String(number), '--json'];
  const child = Bun.spawn(nice === null ? command : [nice, '-n', String(NICENESS), ...command], {
    ...(env && { env }), stdin: 'ignore', stdout: 'ignore', stderr: 'pipe', signal: AbortSignal.any([stopped, AbortSignal.timeout(FETCH_MS_MAX)]),
  });
  const said = (await new Response(child.stderr).text()).trim();
  return (await child.exited) === 0 ? null : said.slice(-FAULT_LENGTH_MAX) || `it ended with ${child.exitCode ?? child.signalCode}`;
}

import { behindOthers } from '../../ports/behind-others.ts';
import type { ArchiveDesk, FetchProgress } from '../../ports/archived.ts';
import { messageOf } from '../../ports/failure.ts';

/** Segments that wait to be fetched at most; one more is `busy`. */
export const FETCH_QUEUE_MAX = 32;
/** Segments of one request at most: a bet is in one or two, seldom in more. */
const SEGMENTS_MAX = 8;
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
  readonly onFault: (segment: number, fault: string) => void;
}

/** What one request still may have fetched. */
interface Request {
  readonly lacking: () => readonly number[];
  left: number;
}

/** Fetches what was asked for, first come first served, one segment at a time. */
export class FetchDesk implements ArchiveDesk {
  readonly #waiting: { readonly segment: number; readonly request: Request }[] = [];
  readonly #failedAt = new Map<number, number>();
  #fetching: number | null = null;
  #stopped = false;

  constructor(private readonly parts: FetchParts) {}

  progress(segments: readonly number[]): FetchProgress {
    if (segments.length === 0) return { state: 'here', retryAfterMs: null };
    const places = segments.map((number) =>
      number === this.#fetching
        ? 0
        : this.#waiting.findIndex(({ segment }) => segment === number) + 1 || null,
    );
    const place = Math.max(...places.map((one) => one ?? -1));
    if (place >= 0)
      return { state: place === 0 ? 'fetching' : 'waiting', retryAfterMs: LOOK_MS * (place + 1) };
    const wait = Math.max(...segments.map((number) => this.#failedFor(number)));
    return wait > 0 ? { state: 'failed', retryAfterMs: wait } : { state: 'archived', retryAfterMs: null };
  }

  fetch(accountId: string, lacking: () => readonly number[]): ReturnType<ArchiveDesk['fetch']> {
    const segments = lacking();
    const before = this.progress(segments);
    if (before.state !== 'archived') return before;
    if (this.#waiting.length >= FETCH_QUEUE_MAX) return { code: 'busy', retryAfterMs: LOOK_MS };
    const taken = this.parts.take(accountId, this.parts.now());
    if (!taken.ok) return { code: 'rate_limited', retryAfterMs: taken.retryAfterMs };
    this.#want({ lacking, left: SEGMENTS_MAX }, segments);
    void this.#next();
    return this.progress(segments);
  }

  /** Fetches nothing more, and asks nobody what is lacking: the books are about to be closed. */
  stop(): void {
    this.#stopped = true;
    this.#waiting.length = 0;
  }

  #want(request: Request, segments: readonly number[]): void {
    for (const segment of segments) {
      if (request.left === 0 || this.#waiting.length >= FETCH_QUEUE_MAX) return;
      if (this.#waiting.some((other) => other.segment === segment) || this.#failedFor(segment) > 0) continue;
      request.left -= 1;
      this.#waiting.push({ segment, request });
    }
  }

  /** How long a segment is still not to be tried again, ms. */
  #failedFor(segment: number): number {
    return FAILED_MS - (this.parts.now() - (this.#failedAt.get(segment) ?? -Infinity));
  }

  async #next(): Promise<void> {
    if (this.#fetching !== null) return;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      const { segment, request } = next;
      this.#fetching = segment;
      const fault = await this.parts.start(segment).catch((cause) => messageOf(cause));
      this.#fetching = null;
      if (this.#stopped) return;
      if (fault === null) {
        this.#failedAt.delete(segment);
        // Where a bet was closed is known when the bet itself is here.
        this.#want(request, request.lacking());
      } else {
        this.#failedAt.set(segment, this.parts.now());
        this.parts.onFault(segment, fault);
      }
    }
  }
}

/**
 * Runs `tapgrid archive fetch`, behind the server at the processor. `stopped` ends it.
 *
 * @param ownCommand how this program starts its commands. @returns what it complained of, or null.
 */
export async function fetchSegment(
  ownCommand: readonly string[],
  number: number,
  stopped: AbortSignal,
  env?: Record<string, string | undefined>,
): Promise<string | null> {
  const command = [...ownCommand, 'archive', 'fetch', String(number), '--json'];
  const child = Bun.spawn(behindOthers(command, NICENESS), {
    ...(env && { env }),
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'pipe',
    signal: AbortSignal.any([stopped, AbortSignal.timeout(FETCH_MS_MAX)]),
  });
  const said = (await new Response(child.stderr).text()).trim();
  return (await child.exited) === 0
    ? null
    : said.slice(-FAULT_LENGTH_MAX) || `it exited with ${child.exitCode ?? child.signalCode}`;
}

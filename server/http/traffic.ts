import type { CountedDurations, CountedTraffic } from '../ports/counted.ts';
import type { Durations } from '../ports/readings.ts';

export interface DurationRecorder extends Durations {
  record(ms: number): void;
  add(counted: CountedDurations): void;
  counted(): CountedDurations;
}

/** A fault of ours is counted from none on: a counter that begins with one shows no increase. */
const FAULT = 500;

/**
 * Answered requests by route and status, and how long they took. Routes are those of the table, so there are
 * not many.
 */
export class Traffic {
  readonly #counts = new Map<string, Map<number, number>>();
  readonly #durations = new Map<string, DurationRecorder>();

  constructor(private readonly newDurations: () => DurationRecorder) {}

  count(route: string, status: number, ms: number): void {
    this.#addRequests(route, status, 1);
    this.#durationsOf(route).record(ms);
  }

  /** Takes over what an edge in another process counted. */
  add({ requests, durations }: CountedTraffic): void {
    for (const one of requests) this.#addRequests(...one);
    for (const [route, counted] of durations) this.#durationsOf(route).add(counted);
  }

  /** All that was counted, which is forgotten here: somebody else takes it over. */
  handOver(): CountedTraffic {
    const counted = {
      requests: [...this],
      durations: [...this.#durations].map(([route, durations]) => [route, durations.counted()] as const),
    };
    this.#counts.clear();
    this.#durations.clear();
    return counted;
  }

  #addRequests(route: string, status: number, requests: number): void {
    let statuses = this.#counts.get(route);
    if (statuses === undefined) this.#counts.set(route, (statuses = new Map([[FAULT, 0]])));
    statuses.set(status, (statuses.get(status) ?? 0) + requests);
  }

  #durationsOf(route: string): DurationRecorder {
    let durations = this.#durations.get(route);
    if (durations === undefined) this.#durations.set(route, (durations = this.newDurations()));
    return durations;
  }

  durations(): readonly (readonly [route: string, durations: Durations])[] {
    return [...this.#durations];
  }

  *[Symbol.iterator](): Generator<readonly [route: string, status: number, requests: number]> {
    for (const [route, statuses] of this.#counts)
      for (const [status, requests] of statuses) yield [route, status, requests];
  }
}

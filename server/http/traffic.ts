import type { Durations } from '../ports/readings.ts';

export interface DurationRecorder extends Durations {
  record(ms: number): void;
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
    let statuses = this.#counts.get(route);
    if (statuses === undefined) this.#counts.set(route, (statuses = new Map([[FAULT, 0]])));
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    let durations = this.#durations.get(route);
    if (durations === undefined) this.#durations.set(route, (durations = this.newDurations()));
    durations.record(ms);
  }

  durations(): readonly (readonly [route: string, durations: Durations])[] {
    return [...this.#durations];
  }

  *[Symbol.iterator](): Generator<readonly [route: string, status: number, requests: number]> {
    for (const [route, statuses] of this.#counts)
      for (const [status, requests] of statuses) yield [route, status, requests];
  }
}

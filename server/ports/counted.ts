/** What a process counted since it last said so: increments, so that one that ends takes none along. */
export interface Counted {
  /** Time of the processor that it used, ms. */
  readonly cpuMs: number;
  readonly slowConsumers: number;
  readonly logDropped: number;
  /** Taps over an account's rate that were not reported one by one. */
  readonly turnedAway: number;
  /** Taps that an edge had no room for, likewise. */
  readonly shed: number;
  readonly traffic: CountedTraffic;
}

/** What an edge has at the moment. */
export interface EdgeHas {
  /** Open ones. */
  readonly sockets: number;
  /** Who have the board open: accounts, and addresses of those who are not signed in. */
  readonly people: number;
  /** Resident. */
  readonly memoryBytes: number;
  /** Of the files that it may have open, 0 to 1; null where the system does not tell. */
  readonly openFilesShare: number | null;
}

/** Answered requests by route and status, and how long they took by route. */
export interface CountedTraffic {
  readonly requests: readonly (readonly [route: string, status: number, requests: number])[];
  readonly durations: readonly (readonly [route: string, durations: CountedDurations])[];
}

/** The buckets of a histogram that are not empty, by their number. */
export interface CountedDurations {
  readonly sumMs: number;
  readonly counts: readonly (readonly [bucket: number, count: number])[];
}

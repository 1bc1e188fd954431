import type { Calendar } from '../game/headline.ts';
import type { Announced } from '../game/maintenance.ts';
import type { Currency } from '../game/money.ts';
import type { Build } from './build.ts';
import type { Health } from './events.ts';
import type { HeadStartFigures } from './head-start.ts';
import type { MachineReadings, MarkFigures, ReturnReading } from './readings.ts';

/** Open bets on one cell: micros staked, and what the house would lose if it is touched. */
export interface CellExposure {
  readonly start: number;
  readonly windowMs: number;
  readonly low: number;
  readonly high: number;
  readonly bets: number;
  readonly stake: number;
  readonly risk: number;
}

export interface Exposure {
  readonly cells: readonly CellExposure[];
  /** Most that one cell, one column and all of them may cost, micros. */
  readonly caps: { readonly cell: number; readonly column: number; readonly total: number };
}

export interface BankrollPoint {
  readonly at: number;
  /** Micros. */
  readonly bankroll: number;
}

/**
 * What the house has, micros, how that changed since midnight UTC and over the last seven days, and how it
 * went: oldest first, without the present.
 */
export interface BankrollFigures extends Pick<BankrollPoint, 'bankroll'> {
  readonly today: number;
  readonly week: number;
  readonly history: readonly BankrollPoint[];
}

export interface VenueState {
  readonly venue: string;
  readonly state: string;
  readonly alive: boolean;
  /** Cents; null while it is not alive. */
  readonly price: number | null;
  readonly quoteAgeMs: number | null;
  /** What last went wrong, in its own words. */
  readonly note: string | null;
  readonly counters: Readonly<Record<string, number>>;
}

/**
 * What happened in one stretch of time: how often, and the time that half, 95 % and 99 % of it took at most,
 * ms.
 */
export interface LatencyPoint {
  readonly at: number;
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** `ok` is null while nobody knows: it never ran, or left nothing but the time of a success. */
export interface JobState {
  readonly job: string;
  readonly lastRunAt: number | null;
  readonly lastSuccessAt: number | null;
  readonly ok: boolean | null;
  readonly figures: readonly (readonly [name: string, value: number])[];
}

export interface DiskPoint {
  readonly at: number;
  readonly usedBytes: number;
}

export interface DiskState {
  readonly usedBytes: number;
  readonly totalBytes: number;
  readonly usedShare: number;
  readonly points: readonly DiskPoint[];
  /**
   * Days until no more bets are taken at the present pace; null while that is not known, Infinity while
   * nothing grows.
   */
  readonly daysLeft: number | null;
}

/** A setting as it counts; of a secret only that there is one. */
export interface ShownSetting {
  readonly group: string;
  readonly key: string;
  readonly value: string | null;
  readonly from: 'default' | 'environment' | 'file' | 'credential';
}

/** From so long after its last success on a job is too old, ms: the alerts go by the same. */
export const JOB_AGE_MS_MAX = {
  backup: 3 * 3_600_000,
  integrity: 30 * 3_600_000,
  archive: 8 * 24 * 3_600_000,
} as const;

/** Where copies of the books are, and how old; null where nothing was reported. */
export interface BackupState {
  /** Folders and buckets. */
  readonly places: readonly string[];
  readonly snapshotAt: number | null;
  readonly snapshotBytes: number | null;
  /** When what is newest in all places was read from the books. */
  readonly tailAt: number | null;
}

/** What runs here, and what it depends on. */
export interface Installation {
  readonly build: Build;
  readonly startedAt: number;
  /** The run before this one ended without a stop. */
  readonly afterCrash: boolean;
  readonly machine: MachineReadings;
  /** Since when the file of the books is on this disk, UTC epoch ms. */
  readonly booksSince: number;
  /** `not used`, `answers`, or why it is away. */
  readonly redis: string;
  readonly backups: BackupState;
  /** The probe, which taps as a trader does. */
  readonly probe: JobState;
  /** What the last check of the books found that does not hold. */
  readonly violations: number;
}

/** Everything that an operator looks at, at one moment. */
export interface Operations {
  readonly at: number;
  readonly simulated: boolean;
  readonly feedLabel: string;
  readonly health: Health;
  /** Why an operator's hand keeps taps out; null while none does. */
  readonly halt: string | null;
  /** Still to come, or under way; null when none is announced. */
  readonly maintenance: Announced | null;
  readonly calendar: Calendar;
  /** The newest tick, cents; null before the first. */
  readonly price: number | null;
  readonly quorum: number;
  /** Of the default board. */
  readonly windowMs: number;
  /** Of all boards. */
  readonly columns: readonly {
    readonly start: number;
    readonly windowMs: number;
    readonly band: number;
    readonly low: number;
    readonly rows: number;
    readonly locked: boolean;
  }[];
  readonly exposure: Readonly<Record<Currency, Exposure>>;
  readonly money: Readonly<Record<Currency, BankrollFigures>>;
  readonly venues: readonly VenueState[];
  /** How far they run ahead of the price, and which hold that asks for. */
  readonly headStarts: HeadStartFigures;
  /** Time from the receipt of an order to its acknowledgement. */
  readonly latency: readonly LatencyPoint[];
  readonly commits: readonly LatencyPoint[];
  readonly returns: readonly ReturnReading[];
  readonly marks: MarkFigures;
  readonly installation: Installation;
  readonly jobs: readonly JobState[];
  readonly disk: DiskState;
  readonly sockets: number;
  readonly queued: number;
  readonly walBytes: number;
  readonly memoryBytes: number;
}

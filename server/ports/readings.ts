import type { MarkReading, MarkSums } from '../game/mark-sums.ts';
import type { Currency } from '../game/money.ts';
import type { VoidReason } from '../game/rejection.ts';
import type { HeadStartFigures } from './head-start.ts';
import type { JobState } from './operations.ts';

/** A distribution of durations since start. */
export interface Durations {
  readonly count: number;
  readonly sumMs: number;
  /** How many took at most so long, for each of the bounds, which must grow. */
  upTo(boundsMs: readonly number[]): number[];
}

export interface VenueReading {
  readonly venue: string;
  readonly alive: boolean;
  /** Age of the quote that is in use; null before the first. */
  readonly quoteAgeMs: number | null;
  /** What went wrong since start, by kind. */
  readonly faults: Readonly<Record<string, number>>;
}

export interface OpenBook {
  readonly bets: number;
  /** Micros. */
  readonly stake: number;
  /** What the house would lose if every open bet won, micros. */
  readonly risk: number;
}

/** What the server depends on and does not do itself. */
export interface MachineReadings {
  /**
   * What the proxy on this machine shows for the address that people open, or a sentence on why there is
   * none; null while nobody looked, and where that address is not https.
   */
  readonly certificate: { readonly endsAt: number; readonly ofOurOwn: boolean } | string | null;
  /** Null where the system does not tell. */
  readonly openFiles: number | null;
  readonly openFilesMax: number | null;
  /** Of the file system of the backups, where it is another one than that of the books. */
  readonly backupDiskUsedShare: number | null;
}

/**
 * What traders got above the quote this week in a bucket of multipliers, dollars, and what of that may be
 * chance.
 */
export interface ReturnReading {
  readonly currency: Currency;
  readonly bucket: string;
  readonly excess: number;
  readonly bound: number;
}

/** The same as it is kept: weeks are counted from the first Monday of 1970. */
export interface ReturnWeek {
  readonly week: number;
  readonly buckets: readonly (readonly [name: string, excess: number, variance: number])[];
}

/** What the marks of an account's bets say. */
export interface AccountMarks extends MarkReading {
  readonly accountId: string;
}

/** Marks of this period, at one moment. */
export interface MarkFigures {
  readonly accounts: number;
  /** Bets that were marked since start, and those for which there was no room. */
  readonly marked: number;
  readonly unmarked: number;
  /** Accounts that gain beyond chance and are not limited yet, the surest first; ten at most. */
  readonly gaining: readonly AccountMarks[];
}

/** Marks as they are kept: periods are counted from the epoch. */
export interface MarkedPeriod {
  readonly period: number;
  readonly accounts: readonly (readonly [accountId: string, sums: MarkSums])[];
}

/** Edges in other processes, and what they sent since start: calls by frame is what one turn brings. */
export interface LinkReadings {
  readonly edges: number;
  readonly frames: number;
  readonly calls: number;
  /** Lines to edges that have ended, whatever ended them. */
  readonly lost: number;
  /** Of the edge that has most. */
  readonly memoryBytesMax: number;
  readonly openFilesShareMax: number;
}

export interface EdgesReadings extends LinkReadings {
  /** Time of the processor that edges used since start, also those that ended. */
  readonly cpuSeconds: number;
}

/** What an operator reads off the moving parts. */
export interface Readings {
  readonly commits: Durations;
  /** Taps, locks, closings and single operations that were committed. */
  readonly committed: number;
  readonly taps: Durations;
  /** Time from the moment that decided a bet to the commit that paid it. */
  readonly settlements: Durations;
  /** How much later than due the oracle's loop came round. */
  readonly loopLag: Durations;
  /** How often it stood still for longer than a gap that voids bets. */
  readonly stalls: number;
  readonly open: Readonly<Record<Currency, OpenBook>>;
  readonly venues: readonly VenueReading[];
  readonly headStarts: HeadStartFigures;
  /** Null where one process is all of the house. */
  readonly link: EdgesReadings | null;
  /** Sockets closed since start because their client could not keep up. */
  readonly slowConsumers: number;
  /** Lines of the log dropped since start because nobody read them. */
  readonly logDropped: number;
  /** Bets closed since start, by how. */
  readonly closed: Readonly<Record<Currency, Readonly<Record<'won' | 'lost' | 'void', number>>>>;
  /** Bets given back since start, without those whose window the stop before it cut. */
  readonly voids: Readonly<Record<Currency, Readonly<Record<VoidReason, number>>>>;
  readonly returns: readonly ReturnReading[];
  readonly marks: MarkFigures;
  readonly machine: MachineReadings;
  /** Earlier runs of these books that ended without a stop. */
  readonly crashes: number;
  /** Since when the file of the books is on this disk, UTC epoch ms. */
  readonly booksSince: number;
  /** Exchange time less this machine's, ms, where all exchanges say alike that this clock is off. */
  readonly clockOffMs: number | null;
  readonly walBytes: number;
  readonly diskUsedShare: number;
  readonly memoryBytes: number;
  /** Of them, what JavaScript's objects use. */
  readonly heapBytes: number;
  /**
   * Time of the processor that was used, s, and address space, bytes; null where the system does not tell.
   */
  readonly cpuSeconds: number;
  readonly virtualBytes: number | null;
  readonly jobs: readonly JobState[];
  /** What the jobs say of their last run, in the text format of Prometheus. */
  readonly jobReports: string;
}

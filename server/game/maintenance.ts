import type { Cell } from './grid.ts';

/** A time without taps that was announced before. Times UTC epoch ms; `reason` is for traders to read. */
export interface Maintenance {
  readonly from: number;
  readonly until: number;
  readonly reason: string;
}

/** One that is still to come, or under way. */
export interface Announced extends Maintenance {
  readonly running: boolean;
}

/** How long a maintenance may take, and how far ahead it may be announced, ms. */
export const MAINTENANCE_MS_MAX = 7 * 86_400_000;
export const ANNOUNCED_MS_MAX = 90 * 86_400_000;

export const isRunning = ({ from, until }: Pick<Maintenance, 'from' | 'until'>, now: number): boolean =>
  from <= now && now < until;

/**
 * Whether a tap at `at` on a window is refused. A window is sold while it ends at least its own length before
 * the maintenance: then the tick that decides it is recorded even where the server is stopped on the dot, and
 * nobody's bet becomes void. From the first window that would not on, nothing is sold until the maintenance
 * is over.
 */
export const isClosedBy = (
  { from, until }: Pick<Maintenance, 'from' | 'until'>,
  { startMs, windowMs }: Pick<Cell, 'startMs' | 'windowMs'>,
  at: number,
): boolean => at < until && startMs + 2 * windowMs > from;

/** `1781481600000-1781482800000`, as the log of operators has it; `none` where there is none. */
export const maintenanceText = (maintenance: Pick<Maintenance, 'from' | 'until'> | null): string =>
  maintenance === null ? 'none' : `${maintenance.from}-${maintenance.until}`;

/** Reads what {@link maintenanceText} writes; null for `none` and for anything else. */
export function readMaintenance(text: string): Pick<Maintenance, 'from' | 'until'> | null {
  const [, from, until] = /^(\d{1,15})-(\d{1,15})$/.exec(text) ?? [];
  return from === undefined || until === undefined ? null : { from: Number(from), until: Number(until) };
}

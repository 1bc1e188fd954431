import type { Cell } from '../game/grid.ts';
import { resolve, type Resolution } from '../game/resolution.ts';
import { medianOf, tickLine } from '../game/tick.ts';
import type { ChainedTick } from '../ports/books.ts';
import type { Receipt } from '../ports/receipt.ts';
import { finding, type Finding } from './finding.ts';

/** The outcome computed again from the ticks by the rule of touch. */
export function checkOutcome(receipt: Receipt, cell: Cell): Finding[] {
  const { status, reason, rule, ticks, ledger, maxGapMs, closedAt } = receipt;
  if (status === 'placed' || status === 'locked') return [finding('outcome', true, 'still open')];
  if (status === 'void' && reason === 'operator') return [checkCalledOff(receipt, cell)];
  if (status === 'void' && reason !== 'gap')
    return [finding('outcome', true, `not decided by ticks: ${reason}`)];
  // The clock alone decides while no tick comes: the log was complete up to the commit that closed the bet,
  // which is later than the end of the window.
  const until = Math.max(closedAt ?? 0, ticks.at(-1)?.at ?? 0, ledger.at(-1)?.at ?? 0);
  return [compare(receipt, resolve(cell, ticks, { version: rule, maxGapMs }, until))];
}

/** A window may be called off by hand, but not a bet that a tick had decided by then. */
function checkCalledOff({ ticks, rule, maxGapMs, locked, closedAt }: Receipt, cell: Cell): Finding {
  const before = ticks.filter(({ at }) => at <= (closedAt ?? 0));
  const again = resolve(cell, before, { version: rule, maxGapMs }, before.at(-1)?.at ?? 0);
  const decided = locked !== null && (again.outcome === 'won' || again.outcome === 'lost');
  return finding(
    'outcome',
    !decided,
    decided
      ? `it was voided by the operator, but tick ${again.tickSeq} had already decided it: ${again.outcome}`
      : 'voided by the operator before any tick decided it',
  );
}

function compare({ status, reason, closedTick, closedAt }: Receipt, again: Resolution): Finding {
  const faults: string[] = [];
  if (again.outcome !== status)
    faults.push(`it is ${status}${reason === null ? '' : ` (${reason})`}, by the ticks ${again.outcome}`);
  else if ('tickSeq' in again && again.tickSeq !== closedTick)
    faults.push(`it names tick ${closedTick}, but tick ${again.tickSeq} decides`);
  if (again.outcome !== 'open' && closedAt !== again.at)
    faults.push(`it was closed as of ${closedAt}, by the ticks ${again.at}`);
  return finding('outcome', faults.length === 0, faults.join('; ') || explain(again));
}

function explain(again: Resolution): string {
  if (again.outcome === 'won')
    return again.by === 'carried'
      ? `the price at the opening, from tick ${again.tickSeq}, is in the band`
      : `tick ${again.tickSeq} touches the band`;
  if (again.outcome === 'lost')
    return `no tick of the window touches the band; tick ${again.tickSeq} ends it`;
  return 'a gap overlaps the window';
}

/**
 * Hash of the tick chain after a batch: SHA-256 of the hash before it and the ticks' lines, joined by line
 * ends. Hex.
 */
export async function tickChainHash(previous: string, batch: readonly ChainedTick[]): Promise<string> {
  const lines = new TextEncoder().encode([previous, ...batch.map(tickLine)].join('\n'));
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', lines));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Whether the price is that of the sources. */
export const isMedian = ({ price, sources }: ChainedTick): boolean =>
  sources.length > 0 && medianOf(sources.map((source) => source.price)) === price;

/**
 * Ticks without holes in order, each batch's hash computed again from the one before, and the deciding ticks
 * all under a hash.
 */
export async function checkTickChain({
  ticks,
  previousTick,
  status,
  closedTick,
  shown,
  locked,
}: Receipt): Promise<Finding> {
  const check = 'tick chain' as const;
  if (ticks.length === 0)
    return finding(check, status === 'placed' || status === 'locked', 'the receipt has no ticks');
  if (previousTick === null) return finding(check, false, 'the chain before the first tick is missing');
  let { hash, seq } = previousTick;
  let at = 0;
  let hashes = 0;
  let covered = seq;
  let batch: ChainedTick[] = [];
  for (const tick of ticks) {
    if (tick.seq !== seq + 1 || tick.at < at)
      return finding(check, false, `tick ${tick.seq} does not follow tick ${seq}`);
    if (!isMedian(tick)) return finding(check, false, `tick ${tick.seq} is not the median of its venues`);
    ({ seq, at } = tick);
    batch.push(tick);
    if (tick.hash == null) continue;
    if ((await tickChainHash(hash, batch)) !== tick.hash)
      return finding(check, false, `the hash after tick ${seq} does not match its ticks`);
    hash = tick.hash;
    covered = seq;
    hashes += 1;
    batch = [];
  }
  const needed = closedTick ?? 0;
  if (covered < needed) return finding(check, false, `the deciding tick ${needed} is not under a hash`);
  const chained = new Map(ticks.map((tick) => [tick.seq, lineOf(tick)]));
  const other = [shown?.tick, locked?.tick].find(
    (tick) => tick != null && chained.has(tick.seq) && chained.get(tick.seq) !== lineOf(tick),
  );
  if (other != null) return finding(check, false, `tick ${other.seq} of a quote differs from the chain`);
  return finding(
    check,
    true,
    `${ticks.length - batch.length} of ${ticks.length} ticks under ${hashes} hashes`,
  );
}

const lineOf = (tick: ChainedTick): string => `${tickLine(tick)} ${tick.hash ?? ''}`;

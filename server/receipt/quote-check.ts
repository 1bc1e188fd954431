import type { Cell } from '../game/grid.ts';
import { ORDINARY, type Quote } from '../game/formula.ts';
import { PRIOR } from '../game/learned/learned-after.ts';
import { scaleOf } from '../game/learned/touch-law.ts';
import { lockQuote, quote, type QuoteInputs } from '../game/odds.ts';
import type { Receipt, ReceiptQuote } from '../ports/receipt.ts';
import { finding, open, type Finding } from './finding.ts';
import { isMedian } from './tick-check.ts';

/** Every so many ticks, at the latest, there is a revision (QUOTE_EVERY_TICKS). */
const QUOTE_EVERY_TICKS_MAX = 20;

/** The quote computed again from its inputs by the model's formulas; both must agree to the last bit. */
export function checkQuote(
  receipt: Receipt,
  cell: Cell,
  which: 'shown' | 'locked',
  price: (...inputs: Parameters<typeof quote>) => Quote = quote,
): Finding {
  const check = `${which} quote` as const;
  const record = receipt[which];
  if (record === null) return finding(check, false, 'the receipt does not have it');
  const again = price(inputsOf(record), cell.low, cell.high, record.leadMs, cell.windowMs);
  const faults = provenance(record, cell);
  if (!Object.is(again.probability, record.probability))
    faults.push(`probability ${record.probability}, computed ${again.probability}`);
  if (again.multiplier !== record.multiplier)
    faults.push(`multiplier ${record.multiplier}, computed ${again.multiplier}`);
  if (which === 'shown' && record.at > receipt.placedAt) faults.push('it was made after the bet was placed');
  return finding(
    check,
    faults.length === 0,
    faults.join('; ') ||
      `revision ${record.revision}: P ${record.probability.toFixed(6)}, multiplier ${record.multiplier}`,
  );
}

/** The fields that no formula reads but that say where the quote came from. */
function provenance(record: ReceiptQuote, cell: Cell): string[] {
  const faults: string[] = [];
  if (record.leadMs !== cell.startMs - record.at) faults.push('lead and time do not match');
  const { tick } = record;
  if (tick === null) faults.push('its tick is missing');
  else if (tick.seq !== record.tickSeq || tick.price !== record.spot || tick.at !== record.at)
    faults.push('it is not based on its tick');
  else if (!isMedian(tick)) faults.push('its tick is not the median of the venues');
  return faults;
}

const inputsOf = ({
  model,
  spot,
  v10,
  vf,
  cw,
  edge,
  margin,
  haircut,
  capHundredths,
  tickMs,
  scaleBp,
  drift,
  learned,
}: ReceiptQuote): QuoteInputs => {
  const common = { spot, v10, vf, cw, edge, margin, haircut, capHundredths, tickMs };
  // Without them nothing is priced, and the multiplier is another one.
  return (
    model === 2
      ? { model, ...common, scaleBp: scaleBp ?? 0, drift: drift ?? 0, learned: learned ?? PRIOR }
      : { model, ...common }
  ) as QuoteInputs;
};

/**
 * The lock: the locked quote computed again, made by the first revision from `lockAt` on and before the
 * window opened, and not below the trader's guard — or below it, when the stake was refunded as moved.
 */
export function checkLock(receipt: Receipt, cell: Cell): Finding[] {
  const { locked, shown, status, reason } = receipt;
  if (locked === null) return [checkNoLock(receipt, cell)];
  const held = locked.revision !== shown?.revision;
  return [
    checkQuote(receipt, cell, 'locked', held ? lockQuote : quote),
    held ? checkTime(receipt, locked, cell) : checkFill(receipt),
    checkGuard(locked, shown, status, reason, receipt.guardPercent),
  ];
}

/**
 * Two revisions that follow each other, with the whole time of the lock between them, show that there was
 * none to lock the bet.
 */
function checkNoLock(
  { status, reason, lockAt, closedAt, before, after, ticks, chain }: Receipt,
  cell: Cell,
): Finding {
  if (status === 'placed') return finding('lock', true, 'not locked yet');
  if (status !== 'void' || (reason !== 'no_revision' && reason !== 'operator'))
    return finding('lock', false, `${status} without a locked quote`);
  const until = reason === 'no_revision' ? cell.startMs : closedAt!;
  const faults: string[] = [];
  if (before === null) faults.push('the revision before the lock time is missing');
  else if (before.at >= lockAt) faults.push(`revision ${before.revision} came at or after the lock time`);
  if (after === null) {
    if (ticks.filter(({ at }) => at >= lockAt).length > QUOTE_EVERY_TICKS_MAX)
      faults.push('ticks came after the lock time, so revisions came too');
  } else {
    if (before !== null && after.revision !== before.revision + 1)
      faults.push(`revisions between ${before.revision} and ${after.revision} are left out`);
    // A bet that was acknowledged after the revision is locked by it all the same, a moment later.
    if (after.at < until && (reason === 'no_revision' || (chain.bet?.at ?? 0) <= after.at))
      faults.push(`revision ${after.revision} came in time`);
  }
  return finding(
    'lock',
    faults.length === 0,
    faults.join('; ') ||
      (reason === 'operator'
        ? 'voided by the operator before it was locked'
        : 'never locked: no revision came in time'),
  );
}

function checkTime({ lockAt, before, reason }: Receipt, locked: ReceiptQuote, cell: Cell): Finding {
  const faults: string[] = [];
  if (reason === 'no_revision') faults.push('there was a revision in time');
  if (locked.at < lockAt) faults.push('the revision is earlier than the lock time');
  if (locked.at >= cell.startMs) faults.push('the window was open by then');
  if (before === null) faults.push('the revision before it is missing');
  else if (before.revision !== locked.revision - 1 || before.at >= lockAt)
    faults.push('an earlier revision should have locked it');
  return finding(
    'lock',
    faults.length === 0,
    faults.join('; ') || `first revision from the lock time on, ${locked.at - lockAt} ms after it`,
  );
}

/** By what the estimate forgets in a second at most: that of a half-life of a minute. */
const KEPT_PER_SECOND = 0.5 ** (1 / 60);

/** The same of the ranges, in each aligned five seconds: that of a half-life of three of them. */
const RANGE_KEPT = 0.5 ** (1 / 3);
const RANGE_MS = 5_000;

/**
 * An estimate that is warm falls slowly; it rises as fast as the price moves. What it followed from, the
 * published revisions tell.
 */
export function checkVolatility({ shown, locked }: Receipt): Finding[] {
  if (
    shown === null ||
    locked === null ||
    locked.at < shown.at ||
    shown.capHundredths !== ORDINARY.capHundredths ||
    locked.capHundredths !== ORDINARY.capHundredths
  )
    return [];
  const seconds = Math.ceil((locked.at - shown.at) / 1000) + 1;
  const least = shown.v10 * KEPT_PER_SECOND ** seconds;
  const leastScale = leastScaleOf(shown, locked);
  if (locked.v10 >= least && (locked.scaleBp ?? 0) >= leastScale) return [];
  const kept = locked.v10 < least ? locked.v10 / shown.v10 : (locked.scaleBp ?? 0) / (shown.scaleBp ?? 1);
  const percent = (100 * (1 - kept)).toFixed(1);
  return [
    open(
      'volatility',
      `it fell by ${percent} % in ${locked.at - shown.at} ms: ` +
        'compare the revisions with the published log (--against)',
    ),
  ];
}

/** Before there are ranges enough, the scale may fall to that of the declared volatility. */
function leastScaleOf(shown: ReceiptQuote, locked: ReceiptQuote): number {
  const ranges = Math.floor(locked.at / RANGE_MS) - Math.floor(shown.at / RANGE_MS);
  const sigma = Math.sqrt(locked.v10);
  return Math.min((shown.scaleBp ?? 0) * RANGE_KEPT ** ranges, scaleOf(sigma, sigma));
}

function checkFill({ lockAt, placedAt, locked, shown }: Receipt): Finding {
  const ok = lockAt === placedAt && locked?.multiplier === shown?.multiplier;
  return finding(
    'lock',
    ok,
    ok ? 'filled as shown, without a hold' : 'it was held, but locked by the revision that was shown',
  );
}

function checkGuard(
  locked: ReceiptQuote,
  shown: Receipt['shown'],
  status: Receipt['status'],
  reason: Receipt['reason'],
  guardPercent: number,
): Finding {
  if (shown?.multiplier == null) return finding('guard', false, 'no shown multiplier to compare with');
  const below = locked.multiplier === null || locked.multiplier * 100 < shown.multiplier * guardPercent;
  const detail = `locked ${locked.multiplier}, shown ${shown.multiplier}, guard ${guardPercent} %`;
  return finding('guard', below === (status === 'void' && reason === 'moved'), detail);
}

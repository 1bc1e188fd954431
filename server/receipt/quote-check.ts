import type { Cell } from '../game/grid.ts';
import { lockQuote, quote, type QuoteInputs } from '../game/odds.ts';
import type { Receipt, ReceiptQuote } from '../ports/receipt.ts';
import { finding, type Finding } from './finding.ts';
import { isMedian } from './tick-check.ts';

/** The quote computed again from its inputs by the model's formulas; both must agree to the last bit. */
export function checkQuote(receipt: Receipt, cell: Cell, which: 'shown' | 'locked', price: typeof quote = quote): Finding {
  const check = `${which} quote`;
  const record = receipt[which];
  if (record === null) return finding(check, false, 'the receipt does not have it');
  const again = price(inputsOf(record), cell.low, cell.high, record.leadMs, cell.windowMs);
  const faults = provenance(record, cell);
  if (!Object.is(again.probability, record.probability)) faults.push(`probability ${record.probability}, computed ${again.probability}`);
  if (again.multiplier !== record.multiplier) faults.push(`multiplier ${record.multiplier}, computed ${again.multiplier}`);
  if (which === 'shown' && record.at > receipt.placedAt) faults.push('it was made after the bet was placed');
  return finding(check, faults.length === 0, faults.join('; ') || `revision ${record.revision}: P ${record.probability.toFixed(6)}, multiplier ${record.multiplier}`);
}

/** The fields that no formula reads but that say where the quote came from. */
function provenance(record: ReceiptQuote, cell: Cell): string[] {
  const faults: string[] = [];
  if (record.leadMs !== cell.startMs - record.at) faults.push('lead and time do not agree');
  const { tick } = record;
  if (tick === null) faults.push('its tick is missing');
  else if (tick.seq !== record.tickSeq || tick.price !== record.spot || tick.at !== record.at) faults.push('it is not built on its tick');
  else if (!isMedian(tick)) faults.push('its tick is not the median of the venues');
  return faults;
}

const inputsOf = ({ model, spot, v10, vf, cw, edge, margin, haircut, capHundredths, tickMs }: ReceiptQuote): QuoteInputs =>
  ({ model, spot, v10, vf, cw, edge, margin, haircut, capHundredths, tickMs }) as QuoteInputs;

/**
 * The lock: the locked quote computed again, made by the first revision from `lockAt` on and before the window opened, and not below the
 * trader's guard — or below it, when the stake came back as moved.
 */
export function checkLock(receipt: Receipt, cell: Cell): Finding[] {
  const { locked, shown, status, reason } = receipt;
  if (locked === null) return [checkNoLock(receipt)];
  const held = locked.revision !== shown?.revision;
  return [checkQuote(receipt, cell, 'locked', held ? lockQuote : quote), held ? checkTime(receipt, locked, cell) : checkFill(receipt), checkGuard(locked, shown, status, reason, receipt.guardPercent)];
}

function checkNoLock({ status, reason }: Receipt): Finding {
  if (status === 'placed') return finding('lock', true, 'not locked yet');
  if (status === 'void' && reason === 'no_revision') return finding('lock', true, 'never locked: no revision came in time');
  if (status === 'void' && reason === 'operator') return finding('lock', true, 'called off before it was locked');
  return finding('lock', false, `${status} without a locked quote`);
}

function checkTime({ lockAt, before, reason }: Receipt, locked: ReceiptQuote, cell: Cell): Finding {
  const faults: string[] = [];
  if (reason === 'no_revision') faults.push('there was a revision in time');
  if (locked.at < lockAt) faults.push('the revision is earlier than the lock time');
  if (locked.at >= cell.startMs) faults.push('the window was open by then');
  if (before === null) faults.push('the revision before it is missing');
  else if (before.revision !== locked.revision - 1 || before.at >= lockAt) faults.push('an earlier revision should have locked it');
  return finding('lock', faults.length === 0, faults.join('; ') || `first revision from the lock time on, ${locked.at - lockAt} ms after it`);
}

function checkFill({ lockAt, placedAt, locked, shown }: Receipt): Finding {
  const ok = lockAt === placedAt && locked?.multiplier === shown?.multiplier;
  return finding('lock', ok, ok ? 'filled as shown, without a hold' : 'it was held, yet locked by the revision that was shown');
}

function checkGuard(locked: ReceiptQuote, shown: Receipt['shown'], status: Receipt['status'], reason: Receipt['reason'], guardPercent: number): Finding {
  if (shown?.multiplier == null) return finding('guard', false, 'there is no shown multiplier to compare with');
  const below = locked.multiplier === null || locked.multiplier * 100 < shown.multiplier * guardPercent;
  const detail = `locked ${locked.multiplier}, shown ${shown.multiplier}, guard ${guardPercent} %`;
  return finding('guard', below === (status === 'void' && reason === 'moved'), detail);
}

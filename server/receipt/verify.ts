import { Errors } from '@sinclair/typebox/errors';
import { parseCellId, type Cell } from '../game/grid.ts';
import { payoutOf } from '../game/money.ts';
import type { PublishedTerms } from '../game/terms.ts';
import type { Receipt } from '../ports/receipt.ts';
import { ReceiptShape } from '../ports/receipt-shape.ts';
import { checkCommits } from './commit-check.ts';
import { finding, type Finding } from './finding.ts';
import { checkLog, NOTHING_PUBLISHED, type PublishedLog } from './log-check.ts';
import { checkLock, checkQuote, checkVolatility } from './quote-check.ts';
import { checkOrder, checkSignature } from './order-check.ts';
import { checkHoles, checkTerms, appliedTerms } from './terms-check.ts';
import { checkOutcome, checkTickChain } from './tick-check.ts';

export interface VerifyOptions {
  /** The site that the order must have been signed for; unset: any. */
  readonly origin?: string;
  /** What the house has published, oldest first; unset: the terms of a house with default settings. */
  readonly terms?: readonly PublishedTerms[];
  /**
   * What the house has published of ticks and chain, or what somebody noted; unset: what it decides stays
   * open.
   */
  readonly log?: PublishedLog;
}

/**
 * Checks a receipt against the terms of its house: quotes, lock, outcome, payout, ledger rows, signature,
 * tick chain, order of commits. What a receipt cannot prove by itself — that ticks, inputs of its quotes,
 * hashes, guard, currency and rule are those of the house — is compared with what the house reports, and
 * stays open if nobody asked it. Never throws for outside input: anything that is not a receipt gets one
 * failed finding.
 */
export async function verifyReceipt(value: unknown, options: VerifyOptions = {}): Promise<Finding[]> {
  const wrong = Errors(ReceiptShape, [], value).First();
  if (wrong !== undefined)
    return [finding('shape', false, `${wrong.path.slice(0, 80) || 'receipt'}: ${wrong.message}`)];
  const receipt = value as Receipt;
  const cell = parseCellId(receipt.cell);
  if (cell === null) return [finding('shape', false, 'cell: not a cell id')];
  const terms = appliedTerms(receipt, options.terms);
  return [
    finding('shape', true, `has every field of a receipt, rule version ${receipt.rule}`),
    checkQuote(receipt, cell, 'shown'),
    ...checkLock(receipt, cell),
    ...checkOutcome(receipt, cell),
    checkPayout(receipt),
    checkStatus(receipt, cell),
    checkLedger(receipt),
    checkOrder(receipt, options.origin),
    await checkSignature(receipt),
    await checkTickChain(receipt),
    checkCommits(receipt, cell),
    ...checkTerms(receipt, cell, terms),
    ...(options.log?.ticks === undefined ? checkHoles(receipt, cell, terms.tickMs) : []),
    ...(options.log?.revisions === undefined ? checkVolatility(receipt) : []),
    ...checkLog(receipt, options.log ?? NOTHING_PUBLISHED),
  ];
}

function checkPayout({ status, stake, payout, locked }: Receipt): Finding {
  const due =
    status === 'won' && locked?.multiplier != null
      ? payoutOf(stake, locked.multiplier)
      : status === 'void'
        ? stake
        : 0;
  const how =
    status === 'won'
      ? 'floor(stake × locked multiplier / 100)'
      : status === 'void'
        ? 'the stake was refunded'
        : 'nothing was due';
  return finding('payout', payout === due, `${how}: ${due}, paid ${payout} micro-dollars`);
}

const isClosed = (status: Receipt['status']): boolean =>
  status === 'won' || status === 'lost' || status === 'void';

/** The order of times, and the fields that only some states have. */
function checkStatus(
  { currency, simulated, status, reason, placedAt, lockAt, closedAt, closedTick, locked }: Receipt,
  cell: Cell,
): Finding {
  const faults: string[] = [];
  if (simulated && currency === 'USD')
    faults.push('it is in USD on simulated prices, which no house accepts');
  if (placedAt > cell.startMs - cell.windowMs) faults.push('it was placed after the cut-off of its column');
  if (lockAt < placedAt) faults.push('its lock time is before it was placed');
  if (isClosed(status) !== (closedAt !== null))
    faults.push(`it is ${status}, its closing time is ${closedAt}`);
  if (closedAt !== null && closedAt < placedAt) faults.push('it was closed before it was placed');
  if ((status === 'void') !== (reason !== null)) faults.push(`it is ${status}, the reason is ${reason}`);
  if ((status === 'won' || status === 'lost') !== (closedTick !== null))
    faults.push(`it is ${status}, its deciding tick is ${closedTick}`);
  if ((status === 'won' || status === 'lost' || status === 'locked') && locked === null)
    faults.push(`it is ${status} without a locked quote`);
  if (status === 'placed' && locked !== null) faults.push('it is placed and has a locked quote');
  return finding('status', faults.length === 0, faults.join('; ') || `${status}, times in order`);
}

/** Rows are written by the wall clock, which may be set back a little. */
const CLOCK_MS_MAX = 5_000;

const CLOSING_KIND: Readonly<Record<string, string>> = { won: 'payout', lost: 'loss', void: 'refund' };

/**
 * One stake row, and for a closed bet exactly one closing row; together they are what the trader won or lost.
 */
function checkLedger({ betId, status, reason, stake, payout, placedAt, closedAt, ledger }: Receipt): Finding {
  const faults: string[] = [];
  const [opening, closing, ...others] = ledger;
  if (opening?.kind !== 'stake' || opening.amount !== -stake || opening.at !== placedAt)
    faults.push('the first row is not the stake, taken when it was placed');
  const kind = CLOSING_KIND[status];
  if (
    kind === undefined
      ? closing !== undefined
      : closing?.kind !== kind || closing.amount !== payout || closing.at + CLOCK_MS_MAX < closedAt!
  ) {
    faults.push(
      kind === undefined
        ? 'an open bet has a closing row'
        : `the second row is not the ${kind} of ${payout}, paid after it was decided`,
    );
  }
  if (reason === 'operator' && closing !== undefined && closing.at !== closedAt)
    faults.push('the stake was not refunded when the window was voided');
  if (ledger.some((row) => row.betId !== betId)) faults.push('a row belongs to another bet');
  if (others.length > 0) faults.push(`${others.length} rows too many`);
  if (
    opening &&
    closing &&
    (closing.id <= opening.id || closing.version <= opening.version || closing.batch < opening.batch)
  )
    faults.push('the rows are out of order');
  if (ledger.some(({ balanceAfter }) => balanceAfter !== null && balanceAfter < 0))
    faults.push('a balance is below zero');
  const sum = ledger.reduce((total, { amount }) => total + amount, 0);
  return finding(
    'ledger',
    faults.length === 0,
    faults.join('; ') || `${ledger.length} rows, together ${sum} micro-dollars`,
  );
}

import type { Receipt } from '../ports/receipt.ts';
import { finding, open, type Finding } from './finding.ts';
import { isSameJson } from './same-json.ts';

const CHECK = 'published bet' as const;

/** What is settled when a bet is placed. */
const OF_PLACING = [
  'cell',
  'currency',
  'simulated',
  'stake',
  'guardPercent',
  'placedAt',
  'lockAt',
  'rule',
  'maxGapMs',
  'order',
] as const;
/** What only its closing settles. */
const OF_CLOSING = ['status', 'reason', 'payout', 'closedAt', 'closedTick', 'before', 'after'] as const;
const LINKS = ['bet', 'lock', 'revision', 'opening', 'tick', 'closing'] as const;

/**
 * The bet as the house reports it now: its guard, currency and rule are in no text that a trader signed, so a
 * receipt cannot prove them. A receipt from before the bet was closed is compared with what was settled by
 * then. Ticks are compared with the published ones; balances are private.
 * @param published the receipt that the house returns now; null if it returns none, undefined if it was not
 * asked.
 */
export function checkBet(receipt: Receipt, published: Receipt | null | undefined): Finding {
  const { betId, guardPercent, currency, simulated, rule } = receipt;
  if (published === undefined)
    return open(
      CHECK,
      `guard ${guardPercent} %, ${simulated ? 'simulated' : 'live'} ${currency}, rule ${rule}: ` +
        'as the receipt says, not covered by a signature or chain in it',
    );
  if (published === null)
    return open(CHECK, `the house returns no receipt of bet ${betId}: it does not exist, or it is archived`);
  const faults = differences(receipt, published);
  return finding(CHECK, faults.length === 0, faults.join('; ') || 'the house reports the same');
}

function differences(stated: Receipt, published: Receipt): string[] {
  const isClosed = stated.closedAt !== null;
  const fields = isClosed ? [...OF_PLACING, ...OF_CLOSING] : OF_PLACING;
  const faults = fields
    .filter((field) => !isSameJson(stated[field], published[field]))
    .map((field) => `${field}: ${said(stated[field])}, the house has ${said(published[field])}`);
  if (!isSameJson(withoutTick(stated.shown), withoutTick(published.shown)))
    faults.push('the shown quote differs');
  if (stated.status !== 'placed' && !isSameJson(withoutTick(stated.locked), withoutTick(published.locked)))
    faults.push('the locked quote differs');
  const rows = isClosed ? published.ledger : published.ledger.slice(0, 1);
  if (!isSameJson(stated.ledger.map(withoutBalance), rows.map(withoutBalance)))
    faults.push('the ledger rows differ');
  const link = LINKS.find(
    (name) =>
      stated.chain[name] !== null &&
      published.chain[name] !== null &&
      !isSameJson(stated.chain[name], published.chain[name]),
  );
  if (link !== undefined)
    faults.push(
      `chain.${link}: commit ${stated.chain[link]!.batch}, the house has ${published.chain[link]!.batch}`,
    );
  return faults;
}

const withoutTick = (quote: Receipt['shown']): object | null => quote && { ...quote, tick: null };
const withoutBalance = (row: Receipt['ledger'][number]): object => ({ ...row, balanceAfter: null });
const said = (value: unknown): string =>
  typeof value === 'object' && value !== null ? 'another one' : String(value);

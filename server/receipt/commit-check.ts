import { PLACING_MS_MAX } from '../game/acceptance.ts';
import type { Cell } from '../game/grid.ts';
import type { Receipt, ReceiptCommit } from '../ports/receipt.ts';
import { finding, type Finding } from './finding.ts';

/**
 * The order of bet, lock, deciding tick and closing in the ledger chain, checked against their times: a bet
 * recorded after its outcome was known, a lock before its revision, or a closing before its tick would be out
 * of order.
 */
export function checkCommits(receipt: Receipt, cell: Cell): Finding {
  const { chain, rule, placedAt, ledger } = receipt;
  const faults = [
    ...missing(receipt),
    ...ofTheRows(receipt),
    ...outOfOrder(chain, receipt, cell),
    ...timesThatFall(chain),
  ];
  if (chain.bet !== null) {
    if (chain.opening !== null && chain.opening.batch <= chain.bet.batch)
      faults.push(
        `commit ${chain.opening.batch} has a tick of the window, but the bet came in commit ` +
          `${chain.bet.batch}`,
      );
    if (chain.bet.at >= cell.startMs) faults.push('it was recorded when its window was open');
    // Before rule 2 nothing bounded the wait between judging an order and its commit.
    if (rule >= 2 && Math.abs(chain.bet.at - placedAt) > PLACING_MS_MAX)
      faults.push(`it was placed as of ${placedAt} but recorded at ${chain.bet.at}`);
  }
  return finding(
    'order in the chain',
    faults.length === 0,
    faults.join('; ') ||
      `commits ${[...new Set(ledger.map(({ batch }) => batch))].join(' and ')}, each after what it ` +
        'follows from',
  );
}

function missing({ chain, locked, status, closedTick }: Receipt): string[] {
  const faults: string[] = [];
  if (chain.bet === null) faults.push('the commit of the bet is missing');
  if (locked !== null && chain.revision === null)
    faults.push('the commit of the locking revision is missing');
  if (closedTick !== null && chain.tick === null) faults.push('the commit of the deciding tick is missing');
  if ((status === 'won' || status === 'lost' || status === 'void') && chain.closing === null)
    faults.push('the commit of the closing is missing');
  return faults;
}

function ofTheRows({ chain, ledger }: Receipt): string[] {
  const [opening, closing] = ledger;
  const faults: string[] = [];
  if (opening !== undefined && chain.bet !== null && opening.batch !== chain.bet.batch)
    faults.push(`the stake is in commit ${opening.batch}, but the bet in commit ${chain.bet.batch}`);
  if (closing?.batch !== chain.closing?.batch)
    faults.push(
      `the closing row is in commit ${closing?.batch}, but the closing in commit ${chain.closing?.batch}`,
    );
  return faults;
}

function outOfOrder(
  { bet, lock, revision, opening, tick, closing }: Receipt['chain'],
  { locked, shown, status, reason, ticks, closedTick }: Receipt,
  cell: Cell,
): string[] {
  const faults: string[] = [];
  const held = locked !== null && locked.revision !== shown?.revision;
  const behind = (later: ReceiptCommit | null, earlier: ReceiptCommit | null, words: string): void => {
    if (later !== null && earlier !== null && later.batch < earlier.batch)
      faults.push(`commit ${later.batch} ${words} commit ${earlier.batch}`);
  };
  if (held && lock === null && !(status === 'void' && reason === 'moved'))
    faults.push('the commit of the lock is missing');
  behind(lock, revision, 'locks it by a revision of');
  behind(lock, bet, 'locks it, it was placed in');
  behind(closing, lock, 'closes it, it was locked in');
  behind(closing, tick, 'closes it by a tick of');
  behind(closing, bet, 'closes it, it was placed in');
  if (ticks.some(({ seq, at }) => seq === closedTick && at >= cell.startMs))
    behind(tick, opening, 'holds the deciding tick, the first of the window came in');
  if (held && reason === 'moved') behind(closing, revision, 'gives it back by a revision of');
  return faults;
}

/** The same link must be reported the same, and time never falls from link to link. */
function timesThatFall({ head, ...links }: Receipt['chain']): string[] {
  const inOrder = [...Object.values(links).filter((link) => link !== null), head].sort(
    (a, b) => a.batch - b.batch,
  );
  const faults: string[] = [];
  if (inOrder.at(-1)!.batch > head.batch) faults.push('a commit is later than the head');
  inOrder.forEach((link, index) => {
    const before = inOrder[index - 1];
    if (before === undefined) return;
    if (before.batch === link.batch && (before.hash !== link.hash || before.at !== link.at))
      faults.push(`commit ${link.batch} is reported in two different ways`);
    if (before.at > link.at) faults.push(`commit ${link.batch} is earlier than commit ${before.batch}`);
  });
  return faults;
}

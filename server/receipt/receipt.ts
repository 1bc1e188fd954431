import type { Bet } from '../game/bet.ts';
import { cellId } from '../game/grid.ts';
import { lockedQuote, shownQuote, type GridRevision, type QuoteRecord } from '../game/revision.ts';
import { DEFAULT_TERMS, termsFor } from '../game/terms.ts';
import type { Books, ChainedTick, LedgerRow } from '../ports/books.ts';
import { lockingRevision } from '../ports/shown-bet.ts';
import type {
  OwnHold,
  Receipt,
  ReceiptCommit,
  ReceiptEntry,
  ReceiptOf,
  ReceiptOrder,
  ReceiptQuote,
  ReceiptRevision,
} from '../ports/receipt.ts';
import { GENESIS_HASH } from '../store/proof/hash.ts';

type ReceiptBooks = Pick<
  Books,
  | 'bet'
  | 'revision'
  | 'revisionFrom'
  | 'lastRevision'
  | 'ticksOf'
  | 'ticksBySeq'
  | 'ledgerOf'
  | 'intentOf'
  | 'chain'
  | 'terms'
  | 'ownHolds'
  | 'commit'
  | 'commitsOf'
  | 'commitOfTick'
  | 'commitOfRevision'
>;

/** How far the tick log is read on each side of the deciding ticks for the hash that closes a batch. */
const HASH_SEARCH_TICKS_MAX = 256;

/** Writes receipts from the books. */
export function receiptDesk(books: ReceiptBooks): ReceiptOf {
  return (betId, owner) => {
    const bet = books.bet(betId);
    return bet === null ? null : write(books, bet, owner === bet.accountId);
  };
}

function write(books: ReceiptBooks, bet: Bet, forOwner: boolean): Receipt {
  const {
    id: betId,
    currency,
    simulated,
    stake,
    status,
    voidReason: reason,
    payout,
    guardPercent,
    placedAt,
    lockAt,
    closedAt,
    closedTick,
  } = bet;
  const locking = lockingRevision(books, bet);
  const ledger = books.ledgerOf(betId).map((row) => entryOf(row, forOwner));
  const deciding = decidingTicks(books, bet);
  return {
    betId,
    cell: cellId(bet.cell),
    currency,
    simulated,
    stake,
    status,
    reason,
    payout,
    guardPercent,
    ...ownHoldOf(books, bet),
    placedAt,
    lockAt,
    closedAt,
    closedTick,
    rule: bet.rule,
    maxGapMs: (termsFor(ledger[0]?.batch ?? 0, books.terms())?.terms ?? DEFAULT_TERMS).maxGapMs,
    shown: quoteOf(books, bet, books.revision(bet.shownRevision), shownQuote),
    locked: quoteOf(books, bet, locking, wasFilled(bet) ? shownQuote : lockedQuote),
    ...aroundLock(books, bet, locking),
    ...deciding,
    ledger,
    order: orderOf(books, bet),
    chain: chainOf(books, bet, ledger, deciding.ticks),
  };
}

/** In the commit of a change either state may have counted: that which explains how long the bet was held. */
function ownHoldOf(
  books: ReceiptBooks,
  { id, accountId, lockAt, placedAt, cell }: Bet,
): Pick<Receipt, 'ownHold'> {
  const placed = books.commitsOf(id)?.placed ?? 0;
  const holds = books.ownHolds(accountId, placed);
  const isLonger = (hold: OwnHold | null): boolean =>
    hold !== null && lockAt - placedAt === Math.min(hold.ms, cell.windowMs - 1);
  const hold = holds.find(isLonger) ?? holds[0] ?? null;
  return hold === null ? {} : { ownHold: hold };
}

/** Without a hold the bet was filled by the very revision that was shown. */
const wasFilled = (bet: Bet): boolean =>
  bet.lockAt === bet.placedAt && bet.lockedRevision === bet.shownRevision;

/**
 * The revisions before and, of a bet that was never locked, after the time from which on the first one locks.
 */
function aroundLock(
  books: ReceiptBooks,
  { lockAt, closedAt }: Bet,
  locking: GridRevision | null,
): Pick<Receipt, 'before' | 'after'> {
  const first = locking ?? (closedAt === null ? null : books.revisionFrom(lockAt));
  const before = first === null ? books.lastRevision() : books.revision(first.revision - 1);
  return {
    before: before === null ? null : named(before),
    after: locking !== null || first === null ? null : named(first),
  };
}

const named = ({ revision, at }: GridRevision): ReceiptRevision => ({ revision, at });

function chainOf(
  books: ReceiptBooks,
  bet: Bet,
  ledger: readonly ReceiptEntry[],
  ticks: readonly ChainedTick[],
): Receipt['chain'] {
  const link = (batch: number | null | undefined): ReceiptCommit | null =>
    batch == null ? null : books.commit(batch);
  const opening = ticks.find(({ at }) => at >= bet.cell.startMs);
  const commits = books.commitsOf(bet.id);
  return {
    bet: link(commits?.placed),
    lock: link(commits?.locked),
    revision: bet.lockedRevision === null ? null : link(books.commitOfRevision(bet.lockedRevision)),
    opening: opening === undefined ? null : link(books.commitOfTick(opening.seq)),
    tick: bet.closedTick === null ? null : link(books.commitOfTick(bet.closedTick)),
    closing: link(ledger.find(({ kind }) => kind !== 'stake')?.batch),
    head: books.chain().ledger,
  };
}

function quoteOf(
  books: ReceiptBooks,
  bet: Bet,
  revision: GridRevision | null,
  quote: typeof shownQuote,
): ReceiptQuote | null {
  if (revision === null) return null;
  const record: QuoteRecord = quote(revision, bet.cell);
  return { ...record, tick: books.ticksBySeq(record.tickSeq, record.tickSeq, 1)[0] ?? null };
}

/**
 * A hash stands on the last tick of a batch only, so the ticks are widened on both sides until they begin and
 * end with whole batches.
 */
function decidingTicks(books: ReceiptBooks, bet: Bet): Pick<Receipt, 'ticks' | 'previousTick'> {
  const deciding = books.ticksOf(bet.cell);
  const first = deciding[0];
  const last = deciding.at(-1);
  if (first === undefined || last === undefined) return { ticks: [], previousTick: null };
  const earlier = books.ticksBySeq(
    Math.max(1, first.seq - HASH_SEARCH_TICKS_MAX),
    first.seq - 1,
    HASH_SEARCH_TICKS_MAX,
  );
  const later =
    last.hash === null
      ? books.ticksBySeq(last.seq + 1, last.seq + HASH_SEARCH_TICKS_MAX, HASH_SEARCH_TICKS_MAX)
      : [];
  const from = earlier.findLastIndex(hasHash);
  const to = later.findIndex(hasHash);
  const previousTick =
    earlier[from] !== undefined
      ? { seq: earlier[from].seq, hash: earlier[from].hash! }
      : (earlier[0] ?? first).seq === 1
        ? { seq: 0, hash: GENESIS_HASH }
        : null;
  return {
    ticks: [
      ...(previousTick === null ? [] : earlier.slice(from + 1)),
      ...deciding,
      ...later.slice(0, to + 1),
    ],
    previousTick,
  };
}

const hasHash = (tick: ChainedTick): boolean => tick.hash !== null;

const entryOf = (
  { id, batch, at, kind, amount, version, betId, balanceAfter }: LedgerRow,
  forOwner: boolean,
): ReceiptEntry => ({
  id,
  batch,
  at,
  kind,
  amount,
  version,
  betId,
  balanceAfter: forOwner ? balanceAfter : null,
});

function orderOf(books: ReceiptBooks, bet: Bet): ReceiptOrder | null {
  const intent = books.intentOf(bet.id);
  if (intent === null) return null;
  const { text, signature, publicKey, idx } = intent;
  return { text, signature, publicKey, index: idx };
}

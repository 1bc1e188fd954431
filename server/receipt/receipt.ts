import type { Bet } from '../game/bet.ts';
import { cellId } from '../game/grid.ts';
import { lockedQuote, shownQuote, type GridRevision, type QuoteRecord } from '../game/revision.ts';
import type { Books, ChainedTick, LedgerRow } from '../ports/books.ts';
import { lockingRevision } from '../ports/told-bet.ts';
import type { Receipt, ReceiptEntry, ReceiptOf, ReceiptOrder, ReceiptQuote } from '../ports/receipt.ts';
import { tapLineOf } from './order-text.ts';

type ReceiptBooks = Pick<Books, 'bet' | 'revision' | 'revisionFrom' | 'ticksOf' | 'ticksBySeq' | 'ledgerOf' | 'intentOf' | 'chain'>;

/** The tick chain before the first tick. */
const GENESIS_HASH = '0'.repeat(64);

/** How far the tick log is read on each side of the deciding ticks for the hash that closes a batch. */
export const HASH_SEARCH_TICKS_MAX = 256;

/** Writes receipts from the books. @param maxGapMs of the rule by which this house resolves. */
export function receiptDesk(books: ReceiptBooks, maxGapMs: number): ReceiptOf {
  return (betId, owner) => {
    const bet = books.bet(betId);
    return bet === null ? null : write(books, bet, maxGapMs, owner === bet.accountId);
  };
}

function write(books: ReceiptBooks, bet: Bet, maxGapMs: number, forOwner: boolean): Receipt {
  const { id: betId, currency, simulated, stake, status, voidReason: reason, payout, guardPercent, placedAt, lockAt, closedAt, closedTick } = bet;
  const locking = lockingRevision(books, bet);
  const before = locking === null ? null : books.revision(locking.revision - 1);
  const ledger = books.ledgerOf(betId).map((row) => entryOf(row, forOwner));
  return {
    betId, cell: cellId(bet.cell), currency, simulated, stake, status, reason, payout, guardPercent, placedAt, lockAt, closedAt, closedTick,
    rule: bet.rule,
    maxGapMs,
    shown: quoteOf(books, bet, books.revision(bet.shownRevision), shownQuote),
    locked: quoteOf(books, bet, locking, wasFilled(bet) ? shownQuote : lockedQuote),
    before: before === null ? null : { revision: before.revision, at: before.at },
    ...decidingTicks(books, bet),
    ledger,
    order: orderOf(books, bet),
    chain: { batches: [...new Set(ledger.map(({ batch }) => batch))].sort((a, b) => a - b), head: books.chain().ledger },
  };
}

/** Without a hold the bet was filled by the very revision that was shown. */
const wasFilled = (bet: Bet): boolean => bet.lockAt === bet.placedAt && bet.lockedRevision === bet.shownRevision;

function quoteOf(books: ReceiptBooks, bet: Bet, revision: GridRevision | null, quote: typeof shownQuote): ReceiptQuote | null {
  if (revision === null) return null;
  const record: QuoteRecord = quote(revision, bet.cell);
  return { ...record, tick: books.ticksBySeq(record.tickSeq, record.tickSeq, 1)[0] ?? null };
}

/** A hash stands on the last tick of a batch only, so the ticks are widened on both sides until they begin and end with whole batches. */
function decidingTicks(books: ReceiptBooks, bet: Bet): Pick<Receipt, 'ticks' | 'previousTick'> {
  const deciding = books.ticksOf(bet.cell);
  const first = deciding[0];
  const last = deciding.at(-1);
  if (first === undefined || last === undefined) return { ticks: [], previousTick: null };
  const earlier = books.ticksBySeq(Math.max(1, first.seq - HASH_SEARCH_TICKS_MAX), first.seq - 1, HASH_SEARCH_TICKS_MAX);
  const later = last.hash === null ? books.ticksBySeq(last.seq + 1, last.seq + HASH_SEARCH_TICKS_MAX, HASH_SEARCH_TICKS_MAX) : [];
  const from = earlier.findLastIndex(hasHash);
  const to = later.findIndex(hasHash);
  const previousTick = earlier[from] !== undefined ? { seq: earlier[from].seq, hash: earlier[from].hash! } : (earlier[0] ?? first).seq === 1 ? { seq: 0, hash: GENESIS_HASH } : null;
  return { ticks: [...(previousTick === null ? [] : earlier.slice(from + 1)), ...deciding, ...later.slice(0, to + 1)], previousTick };
}

const hasHash = (tick: ChainedTick): boolean => tick.hash !== null;

const entryOf = ({ id, batch, at, kind, amount, version, betId, balanceAfter }: LedgerRow, forOwner: boolean): ReceiptEntry => ({
  id, batch, at, kind, amount, version, betId, balanceAfter: forOwner ? balanceAfter : null,
});

function orderOf(books: ReceiptBooks, bet: Bet): ReceiptOrder | null {
  const intent = books.intentOf(bet.id);
  if (intent === null) return null;
  const { text, signature, publicKey } = intent;
  return { text, signature, publicKey, index: tapLineOf(text, bet) };
}

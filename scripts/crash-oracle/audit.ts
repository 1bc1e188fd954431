import { lockOf } from '../../server/game/lock.ts';
import { resolve } from '../../server/game/resolution.ts';
import { allBetIds, betIdsOfOrder } from '../../server/store/bet-ids.ts';
import { SqliteBooks } from '../../server/store/books-reader.ts';
import { openReaderDatabase } from '../../server/store/database.ts';
import { checkInvariants } from '../../server/store/invariants.ts';
import type { JournalLine } from './journal.ts';

export interface Audit {
  readonly faults: readonly string[];
  readonly acknowledged: number;
  readonly unanswered: number;
  readonly bets: number;
  readonly closed: number;
}

/** Holds the client's journal against the database file. Nothing else may write to the file meanwhile. */
export function audit(databasePath: string, journal: readonly JournalLine[], maxGapMs: number): Audit {
  const db = openReaderDatabase(databasePath);
  const books = new SqliteBooks(databasePath);
  try {
    const faults = checkInvariants(db).map((violation) => `invariant: ${JSON.stringify(violation)}`);
    const answers = new Map<string, Extract<JournalLine, { kind: 'answer' }>>();
    for (const line of journal) {
      if (line.kind !== 'answer') continue;
      const first = answers.get(line.nonce);
      if (first !== undefined) faults.push(`nonce ${line.nonce} was answered twice`);
      answers.set(line.nonce, line);
    }
    let acknowledged = 0;
    let unanswered = 0;
    for (const line of journal) {
      if (line.kind !== 'intent') continue;
      const rows = betIdsOfOrder(db, line.accountId, line.order.nonce);
      const answer = answers.get(line.order.nonce);
      if (answer === undefined) {
        unanswered += 1;
        if (rows.length > line.order.taps.length) faults.push(`unanswered ${line.order.nonce} has ${rows.length} bets`);
        continue;
      }
      const accepted = (answer.results ?? []).filter(({ status }) => status === 'accepted').map(({ betId }) => betId!);
      acknowledged += accepted.length;
      const missing = accepted.filter((betId) => !rows.includes(betId));
      const unasked = rows.filter((betId) => !accepted.includes(betId));
      if (missing.length > 0) faults.push(`acknowledged and not there: ${missing.join(', ')}`);
      if (unasked.length > 0) faults.push(`there and not acknowledged: ${unasked.join(', ')} of ${line.order.nonce}, answered ${JSON.stringify(answer)}`);
    }
    const { bets, closed } = outcomes(db, books, maxGapMs, faults);
    return { faults, acknowledged, unanswered, bets, closed };
  } finally {
    books.close();
    db.close();
  }
}

/** Every closed bet must be what the recorded revisions and ticks make of it. */
function outcomes(db: ReturnType<typeof openReaderDatabase>, books: SqliteBooks, maxGapMs: number, faults: string[]): { bets: number; closed: number } {
  const ids = allBetIds(db);
  let closed = 0;
  for (const id of ids) {
    const bet = books.bet(id)!;
    if (bet.status === 'placed' || bet.status === 'locked') continue;
    closed += 1;
    const lock = lockOf(bet, books.revisionFrom(bet.lockAt));
    if (lock.outcome === 'void') {
      if (bet.status !== 'void' || bet.voidReason !== lock.reason) faults.push(`${id} should be void (${lock.reason}), is ${bet.status}`);
      continue;
    }
    if (bet.locked !== lock.multiplier) faults.push(`${id} should be locked at ${lock.multiplier}, is at ${bet.locked}`);
    // A void is as of the end of its window; that the silence was a gap may have shown only when it was committed, and no tick may have come since.
    const until = Math.max(bet.closedAt!, books.ledgerOf(id).at(-1)!.at);
    const { outcome } = resolve(bet.cell, books.ticksOf(bet.cell), { version: bet.rule, maxGapMs }, until);
    if (bet.status !== outcome) faults.push(`${id} should be ${outcome}, is ${bet.status}`);
  }
  return { bets: ids.length, closed };
}

import { dirname, join } from 'node:path';
import type { Bet } from '../../server/game/bet.ts';
import { HISTORY_FOLDER, historyNames } from '../../server/store/archive/history-files.ts';
import { WholeBooks } from '../../server/store/archive/whole-books.ts';
import { allBetIds, betIdsOfOrder, hasTables } from './bet-ids.ts';
import { openReaderDatabase } from '../../server/store/database.ts';
import { checkInvariants } from '../../server/store/invariants.ts';
import type { JournalLine } from './journal.ts';
import { Memory } from './memory.ts';

export interface Audit {
  readonly faults: readonly string[];
  readonly acknowledged: number;
  readonly unanswered: number;
  /** Orders whose answer came too late to say anything. */
  readonly late: number;
  readonly bets: number;
  readonly closed: number;
  /** What became of the bets of the journal's traders: won, lost, open, and void by its reason. */
  readonly outcomes: Readonly<Record<string, number>>;
}

/** Share of the bets that came to an end that were won or lost, 0 to 1. */
export function decidedShare({ outcomes }: Pick<Audit, 'outcomes'>): number {
  const { open = 0, won = 0, lost = 0 } = outcomes;
  const closed = Object.values(outcomes).reduce((sum, count) => sum + count, -open);
  return closed === 0 ? 0 : (won + lost) / closed;
}

/**
 * Holds the client's journal against the books: the database file and the archived weeks beside it. Nothing
 * else may write to them meanwhile.
 * @param memory of earlier audits: what was closed then must still look as it did, and is not decided anew.
 * @param all to compare all that is remembered, not only some.
 */
export function audit(
  databasePath: string,
  journal: readonly JournalLine[],
  maxGapMs: number,
  memory = new Memory(),
  all = true,
): Audit {
  const weeks = join(dirname(databasePath), HISTORY_FOLDER);
  const db = openReaderDatabase(databasePath);
  const files = [db, ...historyNames(weeks).flatMap((name) => opened(join(weeks, name)))];
  const books = new WholeBooks(databasePath);
  try {
    const faults = checkInvariants(db).map((violation) => `invariant: ${JSON.stringify(violation)}`);
    const answers = new Map<string, Extract<JournalLine, { kind: 'answer' }>>();
    for (const line of journal) {
      if (line.kind !== 'answer') continue;
      const first = answers.get(line.nonce);
      if (first !== undefined) faults.push(`nonce ${line.nonce} was answered twice`);
      answers.set(line.nonce, line);
    }
    let [acknowledged, unanswered, late] = [0, 0, 0];
    for (const line of journal) {
      if (line.kind !== 'intent') continue;
      const rows = [
        ...new Set(files.flatMap((file) => betIdsOfOrder(file, line.accountId, line.order.nonce))),
      ];
      const answer = answers.get(line.order.nonce);
      if (answer === undefined || answer.late) {
        if (answer === undefined) unanswered += 1;
        else late += 1;
        if (rows.length > line.order.taps.length)
          faults.push(`unanswered ${line.order.nonce} has ${rows.length} bets`);
        continue;
      }
      const accepted = (answer.results ?? [])
        .filter(({ status }) => status === 'accepted')
        .map(({ betId }) => betId!);
      acknowledged += accepted.length;
      const missing = accepted.filter((betId) => !rows.includes(betId));
      const unasked = rows.filter((betId) => !accepted.includes(betId));
      if (missing.length > 0) faults.push(`acknowledged and not there: ${missing.join(', ')}`);
      if (unasked.length > 0)
        faults.push(
          `there and not acknowledged: ${unasked.join(', ')} of ${line.order.nonce}, ` +
            `answered ${JSON.stringify(answer)}`,
        );
    }
    const traders = new Set(journal.flatMap((line) => (line.kind === 'account' ? [line.accountId] : [])));
    const outcomes: Record<string, number> = {};
    const [ids, closed] = [new Set(files.flatMap((file) => allBetIds(file))), new Set<string>()];
    for (const id of ids) {
      const bet = books.bet(id);
      if (bet === null) {
        faults.push(`${id} is listed and cannot be read`);
        continue;
      }
      const outcome = outcomeOf(bet);
      if (outcome !== 'open') closed.add(id);
      if (traders.has(bet.accountId)) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    }
    faults.push(...memory.faults(books, closed, maxGapMs, all));
    return { faults, acknowledged, unanswered, late, bets: ids.size, closed: closed.size, outcomes };
  } finally {
    books.close();
    for (const file of files) file.close();
  }
}

/** Nothing for a week that an archiver was killed at before it was whole: its rows are still live. */
function opened(path: string): ReturnType<typeof openReaderDatabase>[] {
  try {
    const db = openReaderDatabase(path);
    if (hasTables(db)) return [db];
    db.close();
    return [];
  } catch {
    return [];
  }
}

function outcomeOf({ status, voidReason }: Bet): string {
  if (status === 'placed' || status === 'locked') return 'open';
  return status === 'void' ? `void: ${voidReason}` : status;
}

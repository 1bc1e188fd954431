import { publicVoidReason } from '../../views/bet/public-words.ts';
import { ENTRY_NAMES } from '../../views/wallet/entry-names.ts';
import type { Bet, BetStatus } from '../../server/game/bet.ts';
import { micros, type Currency } from '../../server/game/money.ts';
import { STATEMENT_COLUMNS, statementFields } from '../../server/http/statement-file.ts';
import type { BookedEntry } from '../../server/ports/booked.ts';
import type { LedgerKind, LedgerRow } from '../../server/ports/books.ts';
import { betOf } from '../../server/store/rows/bet.ts';
import { CELL_COLUMNS, cellFields, exactTime, money, time, times, whole } from './fields.ts';
import type { Sheet } from './sheet.ts';

const OUTCOMES: Readonly<Record<BetStatus, string>> = {
  placed: 'Open, held',
  locked: 'Open',
  won: 'Won',
  lost: 'Lost',
  void: 'Stake back',
};

const rowOf = ({ kind, ...entry }: BookedEntry): LedgerRow => ({
  ...entry,
  kind: kind as LedgerKind,
  amount: micros(entry.amount),
  balanceAfter: micros(entry.balanceAfter),
});
const betIn = ({ bet }: BookedEntry): Bet | null => (bet === null ? null : betOf(bet));
const entryJson = ({ bet: _, order: __, ...entry }: BookedEntry): unknown => entry;

/** Every movement of an account, in the columns of the file that its trader can download. */
export const statementSheet = (currency: Currency): Sheet<BookedEntry> => ({
  columns: [...STATEMENT_COLUMNS, 'Booked (UTC)'],
  lines: (entry) => [[...statementFields(rowOf(entry), currency, betIn(entry)), time(entry.bookedAt)]],
  json: entryJson,
});

/** Every bet of an account; its rows are those that took the stakes. */
export const BET_SHEET: Sheet<BookedEntry> = {
  columns: [
    'Placed (UTC)',
    'Stake',
    'Currency',
    ...CELL_COLUMNS,
    'Multiplier shown',
    'Guard percent',
    'Multiplier',
    'Outcome',
    'Payout',
    'Closed (UTC)',
    'Reason',
    'Deciding tick',
    'Shown revision',
    'Locked revision',
    'Rule',
    'Simulated',
    'Bet',
    'Nonce of the order',
    'Session',
    'Order received (UTC)',
    'Commit',
    'Exact time',
  ],
  lines(entry) {
    const bet = betIn(entry);
    if (bet === null) return [];
    const { order } = entry;
    return [
      [
        time(bet.placedAt),
        money(bet.stake),
        bet.currency,
        ...cellFields(bet.cell),
        times(bet.shown),
        whole(bet.guardPercent),
        times(bet.locked),
        OUTCOMES[bet.status],
        bet.closedAt === null ? null : money(bet.payout),
        time(bet.closedAt),
        bet.voidReason === null ? null : publicVoidReason(bet.voidReason),
        whole(bet.closedTick),
        whole(bet.shownRevision),
        whole(bet.lockedRevision),
        whole(bet.rule),
        bet.simulated ? 'yes' : 'no',
        bet.id,
        order?.nonce ?? null,
        order?.sessionId ?? null,
        time(order?.at ?? null),
        whole(entry.batch),
        exactTime(bet.placedAt),
      ],
    ];
  },
  json: ({ bet, order }) => ({
    ...bet,
    order: order && { nonce: order.nonce, sessionId: order.sessionId, at: order.at },
  }),
};

/** What was paid to traders. @param currencyOf of which currency a row is. */
export const paidSheet = (currencyOf: (entry: BookedEntry) => Currency): Sheet<BookedEntry> => ({
  columns: [
    'Booked (UTC)',
    'Entry',
    'Paid',
    'Currency',
    'Account',
    'Stake',
    'Multiplier',
    ...CELL_COLUMNS,
    'Bet',
    'Row',
    'Exact time',
  ],
  lines(entry) {
    const bet = betIn(entry);
    return [
      [
        time(entry.bookedAt),
        ENTRY_NAMES[entry.kind as LedgerKind],
        money(Math.abs(entry.amount)),
        currencyOf(entry),
        entry.accountId,
        money(bet?.stake ?? null),
        times(bet?.locked ?? null),
        ...cellFields(bet?.cell ?? null),
        entry.betId,
        whole(entry.id),
        exactTime(entry.bookedAt),
      ],
    ];
  },
  json: (entry) => ({
    ...(entryJson(entry) as object),
    currency: currencyOf(entry),
    stake: entry.bet?.stake ?? null,
    locked: entry.bet?.locked ?? null,
    cell: entry.bet?.cell ?? null,
  }),
});

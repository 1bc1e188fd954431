import { expect, test } from 'bun:test';
import type { LedgerRow, Page } from '../../ports/books.ts';
import { statementFile } from './statement.ts';

const PAGES = 40;
const row = (id: number): LedgerRow => ({ id, batch: 1, at: 1_800_000_000_000, kind: 'stake', amount: -1 as LedgerRow['amount'], balanceAfter: 1 as LedgerRow['balanceAfter'], version: id, betId: `bet-${id}` });

test('a long statement lets everybody else have a turn after each page', async () => {
  let [asked, turns, downloading] = [0, 0, true];
  const statement = (): Page<LedgerRow> => ({ rows: [row(++asked)], cursor: asked === PAGES ? null : `${asked}` });
  const turn = (): void => {
    turns++;
    if (downloading) setImmediate(turn);
  };
  setImmediate(turn);
  const response = (await statementFile.run({ deps: { books: { statement } }, session: { accountId: 'ada' } } as never)) as Response;
  const lines = (await response.text()).trimEnd().split('\r\n');
  downloading = false;
  expect([lines.length, asked]).toEqual([1 + PAGES, PAGES]);
  expect(turns).toBeGreaterThanOrEqual(PAGES - 1);
});

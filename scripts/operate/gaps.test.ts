import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Multiplier } from '../../server/game/money.ts';
import { cellAt, NOON, opening, order, place, SETTING } from '../../test/ledger-contract/scenario.ts';
import { openStore } from '../../server/store/store.ts';
import { tapgrid } from '../../test/stage/command.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'tapgrid-gaps-'));
afterAll(() => rmSync(dataDir, { recursive: true }));

const gaps = (...words: string[]) => tapgrid(['accounts', 'gaps', ...words], { env: { DATA_DIR: dataDir } });

test('who gets stakes back from gaps is listed beside all others, with and without a server', async () => {
  expect(await gaps()).toMatchObject({ code: 2, out: '' });
  const store = await openStore({
    dataDir,
    ...SETTING,
    caps: { ...SETTING.caps, openBetsMax: 100 },
    at: NOON,
    inProcess: true,
    simulationWithoutFsync: true,
  });
  const commit = store.ledger.commitBatch;
  await commit([...opening('ada'), ...opening('ben'), ...opening('cleo')], NOON);
  /** Ada's bets end in gaps when they would be lost; Ben and Cleo get what comes. */
  const outcomes = {
    ada: ['gap', 'gap', 'gap', 'won'],
    ben: ['lost', 'gap', 'lost', 'moved'],
    cleo: ['lost'],
  } as const;
  const bets = Object.entries(outcomes).flatMap(([accountId, ends]) =>
    ends.map((end, index) => ({ accountId, end, index, betId: `${accountId}-${index}` })),
  );
  for (const { accountId, index, betId } of bets)
    await commit(
      [
        place(
          betId,
          [order(betId, cellAt(index), 10, { filled: { multiplier: 200 as Multiplier, revision: 1 } })],
          { accountId, sessionId: `${accountId}-key` },
        ),
      ],
      NOON,
    );
  await commit([place('open', [order('open', cellAt(20))])], NOON);
  for (const { end, index, betId } of bets) {
    const closedAt = cellAt(index).startMs + 5000;
    const closing =
      end === 'gap' || end === 'moved'
        ? ({ betId, outcome: 'void', voidReason: end, closedAt } as const)
        : ({ betId, outcome: end, tickSeq: 1, closedAt } as const);
    await commit([{ kind: 'close-bets', closings: [closing], at: closedAt }], closedAt);
  }
  const text =
    'All accounts: 4 of 9 closed bets refunded because of gaps, 44.4 %.\n' +
    'ada  PLAY  3 of 4, 75.0 %  $30.00 refunded  $10.00 from its other bets\n' +
    'ben  PLAY  1 of 4, 25.0 %  $10.00 refunded  −$20.00 from its other bets\n';
  expect(await gaps()).toEqual({ code: 0, out: text, error: '', said: text });
  expect(JSON.parse((await gaps('--json')).out)).toMatchObject({
    closed: 9,
    refunds: 4,
    accounts: [
      { accountId: 'ada', refunds: 3 },
      { accountId: 'ben', refunds: 1 },
    ],
  });
  await store.close();
  expect(await gaps()).toEqual({ code: 0, out: text, error: '', said: text });
  expect([(await gaps('x')).code, (await gaps('--help')).out]).toEqual([
    2,
    expect.stringContaining('Usage: tapgrid accounts gaps'),
  ]);
});

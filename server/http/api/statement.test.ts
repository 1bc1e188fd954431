import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { parse } from 'csv-parse/sync';
import type { LedgerRow, Page } from '../../ports/books.ts';
import type { TakesTurns } from '../../ports/turns.ts';
import { csvLine } from '../csv.ts';
import { openHouse, type TestHouse } from '../../../test/stage/http-house.ts';
import { offers, practise, tapOn } from '../../../test/stage/http-trader.ts';
import { statementFile } from './statement.ts';

const PAGES = 40;
const row = (id: number): LedgerRow => ({
  id,
  batch: 1,
  at: 1_800_000_000_000,
  kind: 'stake',
  amount: -1 as LedgerRow['amount'],
  balanceAfter: 1 as LedgerRow['balanceAfter'],
  version: id,
  betId: `bet-${id}`,
});

test('a long statement lets everybody else have a turn after each page', async () => {
  let [asked, turns, downloading] = [0, 0, true];
  const statement = (): Page<LedgerRow> => ({
    rows: [row(++asked)],
    cursor: asked === PAGES ? null : `${asked}`,
  });
  const turn = (): void => {
    turns++;
    if (downloading) setImmediate(turn);
  };
  setImmediate(turn);
  const response = (await statementFile.run({
    deps: {
      books: { statement, bet: () => null, archived: () => null },
      turns: { take: (_: string, work: () => unknown) => work() },
    },
    session: { accountId: 'ada', currency: 'PLAY' },
  } as never)) as Response;
  const lines = (await response.text()).trimEnd().split('\r\n');
  downloading = false;
  expect([lines.length, asked]).toEqual([1 + PAGES, PAGES]);
  expect(turns).toBeGreaterThanOrEqual(PAGES - 1);
});

describe('each page of the file', () => {
  const download = (turns: TakesTurns, reads: string[]): Promise<string> => {
    const statement = (): Page<LedgerRow> => ({
      rows: [row(reads.push('read'))],
      cursor: reads.length >= PAGES ? null : `${reads.length}`,
    });
    const call = {
      deps: { books: { statement, bet: () => null, archived: () => null }, turns },
      address: '203.0.113.7',
      session: { accountId: 'ada', currency: 'PLAY' },
    };
    return (statementFile.run(call as never) as Response).text();
  };

  test('is read in a turn of the caller', async () => {
    const callers: string[] = [];
    const reads: string[] = [];
    let inTurn = 0;
    const take: TakesTurns['take'] = (caller, work) => {
      callers.push(caller);
      const before = reads.length;
      const result = work();
      inTurn += reads.length - before;
      return result;
    };
    await download({ take }, reads);
    expect([reads.length, inTurn, callers.length, new Set(callers)]).toEqual([
      PAGES,
      PAGES,
      PAGES,
      new Set(['203.0.113.7']),
    ]);
  });

  test('is missing loudly where too much waits: what is there does not end like a whole file', async () => {
    const take: TakesTurns['take'] = (_, work, refuse) => (reads.length < 3 ? work() : refuse());
    const reads: string[] = [];
    expect(
      await download({ take }, reads).then(
        () => 'whole',
        (error: Error) => error.message,
      ),
    ).toContain('cut off');
    expect(reads.length).toBe(3);
  });
});

describe('the file of a trader who played', () => {
  let house: TestHouse;
  let rows: Record<string, string>[];
  let json: any[];
  let bets: any[];
  beforeAll(async () => {
    house = await openHouse();
    await house.pass(500);
    const trader = await practise(house);
    await trader.tap(
      offers(house)
        .slice(0, 6)
        .map((offer) => tapOn(offer)),
    );
    await house.pass(70_000);
    const { text, headers } = await house.call('/api/v1/account/statement.csv', { token: trader.token });
    expect([headers.get('content-type'), headers.get('content-disposition')]).toEqual([
      'text/csv; charset=utf-8; header=present',
      'attachment; filename="tapgrid-statement.csv"',
    ]);
    rows = parse(text, { columns: true, record_delimiter: '\r\n' });
    json = (await house.call('/api/v1/account/statement?limit=500', { token: trader.token })).body.rows;
    bets = (await house.call('/api/v1/bets?status=closed&limit=200', { token: trader.token })).body.bets;
  });
  afterAll(() => house.close());

  test('has each row of the statement, its money in dollars to the last micro-dollar', () => {
    expect(rows.length).toBe(13);
    expect(
      rows.map((one) => [
        Number(one['Row']),
        Math.round(Number(one['Amount']) * 1e6),
        Math.round(Number(one['Balance after']) * 1e6),
        one['Exact time'],
      ]),
    ).toEqual(
      json.map(({ id, amount, balanceAfter, at }) => [id, amount, balanceAfter, new Date(at).toISOString()]),
    );
    expect(
      rows.filter(({ Entry }) => Entry === 'Stake').map(({ Amount, Currency }) => [Amount, Currency]),
    ).toEqual(Array(6).fill(['-5.00', 'PLAY']));
    expect(rows.at(-1)).toMatchObject({
      Entry: 'Play money',
      Amount: '10000.00',
      Currency: 'PLAY',
      'Balance after': '10000.00',
      'Band from': '',
      'Window opens (UTC)': '',
      Multiplier: '',
      Bet: '',
    });
  });

  test('says of which bet each row is: band, window, multiplier', () => {
    for (const one of rows.slice(0, -1)) {
      const bet = bets.find(({ id }) => id === one['Bet']);
      const [start, windowMs, low, high] = bet.cell.split('.').map(Number);
      const utc = (text: string) => Date.parse(`${text.replace(' ', 'T')}Z`);
      expect([utc(one['Window opens (UTC)']!), utc(one['Window closes (UTC)']!)]).toEqual([
        start,
        start + windowMs,
      ]);
      expect([one['Band from'], one['Band to'], one['Stake'], one['Multiplier']]).toEqual([
        (low / 100).toFixed(2),
        (high / 100).toFixed(2),
        '5.00',
        ((bet.lockedMultiplier ?? bet.multiplier) / 100).toFixed(2),
      ]);
    }
  });

  test('holds only what a spreadsheet reads as number, date or plain text', () => {
    const KINDS: Readonly<Record<string, RegExp>> = {
      Entry: /^[A-Z][a-z ]+$/,
      Currency: /^PLAY$/,
      Bet: /^([0-9a-f-]{36})?$/,
      'Exact time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
    };
    for (const one of rows)
      for (const [name, value] of Object.entries(one)) {
        expect(value).toMatch(
          KINDS[name] ??
            (name.endsWith('(UTC)') ? /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)?$/ : /^(-?\d+(\.\d{2,6})?)?$/),
        );
      }
  });
});

test.each([
  ['=HYPERLINK("http://evil.example")', `"'=HYPERLINK(""http://evil.example"")"`],
  ['+1', `'+1`],
  ['-1+1', `'-1+1`],
  ['@SUM(A1)', `'@SUM(A1)`],
  ['\t=1', `'\t=1`],
  ['\r=1', `"'\r=1"`],
  ['a,b', '"a,b"'],
  ['a"b', '"a""b"'],
  ['two\nlines', '"two\nlines"'],
  ['plain', 'plain'],
  ['', ''],
])('the text %j stays a text in a spreadsheet', (text, written) =>
  expect(csvLine([text, { decimal: '-5.00' }, null])).toBe(`${written},-5.00,\r\n`),
);

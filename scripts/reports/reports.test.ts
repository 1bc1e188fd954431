import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { Database } from 'bun:sqlite';
import { parse } from 'csv-parse/sync';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { databaseOf, OldBooks } from '../../test/simulation/archived-books.ts';
import { tapgrid as typed } from '../../test/stage/command.ts';
import { REFUSALS_KEPT_DAYS } from '../../server/engine/refusal-desk.ts';
import { WholeBooks } from '../../server/store/archive/whole-books.ts';

/** The reports of an account on real books: all live, archived, and with weeks that have left the disk. */

const DAY_MS = 86_400_000;
const STARTED = Date.now() - 13 * DAY_MS;
const root = mkdtempSync(join(tmpdir(), 'tapgrid-reports-'));
const books = new OldBooks(7, join(root, 'live'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const archived = join(root, 'archived');
const away = join(root, 'away');
const store = join(root, 'store');

const env = (dataDir: string): Record<string, string> => ({
  DATA_DIR: dataDir,
  ARCHIVE_SEGMENT_ROWS: '100',
  LOG_LEVEL: 'warn',
  ...(dataDir === books.dataDir ? {} : { BACKUP_DIR: store }),
});
const tapgrid = (dataDir: string, ...words: string[]) => typed(words, { env: env(dataDir) });

beforeAll(async () => {
  await books.make(STARTED);
  books.copyTo(archived);
  expect((await tapgrid(archived, 'archive', 'run')).code).toBe(0);
  books.copyTo(away);
  rmSync(away, { recursive: true });
  Bun.spawnSync(['cp', '-r', archived, away]);
  for (const name of readdirSync(join(away, 'history')))
    if (!name.startsWith('accounts')) rmSync(join(away, 'history', name));
}, 180_000);

const OUTCOMES: Readonly<Record<string, string>> = {
  Won: 'won',
  Lost: 'lost',
  'Stake back': 'void',
  Open: 'locked',
  'Open, held': 'placed',
};
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);
const days = Array.from({ length: 15 }, (_, n) => dayOf(STARTED + n * DAY_MS));
const rowsIn = (csv: string): Record<string, string>[] =>
  parse(csv, { columns: true, record_delimiter: '\r\n' });

/** All rows of the account as its trader reads them, oldest first. */
function statement(): { id: number; betId: string | null }[] {
  const whole = new WholeBooks(databaseOf(books.dataDir));
  try {
    const rows = [];
    for (let cursor: string | null = null; ; ) {
      const page = whole.statement(books.account, cursor, 100);
      rows.push(...page.rows);
      if ((cursor = page.cursor) === null) return rows.reverse();
    }
  } finally {
    whole.close();
  }
}

describe.each(['statement', 'bets', 'refusals'])('accounts %s', (report) => {
  test('is the same whether rows are live, archived, or away in the store; as CSV and as JSON', async () => {
    for (const form of [[], ['--json']]) {
      const [live, ...others] = await Promise.all(
        [books.dataDir, archived, away].map((dataDir) =>
          tapgrid(dataDir, 'accounts', report, books.account, ...form),
        ),
      );
      expect(live!.code).toBe(0);
      expect(live!.out.split('\n').length).toBeGreaterThan(20);
      for (const other of others) expect([other.code, other.out === live!.out]).toEqual([0, true]);
    }
  });

  test('of two times is the same as of both together', async () => {
    const [first, second, both] = await Promise.all(
      [['--to', days[5]!], ['--from', `${days[5]}T00:00:00+00:00`], []].map((period) =>
        tapgrid(away, 'accounts', report, books.account, ...period),
      ),
    );
    const [early, late, all] = [first, second, both].map((one) => one!.out.trimEnd().split('\r\n'));
    expect([early!.length > 3, late!.length > 3, late![0]]).toEqual([true, true, all![0]!]);
    expect([...early!, ...late!.slice(1)]).toEqual(all!);
  });
});

test('a time at which something happened belongs to what begins with it', async () => {
  const { rows } = JSON.parse((await tapgrid(away, 'accounts', 'statement', books.account, '--json')).out);
  const { at } = rows[Math.floor(rows.length / 2)];
  const iso = (ms: number): string => new Date(ms).toISOString();
  const there = async (from: number, to: number): Promise<number> => {
    const period = ['--from', iso(from), '--to', iso(to), '--json'];
    return JSON.parse((await tapgrid(away, 'accounts', 'statement', books.account, ...period)).out).rows
      .length;
  };
  const booked = (ms: number): number => rows.filter((row: any) => row.at === ms).length;
  expect([await there(at, at + 1), await there(at - 1, at)]).toEqual([booked(at), booked(at - 1)]);
});

test('the amounts of the statement add up to the balance, to the micro-dollar, in both forms', async () => {
  const csv = await tapgrid(away, 'accounts', 'statement', books.account);
  const { rows } = JSON.parse((await tapgrid(away, 'accounts', 'statement', books.account, '--json')).out);
  const whole = new WholeBooks(databaseOf(books.dataDir));
  const balance = whole.account(books.account)?.balance ?? 0;
  whole.close();
  const micros = (text = ''): bigint => {
    const [, sign = '', dollars = '', cents = ''] = /^(-?)(\d+)\.(\d{2,6})$/.exec(text) ?? [];
    return BigInt(`${sign}${dollars}${cents.padEnd(6, '0')}`);
  };
  const added = rowsIn(csv.out).reduce((sum, row) => sum + micros(row['Amount']), 0n);
  expect([added, micros(rowsIn(csv.out).at(-1)?.['Balance after'])]).toEqual([
    BigInt(balance),
    BigInt(balance),
  ]);
  expect(rows.reduce((sum: number, { amount }: { amount: number }) => sum + amount, 0)).toBe(balance);
});

test('the statement has every row of the account, each of a bet with its bet', async () => {
  const rows = rowsIn((await tapgrid(away, 'accounts', 'statement', books.account)).out);
  expect(rows.map((row) => Number(row['Row']))).toEqual(statement().map(({ id }) => id));
  expect(rows.filter((row) => row['Bet'] !== '' && row['Stake'] === '')).toEqual([]);
});

test('the bets are those of the statement, each once, with outcome and order', async () => {
  const { rows } = JSON.parse((await tapgrid(away, 'accounts', 'bets', books.account, '--json')).out);
  const staked = new Set(statement().flatMap(({ betId }) => betId ?? []));
  expect(rows.map(({ id }: { id: string }) => id)).toEqual([...staked]);
  expect(rows.every(({ order }: any) => order.nonce.length > 0 && order.sessionId.length > 0)).toBe(true);
  const sheet = rowsIn((await tapgrid(away, 'accounts', 'bets', books.account)).out);
  expect(sheet.map((row) => OUTCOMES[row['Outcome']!])).toEqual(rows.map(({ status }: any) => status));
});

test('payouts: each is on one day, and the sums are those of the rows', async () => {
  const db = new Database(databaseOf(books.dataDir), { readonly: true });
  const paid = db
    .query<{ id: number; amount: number }, []>(
      `SELECT id, amount FROM ledger WHERE kind IN ('payout', 'refund', 'withdrawal') ORDER BY id`,
    )
    .all();
  db.close();
  const found: { id: number; amount: number }[] = [];
  let sum = 0;
  for (const day of days) {
    const { code, out } = await tapgrid(away, 'accounts', 'payouts', '--day', day, '--json');
    const report = JSON.parse(out);
    expect(code).toBe(0);
    found.push(...report.rows);
    for (const { paid: one } of report.sums) sum += one;
    const sheet = await tapgrid(books.dataDir, 'accounts', 'payouts', '--day', day);
    expect(rowsIn(sheet.out).length).toBe(report.rows.length);
  }
  expect(found.map(({ id }) => id)).toEqual(paid.map(({ id }) => id));
  expect(sum).toBe(paid.reduce((all, { amount }) => all + Math.abs(amount), 0));
  expect((await tapgrid(away, 'accounts', 'payouts', '--day', '2020-02-29')).error).toContain(
    'Nothing was paid',
  );
});

describe('what is not whole is said', () => {
  const copy = (name: string, of = away): string => {
    Bun.spawnSync(['cp', '-r', of, join(root, name)]);
    return join(root, name);
  };

  test('with the store gone nothing is printed; what needs none of it still is', async () => {
    const lonely = { ...env(away), BACKUP_DIR: join(root, 'nowhere') };
    for (const words of [
      ['statement', books.account],
      ['bets', books.account],
      ['payouts', '--day', days[0]!],
      ['export', books.account, '--out', join(root, 'lonely')],
    ]) {
      const { code, out, error } = await typed(['accounts', ...words], { env: lonely });
      expect([words[0], code, out, error.includes('(archive_unreachable)')]).toEqual([words[0], 3, '', true]);
    }
    expect([existsSync(join(root, 'lonely')), existsSync(join(root, 'lonely.unfinished'))]).toEqual([
      false,
      false,
    ]);
    const late = await typed(['accounts', 'statement', books.account, '--from', days.at(-4)!], {
      env: lonely,
    });
    expect([late.code, late.out.split('\r\n').length > 3]).toEqual([0, true]);
    const json = await typed(['accounts', 'bets', books.account, '--json'], { env: lonely });
    expect(JSON.parse(json.out).error.code).toBe('archive_unreachable');
  });

  test('without the index of accounts every segment is looked through', async () => {
    const lost = copy('lost');
    rmSync(join(lost, 'history'), { recursive: true });
    const [before, after] = [
      await tapgrid(away, 'accounts', 'statement', books.account),
      await tapgrid(lost, 'accounts', 'statement', books.account),
    ];
    expect([after.code, after.out === before.out]).toEqual([0, true]);
  });

  test.each([
    ['DELETE FROM ledger WHERE id = $id', 'is missing'],
    ['UPDATE ledger SET balance_after = balance_after + 1 WHERE id = $id', 'does not follow'],
    ['DELETE FROM bets WHERE stake_entry = $id', 'the bet of row'],
  ])('a hand in the books, %s', async (sql, message) => {
    const spoiled = copy('spoiled', books.dataDir);
    const db = new Database(databaseOf(spoiled), { strict: true });
    const triggers = db
      .query<{ name: string }, []>(`SELECT name FROM sqlite_schema WHERE type = 'trigger'`)
      .all();
    for (const { name } of triggers) db.run(`DROP TRIGGER ${name}`);
    const { id } = db
      .query<{ id: number }, [string]>(
        `SELECT MAX(id) AS id FROM ledger WHERE account_id = $1 AND kind = 'stake'`,
      )
      .get(books.account)!;
    db.query(sql).run({ id });
    db.close();
    const { code, error } = await tapgrid(spoiled, 'accounts', 'statement', books.account);
    expect([code, error.includes(message), error.includes('(not_whole)')]).toEqual([1, true, true]);
    rmSync(spoiled, { recursive: true });
  });
});

test('refused orders that have left the books come from the archive, each once', async () => {
  const [before, old] = [await tapgrid(archived, 'accounts', 'refusals', books.account), join(root, 'old')];
  Bun.spawnSync(['cp', '-r', archived, old]);
  const db = new Database(databaseOf(old));
  // As the house does when they are old enough.
  expect(REFUSALS_KEPT_DAYS).toBe(60);
  db.run(`DELETE FROM refusals WHERE at < ${STARTED + 5 * DAY_MS}`);
  db.close();
  const after = await tapgrid(old, 'accounts', 'refusals', books.account);
  expect([after.code, after.out === before.out]).toEqual([0, true]);
  const [row] = rowsIn(after.out);
  expect(row).toMatchObject({
    Orders: '1',
    Code: expect.stringMatching(/^[a-z_]+$/),
    Reason: expect.stringMatching(/\.$/),
  });
  expect(Object.values(row!).filter((field) => field === '').length).toBeLessThan(3);
});

describe('accounts export', () => {
  const out = join(root, 'export');
  beforeAll(async () => {
    const order = ['--reason', '=HYPERLINK("http://evil.example")', '--by', '@Ann'];
    expect((await tapgrid(away, 'accounts', 'block', books.account, ...order)).code).toBe(0);
    expect((await tapgrid(away, 'accounts', 'export', books.account, '--out', out)).code).toBe(0);
  });
  const file = (name: string): string => readFileSync(join(out, name), 'utf8');

  test('has every list in both forms, with the checksums that it tells', async () => {
    const { files, account, chain } = JSON.parse(file('account.json'));
    expect(readdirSync(out).sort()).toEqual(['account.json', ...files.map(({ name }: any) => name)].sort());
    for (const { name, rows, sha256 } of files) {
      expect([name, new Bun.CryptoHasher('sha256').update(file(name)).digest('hex')]).toEqual([name, sha256]);
      const found = name.endsWith('.json') ? JSON.parse(file(name)).rows : null;
      if (found !== null) expect([name, found.length]).toEqual([name, rows]);
    }
    expect([account.id, account.restriction.blocked, chain.ledger.hash.length]).toEqual([
      books.account,
      true,
      64,
    ]);
    for (const name of ['statement', 'bets', 'refusals']) {
      const printed = await tapgrid(away, 'accounts', name, books.account);
      expect([name, file(`${name}.csv`) === printed.out]).toEqual([name, true]);
    }
    expect(rowsIn(file('sessions.csv')).length).toBeGreaterThan(0);
    expect(file('sessions.json')).not.toContain('tokenHash');
  });

  test('has what operators did, and no field that a spreadsheet would carry out', () => {
    const [action] = rowsIn(file('actions.csv'));
    expect(action).toMatchObject({
      What: 'block',
      Reason: `'=HYPERLINK("http://evil.example")`,
      Operator: "'@Ann",
    });
    expect(JSON.parse(file('actions.json')).rows[0].reason).toBe('=HYPERLINK("http://evil.example")');
    for (const name of readdirSync(out).filter((one) => one.endsWith('.csv')))
      for (const row of rowsIn(file(name)))
        for (const field of Object.values(row))
          expect([name, field, /^[=+@\t\r]|^-(?![\d.])/.test(field)]).toEqual([name, field, false]);
  });

  test('is never written over', async () => {
    const again = await tapgrid(away, 'accounts', 'export', books.account, '--out', out);
    expect([again.code, again.error.includes('(exists)')]).toEqual([1, true]);
    const nowhere = await tapgrid(away, 'accounts', 'export', books.account, '--out', '/proc/nowhere/x');
    expect([nowhere.code, nowhere.error.includes('(not_written)')]).toEqual([1, true]);
  });
});

test('what operators did, of a time or of always, as CSV and as JSON; a page is not all of it', async () => {
  const acted = join(root, 'acted');
  Bun.spawnSync(['cp', '-r', away, acted]);
  const orders = 205;
  const began = Date.now();
  for (let n = 0; n < orders; n++) {
    const order = [n % 2 === 0 ? 'block' : 'unblock', books.account, '--reason', `order ${n}, a test`];
    expect((await tapgrid(acted, 'accounts', ...order, '--by', 'Ann')).code).toBe(0);
  }
  const sheet = rowsIn((await tapgrid(acted, 'operators', 'actions')).out);
  const { rows } = JSON.parse((await tapgrid(acted, 'operators', 'actions', '--json')).out);
  expect([sheet.length, rows.length]).toEqual([rows.length, sheet.length]);
  expect(rows.slice(-orders).map(({ reason }: any) => reason)).toEqual(
    Array.from({ length: orders }, (_, n) => `order ${n}, a test`),
  );
  expect(sheet.at(-1)).toMatchObject({ Operator: 'Ann', What: 'block', Target: books.account });
  const before = await tapgrid(acted, 'operators', 'actions', '--to', new Date(began).toISOString());
  expect(rowsIn(before.out).length).toBe(rows.length - orders);
}, 60_000);

test.each([
  [['statement', 'nobody'], 1, 'not_found'],
  [['bets', 'house:PLAY'], 1, 'not_found'],
  [['statement'], 2, 'missing_argument'],
  [['export', 'x'], 2, 'missing_option'],
  [['payouts'], 2, 'missing_option'],
  [['payouts', '--day', '2026-02-30'], 2, 'bad_day'],
  [['payouts', '--day', '2026-11-29T00:00Z'], 2, 'bad_day'],
  [['statement', 'x', '--from', 'yesterday'], 2, 'bad_time'],
  [['bets', 'x', '--from', '2026-11-30', '--to', '2026-11-30'], 2, 'bad_period'],
])('accounts %j ends with %d, %s', async (words, exit, code) => {
  const ended = await tapgrid(books.dataDir, 'accounts', ...words);
  expect([ended.code, ended.out, ended.error.includes(`(${code})`)]).toEqual([exit, '', true]);
});

test('without books there is nothing to report', async () => {
  const { code, error } = await typed(['accounts', 'statement', 'x'], {
    env: { DATA_DIR: join(root, 'nothing') },
  });
  expect([code, error.includes('(no_books)')]).toEqual([2, true]);
});

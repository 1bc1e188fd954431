import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { parse } from 'csv-parse/sync';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { archive, houseIn } from '../../test/simulation/archiving.ts';
import { Cookies } from '../identity/cookies.ts';
import { hashToken } from '../identity/session-token.ts';
import { SqliteArchiveSource } from '../store/archive/archive-source.ts';
import { fetchedName } from '../store/archive/history-files.ts';
import { DATABASE_FILE } from '../store/store.ts';
import { OWN_COMMAND } from '../compose/places.ts';
import { FAILED_MS, fetchSegment } from '../upkeep/archive/fetch-desk.ts';
import { segmentKey } from '../upkeep/archive/manifest.ts';
import { DirectoryStore } from '../upkeep/backup/directory-store.ts';
import { askArchive } from './archived.ts';
import type { HttpDeps } from './deps.ts';
import { openHouse, START, type TestHouse } from '../../test/stage/http-house.ts';
import { offers, practise, tapOn, type Trader } from '../../test/stage/http-trader.ts';
import { OPENING_ENTRY } from './statement-file.ts';

const WEEKS = 6;
/**
 * Of the first week, which the second run archives, so that its bets are placed in one segment and closed in
 * another.
 */
const STRADDLED_ROWS = 50;
const WEEK_MS = 7 * 86_400_000;
const root = mkdtempSync(join(tmpdir(), 'tapgrid-archived-'));
const [dataDir, backupDir] = [join(root, 'data'), join(root, 'backups')];
const stopped = new AbortController();

/** Sessions that go on for weeks: what is tried here is not how they end. */
const forEver = (deps: HttpDeps): HttpDeps => ({
  ...deps,
  sessions: {
    ...deps.sessions,
    authenticate: async (token) => sessions.get(token) ?? null,
    end: async () => null,
  },
});
const sessions = new Map<string, ReturnType<HttpDeps['books']['sessionById']>>();

let house: TestHouse;
let ada: Trader;
let bob: Trader;
/** Of Ada, before anything was archived. */
const [receipts, betIds]: [Map<string, any>, string[]] = [new Map(), []];

const openAt = async (startAt: number): Promise<void> => {
  house = await openHouse({ dataDir, startAt, deps: forEver });
  house.fetches.start = (segment) =>
    fetchSegment(OWN_COMMAND, segment, stopped.signal, {
      ...process.env,
      DATA_DIR: dataDir,
      BACKUP_DIR: backupDir,
      BACKUP_S3_BUCKET: '',
    });
  await house.pass(500);
};
const traderFrom = async (): Promise<Trader> => {
  const trader = await practise(house);
  sessions.set(trader.token, house.books.sessionById(trader.sessionId));
  return trader;
};
const call = (path: string, trader: Trader | null = ada) =>
  house.call(path, trader === null ? {} : { token: trader.token });
const ask = (body: object, trader = ada) =>
  house.call('/api/v1/archive', { method: 'POST', token: trader.token, body: JSON.stringify(body) });
const receiptOf = (id: string, trader: Trader | null = ada) => call(`/api/v1/bets/${id}/receipt`, trader);

/** Asks until there is nothing to wait for. */
async function fetched(body: object): Promise<{ status: number; body: any }> {
  for (let tries = 0; tries < 1_800; tries++) {
    const { status, body: said } = await ask(body);
    if (status !== 202) return { status, body: said };
    await Bun.sleep(50);
  }
  throw new Error('it is being fetched for ever');
}

const listed = async (path: string, rows: string): Promise<{ rows: any[]; archived: any }> => {
  const found: any[] = [];
  for (let cursor: string | null = ''; ; ) {
    const { body } = await call(`${path}limit=7${cursor === '' ? '' : `&cursor=${cursor}`}`);
    found.push(...body[rows]);
    cursor = body.cursor;
    if (cursor === null) return { rows: found, archived: body.archived };
  }
};
const statement = () => listed('/api/v1/account/statement?', 'rows');
const closed = () => listed('/api/v1/bets?status=closed&', 'bets');

beforeAll(async () => {
  for (let week = 0; week < WEEKS; week++) {
    await openAt(START + week * WEEK_MS);
    if (week === 0) ada = await traderFrom();
    if (week === 3) bob = await traderFrom();
    await house.pass(1_000);
    for (const trader of week < 3 ? [ada] : [ada, bob]) {
      const order = await trader.order(
        offers(house)
          .slice(0, 4)
          .map((offer) => tapOn(offer)),
        { deadline: house.clock.now + 5_000 },
      );
      const { body } = await house.call('/api/v1/taps', {
        method: 'POST',
        token: trader.token,
        body: JSON.stringify(order),
      });
      if (trader === ada) betIds.push(...body.results.map(({ betId }: { betId: string }) => betId));
    }
    await house.pass(70_000);
    for (const id of betIds.slice(-4)) receipts.set(id, (await receiptOf(id)).body);
    // Weekly, as the timer does it; each run after a restart.
    await archive({
      dataDir,
      ledger: house.store.ledger,
      now: house.clock.now,
      store: new DirectoryStore(backupDir),
      options: {
        rowsMax: week === 1 ? STRADDLED_ROWS : 100_000,
        historyMs: 2 * WEEK_MS,
        afterMs: 3_600_000 * 24,
      },
    });
    if (week < WEEKS - 1) await house.close(true);
  }
}, 120_000);
afterAll(async () => {
  stopped.abort();
  await house.close();
  rmSync(root, { recursive: true, force: true });
});

test('weeks have left the disk', () => {
  expect(readdirSync(join(dataDir, 'history')).filter((name) => name.endsWith('.db')).length).toBeLessThan(
    WEEKS - 1,
  );
  expect([betIds.length, receipts.size, ...betIds.map((id) => receipts.get(id).betId)]).toEqual([
    WEEKS * 4,
    WEEKS * 4,
    ...betIds,
  ]);
});

test('statement, bets and file say from when on rows are here, and what the account had then', async () => {
  const { rows, archived } = await statement();
  const oldest = rows.at(-1);
  expect(archived).toMatchObject({
    balance: oldest.balanceAfter - oldest.amount,
    state: 'archived',
    retryAfterMs: null,
  });
  expect([archived.until < oldest.at, archived.rows > 0, archived.rows + rows.length]).toEqual([
    true,
    true,
    1 + WEEKS * 4 * 2,
  ]);
  const bets = await closed();
  expect(bets.archived).toEqual(archived);
  expect(bets.rows.length).toBeLessThan(WEEKS * 4);
  expect(bets.rows.every(({ placedAt }) => placedAt > archived.until)).toBe(true);
  const file = parse((await call('/api/v1/account/statement.csv')).text, {
    columns: true,
    record_delimiter: '\r\n',
  }) as Record<string, string>[];
  expect([
    file.length,
    file.at(-1)!['Entry'],
    Math.round(Number(file.at(-1)!['Balance after']) * 1e6),
    Date.parse(file.at(-1)!['Exact time']!),
  ]).toEqual([rows.length + 1, OPENING_ENTRY, archived.balance, archived.until]);
});

test('an archived receipt is archived, to its owner and to everybody, and what never was is not found', async () => {
  for (const reader of [ada, bob, null])
    expect(await receiptOf(betIds[0]!, reader)).toMatchObject({
      status: 409,
      body: { error: { code: 'archived' } },
    });
  for (const never of [
    Bun.randomUUIDv7('hex', START - WEEK_MS),
    Bun.randomUUIDv7('hex', house.clock.now),
    Bun.randomUUIDv7('hex', START + WEEK_MS * (WEEKS - 1) + 30_000),
    crypto.randomUUID(),
    'x',
  ]) {
    expect([never, (await receiptOf(never)).status]).toEqual([never, 404]);
  }
  expect((await receiptOf(betIds.at(-1)!)).status).toBe(200);
});

describe('on request', () => {
  const numberOf = (at: number): number => {
    const source = new SqliteArchiveSource(join(dataDir, DATABASE_FILE));
    try {
      return source.segments().find(({ beganAt, endedAt }) => endedAt >= at && beganAt <= at)!.number;
    } finally {
      source.close();
    }
  };

  test('nothing is fetched for an account that has nothing there, nor for a bet that never was', async () => {
    expect(await ask({ betId: betIds[0]! }, bob)).toMatchObject({
      status: 404,
      body: { error: { code: 'not_found' } },
    });
    expect((await ask({ betId: Bun.randomUUIDv7('hex', house.clock.now + WEEK_MS) })).status).toBe(404);
    expect((await ask({ betId: 5 })).status).toBe(400);
    expect((await house.call('/api/v1/archive', { method: 'POST', body: '{}' })).status).toBe(401);
    expect(await receiptOf(betIds[0]!)).toMatchObject({ body: { error: { code: 'archived' } } });
  });

  test.each(['damaged', 'missing'])(
    'a segment that is %s is named to the operator, and nothing of it is shown',
    async (how) => {
      const number = numberOf(receipts.get(betIds[0]!).placedAt);
      const path = join(backupDir, segmentKey(houseIn(dataDir), number));
      const whole = readFileSync(path);
      house.fetches.faults.length = 0;
      if (how === 'missing') rmSync(path);
      else
        writeFileSync(
          path,
          whole.map((byte, index) => (index === whole.length >> 1 ? byte ^ 1 : byte)),
        );
      const failed = await fetched({ betId: betIds[0]! });
      expect(failed).toMatchObject({
        status: 409,
        body: { error: { code: 'archived', retryAfterMs: FAILED_MS } },
      });
      expect(house.fetches.faults).toEqual([
        expect.stringContaining(`segment ${number} cannot be read: ${backupDir}: `),
      ]);
      expect(house.fetches.faults[0]).toContain(segmentKey(houseIn(dataDir), number));
      const receipt = await receiptOf(betIds[0]!);
      expect([receipt.status, receipt.body.error.code, receipt.headers.get('retry-after')]).toEqual([
        409,
        'archived',
        String(FAILED_MS / 1000),
      ]);
      expect(existsSync(join(dataDir, 'history/fetched', fetchedName(number)))).toBe(false);
      writeFileSync(path, whole);
      house.clock.now += FAILED_MS;
    },
    60_000,
  );

  test('a receipt comes back as it was, and stays over a restart', async () => {
    expect(numberOf(receipts.get(betIds[0]!).closedAt)).toBeGreaterThan(
      numberOf(receipts.get(betIds[0]!).placedAt),
    );
    const first = await ask({ betId: betIds[0]! });
    expect([first.status, first.body.state, Number(first.headers.get('retry-after')) > 0]).toEqual([
      202,
      'fetching',
      true,
    ]);
    expect(await fetched({ betId: betIds[0]! })).toMatchObject({ status: 200, body: { state: 'here' } });
    for (const again of [false, true]) {
      if (again) {
        const at = house.clock.now;
        await house.close(true);
        await openAt(at + 1_000);
      }
      for (const id of betIds.slice(0, 4)) {
        const { status, body } = await receiptOf(id);
        expect(status).toBe(200);
        expect({ ...body, chain: { ...body.chain, head: null } }).toEqual({
          ...receipts.get(id),
          chain: { ...receipts.get(id).chain, head: null },
        });
      }
    }
    const never = Bun.randomUUIDv7('hex', receipts.get(betIds[0]!).placedAt + 1);
    expect((await receiptOf(never)).status).toBe(404);
  }, 60_000);

  test('a segment between two that are not here leaves no hole in the statement: it still ends where the archive begins', async () => {
    const { rows, archived } = await statement();
    expect(archived.rows + rows.length).toBe(1 + WEEKS * 4 * 2);
    for (const [index, row] of rows.slice(1).entries())
      expect(rows[index].balanceAfter - rows[index].amount).toBe(row.balanceAfter);
    expect((await closed()).rows.every(({ placedAt }) => placedAt > archived.until)).toBe(true);
  });

  test('the statement grows, part by part, to its very first row', async () => {
    let lengths: number[] = [];
    for (let parts = 0; parts < 2 * WEEKS; parts++) {
      const { rows, archived } = await statement();
      lengths = [...lengths, rows.length];
      if (archived === null) break;
      await fetched({});
    }
    expect(lengths).toEqual([...new Set(lengths)].sort((a, b) => a - b));
    const { rows } = await statement();
    expect([rows.length, rows.at(-1).kind, (await closed()).rows.length]).toEqual([
      1 + WEEKS * 4 * 2,
      'grant',
      WEEKS * 4,
    ]);
    expect(await ask({})).toMatchObject({ status: 200, body: { state: 'here' } });
    const file = parse((await call('/api/v1/account/statement.csv')).text, {
      columns: true,
      record_delimiter: '\r\n',
    }) as Record<string, string>[];
    expect([file.length, file.at(-1)!['Entry']]).toEqual([rows.length, 'Play money']);
  }, 60_000);
});

test('a bet that is here, but not the quote before it: its owner has that fetched, nobody else', () => {
  const books = {
    archived: () => null,
    segmentsOfBet: () => [7],
    hasMoved: () => false,
    bet: () => ({ accountId: 'ada' }),
  };
  const archive = {
    progress: () => ({ state: 'archived', retryAfterMs: null }),
    fetch: () => ({ state: 'fetching', retryAfterMs: 1 }),
  };
  const asked = (accountId: string) => askArchive({ books, archive } as never, { accountId } as never, 'bet');
  expect([asked('ada'), asked('bob')]).toEqual([
    { state: 'fetching', retryAfterMs: 1 },
    expect.objectContaining({ code: 'not_found' }),
  ]);
});

describe('pages of the whole house', () => {
  let server: Bun.Subprocess<'ignore', 'pipe', 'inherit'>;
  let origin: string;
  let cookie: string;

  beforeAll(async () => {
    const token = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url');
    const at = Date.now();
    await house.engine.startSession({
      ...sessions.get(ada.token)!,
      id: Bun.randomUUIDv7(),
      publicKey: 'another',
      tokenHash: hashToken(token),
      createdAt: at,
      seenAt: at,
      expiresAt: at + 3_600_000,
    });
    await house.close(true);
    rmSync(join(dataDir, 'history/fetched'), { recursive: true });
    server = Bun.spawn([process.execPath, join(import.meta.dir, '../main.ts')], {
      env: {
        ...process.env,
        DATA_DIR: dataDir,
        BACKUP_DIR: backupDir,
        BACKUP_S3_BUCKET: '',
        PORT: '0',
        EDGES: '0',
        FEED: 'walk:archived',
        LOG_LEVEL: 'info',
      },
      stdin: 'ignore',
      stdout: 'pipe',
      stderr: 'inherit',
    });
    let log = '';
    for await (const chunk of server.stdout)
      if ((log += new TextDecoder().decode(chunk)).includes('is ready')) break;
    origin = /http:\/\/localhost:\d+/.exec(log)![0];
    cookie = new Cookies(origin).setSession(token, 3_600).split(';')[0]!;
  }, 60_000);
  afterAll(async () => {
    server.kill('SIGTERM');
    await server.exited;
    await openAt(house.clock.now + 1_000);
  });

  const read = async (path: string, headers: Record<string, string> = { cookie }) => {
    const response = await fetch(`${origin}${path}`, {
      headers: { accept: 'text/html', ...headers },
      redirect: 'manual',
    });
    return { status: response.status, text: await response.text() };
  };
  const press = async (fields: Record<string, string>, headers: Record<string, string> = {}) => {
    const response = await fetch(`${origin}/archive`, {
      method: 'POST',
      headers: { cookie, origin, ...headers },
      body: new URLSearchParams(fields),
      redirect: 'manual',
    });
    return { status: response.status, to: response.headers.get('location'), text: await response.text() };
  };

  test('statement and history end with what the rows go on from, and a button', async () => {
    const last = async (path: string): Promise<string> => {
      let { text } = await read(path);
      for (
        let next = /href="([^"]*cursor[^"]*)" rel="next"/.exec(text);
        next !== null;
        next = /href="([^"]*cursor[^"]*)" rel="next"/.exec(text)
      ) {
        expect(text).not.toContain('id="archived"');
        ({ text } = await read(next[1]!.replaceAll('&amp;', '&')));
      }
      return text;
    };
    for (const path of ['/statement', '/history'])
      expect([path, await last(path)]).toEqual([
        path,
        expect.stringMatching(
          /id="archived".*Your balance was <b>\$[\d,]+\.\d\d<\/b> then.*<form method="post" action="\/archive">/s,
        ),
      ]);
    expect(await last('/history?status=open')).not.toContain('id="archived"');
    expect((await read('/statement', {})).text).not.toContain('id="archived"');
  });

  test('a receipt that is archived says so, to its owner with a button, to others without', async () => {
    const own = await read(`/bets/${betIds[0]}`);
    expect([own.status, own.text]).toEqual([
      409,
      expect.stringContaining(`<input type="hidden" name="bet" value="${betIds[0]}"`),
    ]);
    const others = await read(`/bets/${betIds[0]}`, {});
    expect([others.status, others.text]).toEqual([409, expect.not.stringContaining('action="/archive"')]);
    expect((await read(`/bets/${crypto.randomUUID()}`)).status).toBe(404);
  });

  test('the button brings it, and nobody else’s page can press it', async () => {
    expect(await press({ bet: betIds[0]! }, { origin: 'https://elsewhere.example' })).toMatchObject({
      status: 403,
      to: null,
    });
    expect(await press({ bet: Bun.randomUUIDv7('hex', Date.now()) })).toMatchObject({
      status: 404,
      text: expect.stringContaining('There is no bet with that id.'),
    });
    expect((await read(`/bets/${betIds[0]}`)).text).toContain('Fetch the receipt');
    // Where its path is to be watched it is fetched in the same way; where there is no bet, there is none.
    const part = await read(`/bets/${betIds[0]}/watch`);
    expect([part.status, part.text]).toEqual([409, expect.stringContaining('Fetch the receipt')]);
    expect(part.text).not.toContain('<html');
    expect((await read('/bets/none/watch')).status).toBe(404);
    expect(await press({ bet: betIds[0]! })).toMatchObject({ status: 303, to: `/bets/${betIds[0]}` });
    expect((await read(`/bets/${betIds[0]}`)).text).toMatch(/(Being|Waiting to be) fetched\./);
    let receipt = await read(`/bets/${betIds[0]}`);
    for (let tries = 0; receipt.status === 409 && tries < 400; tries++) {
      await Bun.sleep(50);
      receipt = await read(`/bets/${betIds[0]}`);
    }
    expect([receipt.status, receipt.text]).toEqual([200, expect.stringContaining('<h1>Receipt</h1>')]);
    expect((await read(`/bets/${betIds[0]}/watch`)).status).toBe(200);
  }, 60_000);
});

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Chance } from '../replay-market/chance.ts';
import { OldBooks, violations } from '../../test/simulation/archived-books.ts';
import { seedOf } from '../../test/stage/seed.ts';

const KILLS = 8;
const ROUNDS_MAX = 60;
const SIGKILLED = 137;
const ROOT = join(import.meta.dir, '../..');
const DAY_MS = 86_400_000;
const SEED = seedOf('ARCHIVE_SEED');
const root = mkdtempSync(join(tmpdir(), 'tapgrid-archive-cli-'));
const books = new OldBooks(SEED, join(root, 'original'));
beforeAll(() => books.make(Date.now() - 13 * DAY_MS), 180_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));
/** How long a run takes on this machine, from its start to its end. */
let runMs = 400;

const environment = (dataDir: string): Record<string, string> => ({
  ...(process.env as Record<string, string>),
  DATA_DIR: dataDir,
  ARCHIVE_SEGMENT_ROWS: '150',
  LOG_LEVEL: 'warn',
});
const start = (dataDir: string, ...words: string[]) =>
  Bun.spawn([process.execPath, join(ROOT, 'scripts/tapgrid.ts'), 'archive', ...words], {
    cwd: ROOT,
    env: environment(dataDir),
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
  });

async function ran(
  dataDir: string,
  ...words: string[]
): Promise<{ code: number; out: string; error: string }> {
  const child = start(dataDir, ...words);
  const [out, error] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  return { code: await child.exited, out, error };
}

describe('tapgrid archive', () => {
  test('runs, tells, verifies, gets and restores', async () => {
    const dataDir = join(root, 'plain');
    books.copyTo(dataDir);
    expect(await ran(dataDir, 'explain')).toMatchObject({
      code: 0,
      out: expect.stringContaining('Due now: commits 1 to'),
    });
    const began = performance.now();
    const first = await ran(dataDir, 'run');
    runMs = performance.now() - began;
    expect(first.code).toBe(0);
    expect(first.out).toContain('through this process');
    expect(first.out).toContain('the archive is on the same disk as the books');
    const archived = books.betIds[0]!;
    expect(await ran(dataDir, 'explain', archived)).toMatchObject({
      code: 0,
      out: expect.stringContaining('from which its receipt is read'),
    });
    expect(await ran(dataDir, 'run')).toMatchObject({
      code: 0,
      out: expect.stringContaining('nothing was due'),
    });
    expect(await ran(dataDir, 'status', '--json')).toMatchObject({ code: 0 });
    expect(await ran(dataDir, 'verify')).toMatchObject({
      code: 0,
      out: expect.stringContaining('all intact'),
    });
    const got = await ran(dataDir, 'get', archived);
    expect(
      got.out
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { table: string }).table),
    ).toEqual(expect.arrayContaining(['bets', 'intents', 'keys', 'ledger', 'ticks']));
    const before = books.seen(dataDir);
    for (const name of readdirSync(join(dataDir, 'history'))) rmSync(join(dataDir, 'history', name));
    expect(() => books.seen(dataDir)).toThrow();
    expect(
      (JSON.parse((await ran(dataDir, 'run', '--json')).out) as { segments: unknown[] }).segments,
    ).toEqual([]);
    const { segments } = JSON.parse((await ran(dataDir, 'status', '--json')).out) as { segments: number };
    for (let number = 1; number <= segments; number++)
      expect(await ran(dataDir, 'restore', String(number))).toMatchObject({ code: 0 });
    expect(books.seen(dataDir)).toEqual(before);
  }, 180_000);

  test.each([
    [['run', 'more'], 2],
    [[], 2],
    [['get'], 2],
    [['toString'], 2],
    [['get', 'nothing'], 1],
    [['restore', '2020-W01'], 1],
    [['--help'], 0],
  ] as const)(
    '%j ends with %d',
    async (words, code) => {
      expect((await ran(books.dataDir, ...words)).code).toBe(code);
    },
    120_000,
  );

  test('killed again and again at any moment, it ends where it should, and nothing is missing between', async () => {
    const dataDir = join(root, 'killed');
    books.copyTo(dataDir);
    const before = books.seen(dataDir);
    const chance = new Chance(SEED);
    let kills = 0;
    let rounds = 0;
    let whole = true;
    for (; kills < KILLS && rounds < ROUNDS_MAX; rounds++) {
      const child = start(dataDir, 'run');
      const began = performance.now();
      const ended = await Promise.race([child.exited, Bun.sleep(runMs * (0.2 + 0.8 * chance.next()))]);
      const tookMs = performance.now() - began;
      child.kill('SIGKILL');
      const code = await child.exited;
      expect([0, SIGKILLED]).toContain(code);
      expect(violations(dataDir)).toEqual([]);
      expect(books.seen(dataDir)).toEqual(before);
      if (code === SIGKILLED) kills += 1;
      else {
        // The next one has the whole work before it again; and one that was quicker than thought is hit
        // sooner.
        if (whole && ended !== undefined) runMs = Math.min(runMs, tookMs);
        rmSync(dataDir, { recursive: true });
        books.copyTo(dataDir);
      }
      whole = code !== SIGKILLED;
    }
    console.log(`  ${kills} of ${rounds} runs were killed before their end (seed ${SEED})`);
    expect(kills).toBe(KILLS);
    expect(await ran(dataDir, 'run')).toMatchObject({ code: 0 });
    expect(await ran(dataDir, 'verify')).toMatchObject({ code: 0 });
    expect(books.seen(dataDir)).toEqual(before);
    expect(violations(dataDir)).toEqual([]);
    expect(existsSync(join(dataDir, 'archive/plan.json'))).toBe(false);
  }, 180_000);
});

async function served(dataDir: string): Promise<Bun.Subprocess<'ignore', 'pipe', 'inherit'>> {
  const server = Bun.spawn([process.execPath, join(ROOT, 'server/main.ts')], {
    cwd: ROOT,
    env: { ...environment(dataDir), PORT: '0', EDGES: '0', FEED: 'walk:3', LOG_LEVEL: 'info' },
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'inherit',
  });
  for await (const chunk of server.stdout) if (new TextDecoder().decode(chunk).includes('is ready')) break;
  return server;
}

describe('with a server', () => {
  test('its own writer seals and deletes, while it goes on', async () => {
    const dataDir = join(root, 'served');
    books.copyTo(dataDir);
    const before = books.seen(dataDir) as { bets: unknown[] };
    const server = await served(dataDir);
    try {
      const first = await ran(dataDir, 'run');
      expect(first.code).toBe(0);
      expect(first.out).toContain('through the server');
      expect(first.out).toMatch(/deleted from the books: \d+ bets/);
      expect(await ran(dataDir, 'verify')).toMatchObject({ code: 0 });
      expect(server.exitCode).toBeNull();
      expect(violations(dataDir)).toEqual([]);
      const now = books.seen(dataDir) as { bets: unknown[] };
      // The server has meanwhile closed what was open.
      expect(now.bets.filter((bet, index) => Bun.deepEquals(bet, before.bets[index])).length).toBeGreaterThan(
        before.bets.length / 2,
      );
    } finally {
      server.kill('SIGTERM');
      await server.exited;
    }
    expect(violations(dataDir)).toEqual([]);
  }, 180_000);

  test('that is killed in the middle: the run says so or has ended, and the next one goes on without it', async () => {
    const dataDir = join(root, 'bereft');
    books.copyTo(dataDir);
    const server = await served(dataDir);
    const child = start(dataDir, 'run');
    await Bun.sleep(runMs * (0.2 + 0.8 * new Chance(SEED).next()));
    server.kill('SIGKILL');
    await server.exited;
    expect([0, 1, 3]).toContain(await child.exited);
    expect(violations(dataDir)).toEqual([]);
    expect(await ran(dataDir, 'run')).toMatchObject({ code: 0 });
    expect(await ran(dataDir, 'verify')).toMatchObject({ code: 0 });
    expect(violations(dataDir)).toEqual([]);
  }, 180_000);
});

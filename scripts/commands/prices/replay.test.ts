import { afterAll, describe, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Walk } from '../../../server/feed/walk.ts';
import { PRIOR_TAPES } from '../../../server/game/learned/prior.ts';
import { beside } from '../../../test/stage/beside.ts';
import type { CellsReport } from '../../replay-market/all-cells/report.ts';
import type { Report, Run } from '../../replay-market/report.ts';

const folder = mkdtempSync(join(tmpdir(), 'tapgrid-market-'));
const books = join(folder, 'books');
mkdirSync(books);
afterAll(() => rmSync(folder, { recursive: true }));

const path = (name: string): string => join(folder, name);
const spawn = (...args: string[]) =>
  Bun.spawn([process.execPath, join(import.meta.dir, '../../tapgrid.ts'), 'replay', ...args], {
    stdout: 'pipe',
    stderr: 'pipe',
    env: { ...process.env, TMPDIR: books },
  });

async function run(...args: string[]) {
  const child = spawn(...args);
  const [out, error, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { out, error, code };
}

/** A walk of so many seconds, ten prices each. */
function recorded(name: string, seconds: number): string {
  const walk = new Walk({ seed: name, volatilityBp: 2 });
  const rows = Array.from(
    { length: seconds * 10 },
    (_, index) => `${1_700_000_000_000 + index * 100},${(walk.step() / 100).toFixed(2)}\n`,
  );
  writeFileSync(path(name), Bun.gzipSync(`ts_ms,price\n${rows.join('')}`));
  return path(name);
}

const readReport = (name: string): Report => JSON.parse(readFileSync(path(name), 'utf8'));
const timeless = ({ timing: _, ...rest }: Run) => rest;

describe('tapgrid replay', () => {
  test(
    'tells what each trader got with the lock on and off, as text, JSON and page, and leaves nothing ' +
      'behind',
    async () => {
      const file = recorded('walk.csv.gz', 200);
      const { out, error, code } = await run(
        file,
        '--traders',
        'random,momentum,sniper:0.5',
        '--json-file',
        path('a.json'),
        '--report',
        path('a.html'),
      );
      expect(code).toBe(0);
      expect(out).toContain('lock on: held 400 ms');
      expect(out).toContain('lock off: filled as shown');
      expect(out).toContain('Invariants: all pass');
      expect(out).toMatch(/sniper:0\.5 +1\.05–1\.5/);
      expect(error).toMatch(/lock on, playing: \d+ % \d+ bets\n/);
      expect(error).not.toContain('\x1b');
      const { runs } = readReport('a.json');
      expect(runs.map(({ lock, mismatches, invariants }) => [lock, mismatches, invariants])).toEqual([
        ['on', 0, []],
        ['off', 0, []],
      ]);
      for (const { traders } of runs)
        for (const { bets, won, lost, voids, accepted } of traders)
          expect([
            bets,
            won + lost + Object.values(voids).reduce<number>((sum, count) => sum + count!, 0),
          ]).toEqual([accepted, accepted]);
      const page = readFileSync(path('a.html'), 'utf8');
      expect(page.match(/<svg /g)).toHaveLength(3);
      expect(page).not.toMatch(/NaN|undefined|<script|https?:/);
      expect(readdirSync(books)).toEqual([]);
    },
  );

  test('the same seed gives the same report, another seed another; without a ledger the bets are the same', async () => {
    const file = recorded('again.csv.gz', 150);
    const args = [file, '--traders', 'random,contrarian,sniper:0.2', '--lock', 'on', '--tap-from', 'start'];
    const reports: Run[][] = [];
    for (const [name, ...more] of [['1'], ['2'], ['3', '--seed', '2'], ['4', '--ledger', 'none']]) {
      expect(
        (await run(...args, ...more, '--json-file', path(`${name}.json`), '--report', path(`${name}.md`)))
          .code,
      ).toBe(0);
      reports.push([...readReport(`${name}.json`).runs]);
    }
    const [first, again, other, memory] = reports.map((runs) => runs.map(timeless));
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
    expect(memory![0]!.traders).toEqual(first![0]!.traders);
    expect(memory![0]!.invariants).toBeNull();
    const untimed = (name: string) => readFileSync(path(name), 'utf8').replaceAll(/^- Played in .*$/gm, '');
    expect(untimed('1.md')).toBe(untimed('2.md'));
    expect(untimed('1.md')).toContain('| random | 1.05–1.5 |');
  }, 180_000);

  test('a trader does the same whoever else plays', async () => {
    const file = recorded('alone.csv.gz', 150);
    await run(file, '--traders', 'momentum', '--lock', 'on', '--json-file', path('alone.json'));
    await run(
      file,
      '--traders',
      'random,sniper:1,momentum',
      '--lock',
      'on',
      '--json-file',
      path('among.json'),
    );
    const [alone, among] = [readReport('alone.json'), readReport('among.json')].map(({ runs }) =>
      runs[0]!.traders.find(({ trader }) => trader === 'momentum'),
    );
    expect(alone).toEqual(among!);
  });

  test('prices can be scaled, and the recording cut', async () => {
    const file = recorded('scaled.csv.gz', 300);
    const { code } = await run(
      file,
      '--traders',
      'random',
      '--lock',
      'off',
      '--scale-price',
      '10',
      '--limit-minutes',
      '2.5',
      '--json-file',
      path('scaled.json'),
    );
    expect(code).toBe(0);
    expect(readReport('scaled.json').recording.minutes).toBeCloseTo(2.5, 6);
    const { code: refused, error } = await run(file, '--scale-price', '100000');
    expect([refused, error]).toEqual([
      2,
      expect.stringContaining('--scale-price 100000 makes prices too large or too small. (bad_value)\n'),
    ]);
  });

  test('--all-cells tells what every cell on offer was quoted and what it paid, as text, JSON and page', async () => {
    const file = recorded('cells.csv.gz', 2_700);
    const args = [file, '--all-cells', '--after', '0', '--traders', 'random,burst,near,sniper:1'];
    const { out, error, code } = await run(
      ...args,
      '--json-file',
      path('c.json'),
      '--report',
      path('c.html'),
    );
    expect(code).toBe(0);
    expect(out).toContain('All cells of cells.csv.gz');
    expect(out).toMatch(/1\.5–2\.5 +[\d,]+ +0\.\d{3} +0\.\d{3} +[+-]\d+\.\d +\d+\.\d +provisional/);
    expect(error).toMatch(/walking: \d+ %/);
    const report = JSON.parse(readFileSync(path('c.json'), 'utf8')) as CellsReport;
    expect(report.buckets.map(({ from, to }) => [from, to])).toEqual([
      [1.05, 1.5],
      [1.5, 2.5],
      [2.5, 5],
      [5, 10],
      [10, 25],
    ]);
    const prior = PRIOR_TAPES.map(({ name }) => name);
    expect(report.options).toEqual({ model: 2, gate: 'on', after: 0, windowMs: 5_000, holdMs: 1100, prior });
    expect(Object.keys(report.traders)).toEqual(['random', 'burst', 'near', 'sniper:1']);
    for (const { cells, quoted, realised, d } of [report.all, ...Object.values(report.traders)])
      if (cells > 0) expect(realised! - quoted!).toBeCloseTo(d!, 12);
    const page = readFileSync(path('c.html'), 'utf8');
    expect(page.match(/<svg /g)).toHaveLength(1);
    expect(page).not.toMatch(/NaN|undefined|<script|https?:/);
    const again = await run(...args, '--model', '1', '--gate', 'off', '--report', path('c.md'));
    expect(again.code).toBe(0);
    expect(again.out).toContain('Model 1: the formula alone.');
    expect(readFileSync(path('c.md'), 'utf8')).toContain('| 1.5–2.5 |');
    const refused = await run(...args.slice(0, 3), 'soon');
    expect([refused.code, refused.error]).toEqual([
      2,
      expect.stringContaining('--after must be a number of hours'),
    ]);
  }, 180_000);

  test('Ctrl-C ends with a report of what was played', async () => {
    const child = spawn(
      recorded('long.csv.gz', 7_200),
      '--tap-from',
      'start',
      '--lock',
      'both',
      '--traders',
      'random',
    );
    const chunks: string[] = [];
    for await (const chunk of child.stderr) {
      // The first line of progress tells that it plays; a second signal would end it at once.
      if (chunks.length === 0) child.kill('SIGINT');
      chunks.push(new TextDecoder().decode(chunk));
    }
    const [out, code] = await Promise.all([new Response(child.stdout).text(), child.exited]);
    expect(code).toBe(130);
    expect(chunks.join('')).toContain('stopping; the report covers what was played');
    expect(out).toContain('Interrupted: partial.');
    expect(out).toMatch(/random .*\(\d+ open\)/);
    expect(out).toContain('0 mismatches. Invariants: all pass');
    expect(out).not.toContain('lock off');
    expect(readdirSync(books)).toEqual([]);
  }, 180_000);

  test('--help tells every option and exit code', async () => {
    const { out, code } = await run('--help');
    expect(code).toBe(0);
    for (const word of [
      '--traders',
      '--lock',
      '--hold',
      '--taps-per-second',
      '--tap-from',
      '--watch-frozen',
      '--scale-price',
      '--limit-minutes',
      '--ledger',
      '--seed',
      '--all-cells',
      '--model',
      '--gate',
      '--after',
      '--json-file',
      '--report',
      'Exit code',
    ])
      expect(out).toContain(word);
  });

  test.each([
    ['no file', [], 'replay needs <recording>'],
    ['a wrong option', ['a.csv', '--lock', 'x'], '--lock must be one of: on, off, both'],
    ['a file that is not there', ['absent.csv.gz'], 'cannot be read'],
    ['a bad line', ['bad.csv'], 'bad.csv line 3 is not'],
    [
      'a report that cannot be written',
      ['short.csv', '--json-file', 'absent/a.json'],
      'The report cannot be written',
    ],
    ['a report of another kind', ['short.csv', '--report', 'a.pdf'], 'ends in .html or .md'],
  ] as const)('%s is exit code 2 and a sentence', async (_, args, sentence) => {
    writeFileSync(path('bad.csv'), 'ts_ms,price\n1700000000000,100.00\n1700000000100,cheap\n');
    writeFileSync(path('short.csv'), 'ts_ms,price\n1700000000000,100.00\n1700000000100,100.01\n');
    const { code, error } = await run(
      ...args.map((arg) => (/\.(csv|csv\.gz|json)$/.test(arg) ? path(arg) : arg)),
    );
    expect(code).toBe(2);
    expect(error).toContain(sentence);
    expect(error).not.toContain(' at ');
  });
});

const { path: REAL, isThere, why } = beside('data/bitfinex_20171221_trades.csv.gz');

describe.skipIf(!isThere)(`tapgrid replay on recorded prices${why}`, () => {
  test('six minutes of real trades: every bet follows from ticks and revisions, quoted below the stake', async () => {
    const { code, out } = await run(
      REAL,
      '--limit-minutes',
      '6',
      '--lock',
      'on',
      '--json-file',
      path('real.json'),
    );
    expect(code).toBe(0);
    expect(out).toContain('0 mismatches. Invariants: all pass');
    const [{ traders, bets }] = readReport('real.json').runs as [Run];
    expect(bets).toBeGreaterThan(500);
    expect(traders.map(({ trader }) => trader)).toEqual([
      'random',
      'momentum',
      'contrarian',
      'sniper:0.2',
      'sniper:0.5',
      'sniper:1',
    ]);
    for (const { overall } of traders) expect(overall.quoted).toBeGreaterThan(0.8);
    for (const { overall } of traders) expect(overall.quoted).toBeLessThan(0.96);
  }, 180_000);
});

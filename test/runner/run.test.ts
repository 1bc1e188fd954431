import { afterAll, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Totals } from './totals.ts';

const folder = mkdtempSync(join(tmpdir(), 'tapgrid-run-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const HEAD = `import { expect, test } from 'bun:test';
import { existsSync, rmSync, writeFileSync } from 'node:fs';`;
/** Waits until the other file runs, which does the same. */
const waitsFor = (own: string, other: string): string => `${HEAD}
test('${own}', async () => {
  writeFileSync('${own}', '');
  while (!existsSync('${other}')) await Bun.sleep(5);
});`;
/** Finds nobody there. */
const isAlone = `${HEAD}
test('alone', async () => {
  writeFileSync('here', '', { flag: 'wx' });
  await Bun.sleep(50);
  rmSync('here');
});`;

/** Runs files as a suite, by another process: what fails in there is printed. */
async function run(
  files: Readonly<Record<string, string>>,
  { sideBySide = 2, minutesMax = 1 } = {},
): Promise<{ totals: Totals; files: string[]; printed: string }> {
  const root = mkdtempSync(join(folder, 'root-'));
  mkdirSync(join(root, 'coverage'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text);
  const suite = { name: 'suite', about: '', needs: [], sideBySide, minutesMax, testSecondsMax: 50 };
  const script = `
    import { runSuite } from '${join(import.meta.dir, 'run.ts')}';
    const coverage = new Map();
    const names = ${JSON.stringify(Object.keys(files).filter((name) => name.includes('.test.')))};
    const totals = await runSuite(${JSON.stringify(suite)}, names, '${root}', coverage);
    console.log('\\n' + JSON.stringify({ totals, files: [...coverage.keys()] }));`;
  const child = Bun.spawn([process.execPath, '-e', script], { cwd: root, stdout: 'pipe', stderr: 'pipe' });
  const [said, complained] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  return { ...JSON.parse(said.trim().split('\n').at(-1)!), printed: said + complained };
}

test.skipIf(availableParallelism() < 2)(
  'two files run side by side, and both cover what they load',
  async () => {
    const { totals, files } = await run({
      'one.ts': 'export const one = () => 1;\n',
      'two.ts': 'export const two = () => 2;\n',
      'a.test.ts': `import { one } from './one.ts'; one();\n${waitsFor('a', 'b')}`,
      'b.test.ts': `import { two } from './two.ts'; two();\n${waitsFor('b', 'a')}`,
    });
    expect([totals, files.sort()]).toEqual([{ passed: 2, failed: 0, skipped: 0 }, ['one.ts', 'two.ts']]);
  },
);

test('a suite that asks for it has the machine to itself: its files run one after the other', async () =>
  expect(
    (await run({ 'a.test.ts': isAlone, 'b.test.ts': isAlone, 'c.test.ts': isAlone }, { sideBySide: 1 }))
      .totals,
  ).toEqual({ passed: 3, failed: 0, skipped: 0 }));

test('a file that takes its process with it is one failure, is named, and keeps no other from its run', async () => {
  const { totals, printed } = await run({
    'a.test.ts': `${HEAD}\ntest('a', () => process.kill(process.pid, 'SIGKILL'));`,
    'b.test.ts': `${HEAD}\ntest('b', () => {});`,
    'c.test.ts': `${HEAD}\ntest('c', () => expect(1).toBe(2));`,
  });
  expect(totals).toEqual({ passed: 1, failed: 2, skipped: 0 });
  expect(printed).toContain('a.test.ts (worker crashed: SIGKILL)');
});

test('what hangs is named, ended with all that it has started, and counts as failed', async () => {
  const mark = `7${process.pid}`;
  const hangs = (how: string): string =>
    `${HEAD}\ntest('x', async () => { ${how}(['sleep', '${mark}']); await Bun.sleep(40_000); });`;
  const { totals, printed } = await run(
    { 'a.test.ts': hangs('Bun.spawn'), 'b.test.ts': hangs('Bun.spawnSync') },
    { minutesMax: 0.08 },
  );
  expect(totals).toEqual({ passed: 0, failed: 2, skipped: 0 });
  expect(printed).toMatch(/Interrupted while still running:\s+[ab]\.test\.ts .*\s+[ab]\.test\.ts/);
  expect(printed).toContain('suite: ended by SIGTERM after');
  while (Bun.spawnSync(['pgrep', '--full', `^sleep ${mark}$`]).exitCode === 0) await Bun.sleep(20);
});

import { afterAll, expect, test } from 'bun:test';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHECKS, runChecks, verdictText, type Check, type Verdict } from './checks.ts';

const ROOT = join(import.meta.dir, '../..');
const folder = mkdtempSync(join(tmpdir(), 'tapgrid-checks-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function verdictsOf(root: string, checks: readonly Check[]): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  const wrong = await runChecks(root, checks, (verdict) => verdicts.push(verdict));
  expect(wrong).toBe(verdicts.filter(({ isRight }) => !isRight).length);
  return verdicts;
}

/** A project with our settings and one file. */
function projectWith(text: string): string {
  const root = mkdtempSync(join(folder, 'project-'));
  for (const file of ['biome.jsonc', 'tsconfig.json', '.gitignore'])
    cpSync(join(ROOT, file), join(root, file));
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  mkdirSync(join(root, 'server'));
  writeFileSync(join(root, 'server/file.ts'), text);
  return root;
}

test.each([
  ['', []],
  ['export const a  = 1;\n', ['format']],
  ['export const a: any = 1;\n', ['lint']],
  ["export const a: number = 'one';\n", ['types']],
  ['export  const a: any = nothing;\n', ['format', 'lint', 'types']],
])('%j: complaints of %j', async (text, names) => {
  const verdicts = await verdictsOf(projectWith(text), CHECKS.slice(0, 3));
  expect(verdicts.filter(({ isRight }) => !isRight).map(({ check }) => check.name)).toEqual(names);
  for (const { isRight, printed } of verdicts)
    expect(isRight || printed.includes('server/file.ts')).toBe(true);
});

test('each verdict has its seconds, and what was printed only where something is wrong', async () => {
  const says = (exitCode: number): Check => ({
    name: `ends with ${exitCode}`,
    right: 'good',
    wrong: 'BAD',
    words: ['-e', `console.log('out'); console.error('err'); process.exit(${exitCode})`],
  });
  const verdicts = await verdictsOf(folder, [says(0), says(1)]);
  expect(verdicts.map(verdictText)).toEqual([
    expect.stringMatching(/^ends with 0: good \(\d+\.\d s\)$/),
    expect.stringMatching(/^out\nerr\nends with 1: BAD \(\d+\.\d s\)$/),
  ]);
});

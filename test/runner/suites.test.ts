import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { SUITES, testFiles } from './suites.ts';
import { findTool } from './tools.ts';

test('every test file belongs to exactly one suite', async () => {
  const files = await testFiles(join(import.meta.dir, '../..'));
  expect(files).toContain('test/runner/suites.test.ts');
  for (const file of [...files, 'server/http/board.browser.test.ts'])
    expect([file, SUITES.filter((suite) => suite.owns(file)).length]).toEqual([file, 1]);
});

test('what measures lateness has nothing beside it', async () => {
  const measuring = SUITES.filter(({ sideBySide }) => sideBySide === 1);
  const files = (await testFiles(join(import.meta.dir, '../..'))).filter((file) =>
    measuring.some(({ owns }) => owns(file)),
  );
  for (const name of ['flood', 'edges-flood', 'edges', 'edge-apart'])
    expect(files).toContain(`server/${name}.fault.test.ts`);
});

test('a run in which every suite hangs still ends within ninety-five minutes', () =>
  expect(SUITES.reduce((sum, { minutesMax }) => sum + minutesMax, 0)).toBeLessThanOrEqual(95));

test('a tool is found by the first of its commands that is there', () => {
  expect(findTool({ name: 'Shell', commands: ['no-such-command', 'sh'], debianPackage: 'dash' })).toEndWith(
    '/sh',
  );
  expect(findTool({ name: 'Nothing', commands: ['no-such-command'], debianPackage: 'nothing' })).toBeNull();
});

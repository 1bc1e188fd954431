import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tapgrid } from '../../test/stage/command.ts';

const folder = mkdtempSync(join(tmpdir(), 'tapgrid-settings-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const SETTINGS_FILE = join(folder, 'shown.env');
writeFileSync(SETTINGS_FILE, 'ROWS=20\nREDIS_URL=redis://me:hidden@127.0.0.1\n');

test('settings are shown with their source, and no secret', async () => {
  const { code, out } = await tapgrid(['settings'], { env: { SETTINGS_FILE, PORT: '4000' } });
  expect(code).toBe(0);
  for (const line of [
    'ROWS=20    (file)',
    'PORT=4000    (environment)',
    'REDIS_URL=(set)    (file)',
    'QUORUM=2',
  ])
    expect(out.split('\n')).toContain(line);
  expect(out).not.toContain('hidden');
});

test('one setting is its value alone', async () => {
  const { code, out } = await tapgrid(['settings', 'ROWS'], { env: { SETTINGS_FILE } });
  expect([code, out]).toEqual([0, '20\n']);
});

test('a setting that does not exist, or is wrong, is refused', async () => {
  expect((await tapgrid(['settings', 'NOPE'], { env: {} })).code).toBe(2);
  expect(await tapgrid(['settings'], { env: { ROWS: 'x' } })).toMatchObject({
    code: 2,
    error: expect.stringContaining('ROWS is "x"'),
  });
});

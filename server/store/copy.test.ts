import { afterAll, expect, test } from 'bun:test';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failureOf, NOON, SETTING } from '../../test/ledger-contract/scenario.ts';
import { OWN_COMMAND } from '../compose/places.ts';
import { copyDatabase } from './copy.ts';
import { DATABASE_FILE, openStore } from './store.ts';

const root = mkdtempSync(join(tmpdir(), 'tapgrid-copy-'));
afterAll(() => rmSync(root, { recursive: true }));

test('a copy that fails says why in one line, and leaves no half of it', async () => {
  const store = await openStore({ dataDir: root, ...SETTING, at: NOON, inProcess: true });
  await store.close();
  const source = join(root, DATABASE_FILE);
  const target = join(root, 'nowhere', 'copy.db');
  const { message } = (await failureOf(
    copyDatabase(source, target, [...OWN_COMMAND, 'copy-database']),
  )) as Error;
  expect(message).toStartWith(`the copy of ${source} failed: `);
  expect(message.split('\n')).toHaveLength(1);
  expect(message).not.toMatch(/Bun v|\.ts/);
  expect(existsSync(target)).toBe(false);
});

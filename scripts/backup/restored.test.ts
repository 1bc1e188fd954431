import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OldBooks } from '../../test/simulation/archived-books.ts';
import { tapgrid } from '../../test/stage/command.ts';

/** Books that were restored serve every command before a server has opened them. */

const root = mkdtempSync(join(tmpdir(), 'tapgrid-restored-'));
const at = (name: string): string => join(root, name);
const books = new OldBooks(7, at('lost'));
const env = (dataDir: string) => ({ DATA_DIR: dataDir, BACKUP_DIR: at('kept'), LOG_LEVEL: 'warn' });
afterAll(() => rmSync(root, { recursive: true }));

beforeAll(async () => {
  await books.make(Date.now() - 13 * 86_400_000);
  expect(await tapgrid(['backup', 'run'], { env: env(at('lost')) })).toMatchObject({ code: 0 });
  const restored = await tapgrid(['restore', '--from', at('kept'), '--to', at('restored')], {
    env: env(at('restored')),
  });
  expect(restored).toMatchObject({ code: 0 });
}, 120_000);

test('they are one file', () => expect(readdirSync(at('restored'))).toEqual(['tapgrid.db']));

test.each([
  ['verify-ledger'],
  ['accounts gaps'],
  ['accounts statement ACCOUNT'],
  ['accounts find ACCOUNT'],
  ['archive status'],
  ['archive run'],
  ['archive verify'],
  ['backup run'],
])(
  '%s',
  async (words) => {
    const typed = words.split(' ').map((word) => (word === 'ACCOUNT' ? books.account : word));
    expect(await tapgrid(typed, { env: env(at('restored')) })).toMatchObject({ code: 0 });
  },
  60_000,
);

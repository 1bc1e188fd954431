import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OldBooks } from '../../test/simulation/archived-books.ts';
import { tapgrid } from '../../test/stage/command.ts';

/** The same exit code and the same code of the error for the same thing, whichever command is asked. */

const DAY_MS = 86_400_000;
const root = mkdtempSync(join(tmpdir(), 'tapgrid-exit-codes-'));
const at = (name: string): string => join(root, name);
const books = new OldBooks(7, at('data'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Where nothing listens. */
const NOBODY = 'http://127.0.0.1:1';
const BUCKET = {
  BACKUP_S3_ENDPOINT: NOBODY,
  BACKUP_S3_BUCKET: 'tapgrid-nowhere',
  BACKUP_S3_KEY_ID: 'a-key-of-a-test',
  BACKUP_S3_SECRET: 'a-secret-of-a-test',
};
const HOUSES = {
  'no books': { DATA_DIR: at('nothing') },
  'a house': { DATA_DIR: at('data'), BACKUP_DIR: at('store') },
  'a house without its archive': { DATA_DIR: at('away'), BACKUP_DIR: at('empty') },
  'a house without its bucket': { DATA_DIR: at('away'), ...BUCKET },
} as const;
let account: string;
let archivedBet: string;

beforeAll(async () => {
  await books.make(Date.now() - 13 * DAY_MS);
  [account, archivedBet] = [books.account, books.betIds[0]!];
  for (const name of ['nothing', 'empty']) mkdirSync(at(name));
  const archived = await tapgrid(['archive', 'run'], {
    env: { ...HOUSES['a house'], ARCHIVE_SEGMENT_ROWS: '100', LOG_LEVEL: 'warn' },
  });
  expect(archived.code).toBe(0);
  cpSync(at('data'), at('away'), { recursive: true });
  rmSync(join(at('away'), 'history'), { recursive: true });
}, 120_000);

const REASON = ['--reason', 'a test'];
/** `ACCOUNT` and `BET` stand for those of the house. */
const CASES: readonly (readonly [keyof typeof HOUSES, string, readonly string[], number, string])[] = [
  ['a house', 'what is not there', ['accounts', 'find', 'nobody'], 1, 'not_found'],
  ['a house', 'what is not there', ['accounts', 'statement', 'nobody'], 1, 'not_found'],
  ['a house', 'what is not there', ['accounts', 'export', 'nobody', '--out', at('x')], 1, 'not_found'],
  ['a house', 'what is not there', ['accounts', 'block', 'nobody', ...REASON], 1, 'not_found'],
  ['a house', 'what is not there', ['sessions', 'list', 'nobody'], 1, 'not_found'],
  ['a house', 'what is not there', ['archive', 'get', 'nothing'], 1, 'not_found'],
  ['a house', 'what is not there', ['archive', 'explain', 'nothing'], 1, 'not_found'],
  ['a house', 'what is not there', ['archive', 'restore', '2020-W01'], 1, 'not_found'],
  ['a house', 'what is not there', ['archive', 'fetch', '99'], 1, 'not_found'],

  ['no books', 'no books', ['accounts', 'gaps'], 2, 'no_books'],
  ['no books', 'no books', ['accounts', 'statement', 'nobody'], 2, 'no_books'],
  ['no books', 'no books', ['accounts', 'payouts', '--day', '2026-11-01'], 2, 'no_books'],
  ['no books', 'no books', ['operators', 'actions'], 2, 'no_books'],
  ['no books', 'no books', ['archive', 'status'], 2, 'no_books'],
  ['no books', 'no books', ['archive', 'run'], 2, 'no_books'],
  ['no books', 'no books', ['backup', 'run'], 2, 'no_books'],
  ['no books', 'no books', ['backup', 'tail'], 2, 'no_books'],
  ['no books', 'a file that is not there', ['verify-ledger'], 2, 'not_checked'],
  ['no books', 'a file that is not there', ['verify-receipt', at('x.json')], 2, 'nothing_to_check'],
  ['no books', 'a file that is not there', ['import', at('x.csv'), '--out', at('y.csv')], 2, 'no_file'],
  ['no books', 'a file that is not there', ['replay', at('x.csv')], 2, 'bad_recording'],

  ['no books', 'nobody answers', ['accounts', 'find', 'nobody'], 3, 'not_reached'],
  ['no books', 'nobody answers', ['halt', ...REASON], 3, 'not_reached'],
  ['no books', 'nobody answers', ['probe', '--origin', NOBODY], 3, 'not_reached'],
  ['no books', 'nobody answers', ['verify-receipt', `${NOBODY}/receipt`], 3, 'not_reached'],
  ['a house without its bucket', 'nobody answers', ['backup', 'status'], 3, 'not_reached'],
  ['a house without its bucket', 'nobody answers', ['backup', 'verify'], 3, 'not_reached'],
  ['a house without its bucket', 'nobody answers', ['archive', 'verify'], 3, 'not_reached'],
  ['a house without its bucket', 'nobody answers', ['archive', 'restore', '1'], 3, 'not_reached'],
  ['a house without its bucket', 'nobody answers', ['archive', 'run'], 3, 'not_reached'],
  ...(['a house without its bucket', 'a house without its archive'] as const).flatMap((house) =>
    [
      ['archive', 'get', 'BET'],
      ['archive', 'get', 'nothing'],
      ['archive', 'explain', 'BET'],
      ['archive', 'explain', 'nothing'],
      ['archive', 'fetch', '1'],
      ['accounts', 'statement', 'ACCOUNT'],
    ].map((words) => [house, 'the archive is away', words, 3, 'archive_unreachable'] as const),
  ),
];

test.each(CASES)(
  '%s, %s: %j ends with %d, %s',
  async (house, _, words, exit, code) => {
    const typed = words.map((word) => ({ ACCOUNT: account, BET: archivedBet })[word] ?? word);
    const ended = await tapgrid([...typed, '--json'], { env: { ...HOUSES[house], LOG_LEVEL: 'warn' } });
    const { error, ...more } = JSON.parse(ended.out);
    expect([ended.code, error?.code, more]).toEqual([exit, code, {}]);
    expect([ended.error.includes(error.message.split('\n')[0]), ended.error.includes(`(${code})`)]).toEqual([
      true,
      true,
    ]);
  },
  60_000,
);

describe('the page about the commands', () => {
  const page = readFileSync(join(import.meta.dir, '../../docs/commands.md'), 'utf8');
  const rows = new Map([...page.matchAll(/^\| (\d+) \| (.+) \|$/gm)].map(([, exit, text]) => [exit!, text!]));

  test('tells what each exit code stands for, with the codes of errors that come with it', () => {
    expect([...rows.keys()]).toEqual(['0', '1', '2', '3', '70', '130']);
    for (const [, , words, exit, code] of CASES)
      expect([words, rows.get(String(exit))]).toEqual([words, expect.stringContaining(`\`${code}\``)]);
  });
});

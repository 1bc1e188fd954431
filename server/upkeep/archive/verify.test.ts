import { Database } from 'bun:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { databaseOf, OldBooks } from '../../../test/simulation/archived-books.ts';
import { archive, houseIn } from '../../../test/simulation/archiving.ts';
import { SqliteArchiveSource } from '../../store/archive/archive-source.ts';
import { SqliteWeekFiles } from '../../store/archive/week-files.ts';
import { checkSegment } from '../../store/archive/segment-check.ts';
import { DirectoryStore } from '../backup/directory-store.ts';
import { sha256 } from '../backup/object-store.ts';
import { encodeManifest, manifestKeyOf, segmentKey, type SegmentManifest } from './manifest.ts';
import { SegmentStore } from './segment-store.ts';
import { decodeSegment, encodeSegment } from './segment-text.ts';
import { verifyArchive } from './verify.ts';

const root = mkdtempSync(join(tmpdir(), 'tapgrid-archive-verify-'));
const original = join(root, 'original');
const books = new OldBooks(5, original);
beforeAll(async () => {
  await books.make();
  const ledger = books.open(original);
  await archive({ dataDir: original, ledger, now: books.now, options: { rowsMax: 150 } });
  await ledger.close();
}, 180_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));

let copies = 0;
async function faultsAfter(damage: (dataDir: string) => void | Promise<void>): Promise<readonly string[]> {
  const dataDir = join(root, `copy-${copies++}`);
  books.copyTo(dataDir);
  await damage(dataDir);
  const source = new SqliteArchiveSource(databaseOf(dataDir));
  try {
    return (
      await verifyArchive({
        source,
        weekFiles: new SqliteWeekFiles(dataDir),
        objects: new SegmentStore(new DirectoryStore(dataDir), houseIn(dataDir)),
        check: checkSegment,
      })
    ).faults;
  } finally {
    source.close();
  }
}

const segment = (dataDir: string, number: number): string =>
  join(dataDir, segmentKey(houseIn(dataDir), number));
const manifest = (dataDir: string, number: number): string =>
  join(dataDir, manifestKeyOf(segmentKey(houseIn(dataDir), number)));
function sql(path: string, ...statements: string[]): void {
  const db = new Database(path);
  try {
    for (const { name } of db
      .query<{ name: string }, []>(`SELECT name FROM sqlite_schema WHERE type = 'trigger'`)
      .all())
      db.run(`DROP TRIGGER ${name}`);
    for (const statement of statements) db.run(statement);
  } finally {
    db.close();
  }
}

/**
 * A segment with other lines, its manifest made to fit, and the books made to name that manifest: all hands
 * but the chain's.
 */
async function forged(dataDir: string, number: number, change: (text: string) => string): Promise<void> {
  const raw = Buffer.from(
    change(Buffer.from(await Bun.zstdDecompress(readFileSync(segment(dataDir, number)))).toString()),
  );
  const packed = await Bun.zstdCompress(raw);
  const body = JSON.parse(readFileSync(manifest(dataDir, number), 'utf8')) as SegmentManifest;
  const bytes = encodeManifest({
    ...body,
    object: {
      ...body.object,
      bytes: packed.length,
      sha256: sha256(packed),
      rawBytes: raw.length,
      rawSha256: sha256(raw),
    },
  });
  writeFileSync(segment(dataDir, number), packed);
  writeFileSync(manifest(dataDir, number), bytes);
  sql(
    databaseOf(dataDir),
    `UPDATE archive_segments SET manifest_sha256 = '${sha256(bytes)}' WHERE number = ${number}`,
  );
}
const once = (text: string, from: RegExp, to: string): string => {
  const changed = text.replace(from, to);
  if (changed === text) throw new Error(`nothing to change for ${from}`);
  return changed;
};

const DAMAGES: readonly (readonly [
  what: string,
  damage: (dataDir: string) => void | Promise<void>,
  heard: RegExp,
])[] = [
  [
    'a bit of an object',
    (dir) => {
      const bytes = readFileSync(segment(dir, 2));
      bytes[bytes.length >> 1]! ^= 1;
      writeFileSync(segment(dir, 2), bytes);
    },
    /^segment 2: archive\/\w+\/segments\/00000002.jsonl.zst is not as written/,
  ],
  ['an object that is gone', (dir) => rmSync(segment(dir, 3)), /^segment 3: .*is not there/],
  ['a manifest that is gone', (dir) => rmSync(manifest(dir, 1)), /^segment 1: its manifest is missing/],
  [
    'a sum in a manifest',
    (dir) =>
      writeFileSync(
        manifest(dir, 2),
        once(readFileSync(manifest(dir, 2), 'utf8'), /"staked": \d+/, '"staked": 1'),
      ),
    /^segment 2: its manifest is not the one named in the books/,
  ],
  [
    'two objects, swapped',
    (dir) => {
      const [one, other] = [readFileSync(segment(dir, 1)), readFileSync(segment(dir, 2))];
      writeFileSync(segment(dir, 1), other);
      writeFileSync(segment(dir, 2), one);
    },
    /^segment 1: .*not as written/,
  ],
  [
    'the payout of a bet, with object, manifest and books made to fit',
    (dir) =>
      forged(dir, 2, (text) => once(text, /"payout":\d+,"closed_at":(\d)/, '"payout":7,"closed_at":$1')),
    /^segment 2: payout: bet/,
  ],
  [
    'the stake of a bet, likewise',
    (dir) => forged(dir, 2, (text) => once(text, /("table":"bets".*?"stake":)(\d+)/, '$199')),
    /^segment 2: (stake_row|ledger_chain|payout)/,
  ],
  [
    'a ledger row, likewise',
    (dir) => forged(dir, 2, (text) => once(text, /\{"table":"ledger".*\n/, '')),
    /^segment 2: (versions|ledger_chain|.* begins segment)/,
  ],
  [
    'the price of a tick, likewise',
    (dir) => forged(dir, 2, (text) => once(text, /("table":"ticks".*?"price":)\d+/, '$1123')),
    /^segment 2: tick_chain/,
  ],
  [
    'a field more in a row, likewise',
    (dir) => forged(dir, 2, (text) => once(text, /\{"table":"ticks",/, '{"table":"ticks","other":1,')),
    /^segment 2: /,
  ],
  [
    'a row of a week on disk',
    (dir) => {
      const [name] = readdirSync(join(dir, 'history'))
        .filter((file) => file.endsWith('.db'))
        .sort();
      sql(
        join(dir, 'history', name!),
        'UPDATE bets SET payout = payout + 1 WHERE seq = (SELECT MIN(seq) FROM bets)',
      );
    },
    /^segment 1: 20\d\d-W\d\d.db: row \d+ of bets is different/,
  ],
  [
    'a row of a week on disk that is gone',
    (dir) => {
      const [name] = readdirSync(join(dir, 'history'))
        .filter((file) => file.endsWith('.db'))
        .sort();
      sql(join(dir, 'history', name!), 'DELETE FROM ticks WHERE seq = 7');
    },
    /^segment 1: .*row 7 of ticks is missing/,
  ],
  [
    'a checkpoint',
    (dir) =>
      sql(
        databaseOf(dir),
        `UPDATE ledger_checkpoints SET balance = balance + 1 WHERE account_id = 'house:PLAY'`,
      ),
    /^live books: /,
  ],
  [
    'the first live commit',
    (dir) =>
      sql(
        databaseOf(dir),
        `DELETE FROM batches WHERE seq = 1 + (SELECT MAX(last_batch) FROM archive_segments)`,
      ),
    /^live books: commit \d+ does not follow/,
  ],
  [
    'a segment that the books forgot',
    (dir) => sql(databaseOf(dir), `DELETE FROM archive_segments WHERE number = 2`),
    /^segment 3: /,
  ],
];

describe('verify', () => {
  test('finds nothing in an archive that only the archiver wrote', async () => {
    expect(await faultsAfter(() => {})).toEqual([]);
  });

  for (const [what, damage, heard] of DAMAGES) {
    test(`names ${what}`, async () => {
      const faults = await faultsAfter(damage);
      expect(
        faults.filter((fault) => heard.test(fault)),
        faults.join('\n'),
      ).not.toEqual([]);
    });
  }
});

describe('a segment as text', () => {
  test('comes back as it was, byte for byte', async () => {
    const raw = await Bun.zstdDecompress(readFileSync(segment(original, 2)));
    expect(Buffer.from(encodeSegment(decodeSegment(raw))).equals(raw)).toBe(true);
  });

  for (const [what, text] of [
    ['spaces', '{"table":"ticks", "seq":1}\n'],
    ['another table', '{"table":"other","seq":1}\n'],
    ['rows out of order', '{"table":"ticks","seq":2}\n{"table":"ticks","seq":1}\n'],
    ['a row twice', '{"table":"ticks","seq":2}\n{"table":"ticks","seq":2}\n'],
    ['tables out of order', '{"table":"ticks","seq":2}\n{"table":"bets","seq":2}\n'],
    ['no number', '{"table":"ticks"}\n'],
    ['half a line', '{"table":"ticks","s\n'],
    ['numbers in another way', '{"table":"ticks","seq":1e0}\n'],
  ] as const) {
    test(`is refused with ${what}`, () => expect(() => decodeSegment(Buffer.from(text))).toThrow(/^line \d/));
  }
});

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { segmentKey } from './manifest.ts';
import { databaseOf, OldBooks, violations } from '../../../test/simulation/archived-books.ts';
import { archive, houseIn } from '../../../test/simulation/archiving.ts';
import { startFaultyS3, type FaultyS3, type S3Fault, type S3Request } from '../../../test/stage/faulty-s3.ts';
import { SqliteArchiveSource } from '../../store/archive/archive-source.ts';
import { SqliteWeekFiles } from '../../store/archive/week-files.ts';
import { checkSegment } from '../../store/archive/segment-check.ts';
import { S3Store } from '../backup/s3-store.ts';
import { SegmentStore } from './segment-store.ts';
import { verifyArchive } from './verify.ts';

const root = mkdtempSync(join(tmpdir(), 'tapgrid-s3-faults-'));
const books = new OldBooks(11, join(root, 'original'));
/** Large enough for one segment a week, so that a run has few requests. */
const WHOLE_WEEKS = { rowsMax: 100_000 };
const WEEKS = 2;
let house: FaultyS3;
beforeAll(async () => {
  house = await startFaultyS3();
  await books.make();
}, 180_000);
afterAll(async () => {
  await house.stop();
  rmSync(root, { recursive: true, force: true });
});

const REQUESTS: readonly (readonly [what: string, matches: (request: S3Request) => boolean])[] = [
  ['the segment when it is written', ({ method, key }) => method === 'PUT' && key.includes('/segments/')],
  ['the segment when it is read back', ({ method, key }) => method === 'GET' && key.includes('/segments/')],
  ['the manifest when it is written', ({ method, key }) => method === 'PUT' && key.includes('/manifests/')],
  ['the manifest when it is read', ({ method, key }) => method === 'GET' && key.includes('/manifests/')],
];
const OF_WRITES: readonly S3Fault[] = [500, 503, 'taken', 'hang', 'lost'];
const OF_READS: readonly S3Fault[] = [500, 503, 'cut', 'wrong', 'hang'];

const sourceOf = async <Result>(
  dataDir: string,
  read: (source: SqliteArchiveSource) => Result | Promise<Result>,
): Promise<Result> => {
  const source = new SqliteArchiveSource(databaseOf(dataDir));
  try {
    return await read(source);
  } finally {
    source.close();
  }
};
const rowsOf = (dataDir: string) => sourceOf(dataDir, (source) => source.liveBooks().rows);

/**
 * Soon over where asking again is in vain; else as long as the client's repetitions take on the busiest
 * machine.
 */
const [TIRES_MS, PATIENT_MS] = [400, 60_000];
const storeWith = (requestMsMax: number): S3Store => new S3Store({ ...house.options, requestMsMax });

let copies = 0;
/** @param ends whether the run comes to its end all the same, because the client asks again. */
async function tried(fault: S3Fault, hits: (request: S3Request) => boolean, ends: boolean): Promise<void> {
  const dataDir = join(root, `copy-${copies++}`);
  books.copyTo(dataDir);
  house.objects.clear();
  house.fault = (request) => (hits(request) ? fault : null);
  const before = { rows: await rowsOf(dataDir), seen: books.seen(dataDir) };
  const ledger = books.open(dataDir);
  const store = storeWith(PATIENT_MS);
  try {
    const failed = await archive({
      dataDir,
      ledger,
      now: books.now,
      store: storeWith(ends ? PATIENT_MS : TIRES_MS),
      options: WHOLE_WEEKS,
    }).then(
      () => null,
      (error: unknown) => error,
    );
    const sealed = await sourceOf(dataDir, (source) => source.segments());
    expect(failed === null).toBe(ends);
    // Every sealed segment can be read, and no row of an unsealed one was deleted.
    for (const { objectKey } of sealed) expect(house.objects.has(objectKey)).toBe(true);
    if (ends) expect(sealed.length).toBe(WEEKS);
    else expect([sealed, await rowsOf(dataDir)]).toEqual([[], before.rows]);
    expect(violations(dataDir)).toEqual([]);
    expect(books.seen(dataDir)).toEqual(before.seen);
    house.fault = () => null;
    await archive({ dataDir, ledger, now: books.now, store, options: WHOLE_WEEKS });
    expect(books.seen(dataDir)).toEqual(before.seen);
    expect(violations(dataDir)).toEqual([]);
    const report = await sourceOf(dataDir, (source) =>
      verifyArchive({
        source,
        weekFiles: new SqliteWeekFiles(dataDir),
        objects: new SegmentStore(store, houseIn(dataDir)),
        check: checkSegment,
      }),
    );
    expect(report).toMatchObject({ ok: true, faults: [] });
    expect([report.segments, house.objects.size]).toEqual([WEEKS, 2 * WEEKS]);
  } finally {
    house.fault = () => null;
    await ledger.close();
  }
}

describe('an object store that fails: nothing is deleted for it, and the next run goes on', () => {
  for (const [what, matches] of REQUESTS) {
    for (const fault of what.includes('written') ? OF_WRITES : OF_READS) {
      test(`${fault} for ${what}, always`, () => tried(fault, matches, false), 180_000);
    }
  }
  // The client repeats a refused request, and the segment store one that was answered with other bytes; half
  // a body ends the run.
  for (const [fault, ends] of [
    [500, true],
    [503, true],
    ['cut', false],
    ['wrong', true],
    ['lost', true],
  ] as const) {
    test(`${fault} for each first request of a kind`, () => {
      const met = new Set<string>();
      return tried(
        fault,
        ({ method, key }) => {
          const first = !met.has(`${method} ${key}`);
          met.add(`${method} ${key}`);
          return first && (method === 'PUT') === (fault === 'lost');
        },
        ends,
      );
    }, 180_000);
  }

  test('an object of somebody else in the place of ours is left as it is, and nothing is archived', async () => {
    const dataDir = join(root, 'foreign');
    books.copyTo(dataDir);
    house.objects.clear();
    const foreign = await Bun.zstdCompress('{"table":"batches","seq":1}\n');
    const key = segmentKey(houseIn(dataDir), 1);
    house.objects.set(key, foreign);
    const ledger = books.open(dataDir);
    const before = await rowsOf(dataDir);
    const failed = await archive({ dataDir, ledger, now: books.now, store: new S3Store(house.options) }).then(
      () => null,
      (error: Error) => error.name,
    );
    await ledger.close();
    expect(failed).toBe('object_differs');
    expect(await rowsOf(dataDir)).toEqual(before);
    expect(house.objects.get(key)).toEqual(foreign);
  });
});

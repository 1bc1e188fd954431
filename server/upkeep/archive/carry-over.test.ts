import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DirectoryStore } from '../backup/directory-store.ts';
import { carryOver } from './carry-over.ts';
import { manifestKey, segmentKey } from './manifest.ts';

const root = mkdtempSync(join(tmpdir(), 'tapgrid-carry-'));
afterAll(() => rmSync(root, { recursive: true }));

test('what lies on this disk goes to the bucket once, no manifest before its segment, and stays here', async () => {
  const [local, bucket] = [new DirectoryStore(join(root, 'local')), new DirectoryStore(join(root, 'bucket'))];
  const order: string[] = [];
  const noting = {
    name: 'bucket',
    get: bucket.get.bind(bucket),
    list: bucket.list.bind(bucket),
    remove: bucket.remove.bind(bucket),
    put: (key: string, bytes: Uint8Array) => (order.push(key), bucket.put(key, bytes)),
  };
  for (const number of [1, 2])
    for (const key of [segmentKey(number), manifestKey(number)]) await local.put(key, Buffer.from(key));
  await local.put('archive/plan.json', Buffer.from('{}'));
  await local.put('other/a.json', Buffer.from('{}'));
  await bucket.put(segmentKey(1), Buffer.from(segmentKey(1)));
  expect(await carryOver(local, noting)).toBe(3);
  expect(order).toEqual([segmentKey(2), manifestKey(2), manifestKey(1)]);
  expect(await bucket.list('')).toEqual(
    (await local.list('archive/')).filter((key) => key !== 'archive/plan.json'),
  );
  expect(await carryOver(local, noting)).toBe(0);
  expect(await local.list('archive/segments/')).toHaveLength(2);
});

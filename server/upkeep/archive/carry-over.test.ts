import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DirectoryStore } from '../backup/directory-store.ts';
import { carryOver } from './carry-over.ts';
import { refusalsPrefix } from './refusal-days.ts';
import { manifestKeyOf, segmentKey } from './manifest.ts';

const HOUSE = 'a'.repeat(32);
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
  const [old, first, second] = [
    'archive/segments/00000001.jsonl.zst',
    segmentKey(HOUSE, 1),
    segmentKey(HOUSE, 2),
  ] as const;
  const other = segmentKey('b'.repeat(32), 1);
  for (const key of [old, first, second, other, 'archive/segments/00000002.jsonl.zst'])
    for (const one of [key, manifestKeyOf(key)]) await local.put(one, Buffer.from(one));
  await local.put('archive/plan.json', Buffer.from('{}'));
  const dayOf = (house: string): string => `${refusalsPrefix(house)}2026-06-15.jsonl.zst`;
  const [refusals, others] = [dayOf(HOUSE), dayOf('b'.repeat(32))];
  for (const key of [refusals, others]) await local.put(key, Buffer.from(key));
  await bucket.put(first, Buffer.from(first));
  const own = { house: HOUSE, segments: [old, first] };
  expect(await carryOver(local, noting, own)).toBe(6);
  expect([...order].sort()).toEqual(
    [old, manifestKeyOf(old), manifestKeyOf(first), second, manifestKeyOf(second), refusals].sort(),
  );
  for (const key of [old, second]) expect(order.indexOf(key)).toBeLessThan(order.indexOf(manifestKeyOf(key)));
  // What is of another house, and of none that is known, stays where it is.
  expect(await bucket.list('')).toEqual([...order, first].sort());
  expect(await carryOver(local, noting, own)).toBe(0);
  expect(await local.list('archive/')).toHaveLength(11);
});

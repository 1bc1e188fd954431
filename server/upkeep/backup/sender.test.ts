import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DirectoryStore } from './directory-store.ts';
import { Sender } from './sender.ts';

const root = mkdtempSync(join(tmpdir(), 'tapgrid-sender-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('a segment that is no longer there is reported, once, and does not hold up those after it', async () => {
  const [from, to] = [new DirectoryStore(join(root, 'from')), new DirectoryStore(join(root, 'to'))];
  const keys = ['1', '2', '3'].map((number) => `tail/a/2026113008/${number}`);
  for (const key of keys) await from.put(key, Buffer.from(key));
  await from.remove(keys[1]!);
  const [failed, lost]: [string[], string[]] = [[], []];
  const sender = new Sender(
    from,
    to,
    async () => {},
    ({ message }) => failed.push(message),
    ({ message }) => lost.push(message),
  );
  sender.recall(keys, [keys[0]!]);
  await sender.end();
  expect(await to.list('')).toEqual([keys[2]!]);
  expect([failed, lost]).toEqual([[], [`${join(root, 'from', keys[1]!)} is not there`]]);
});

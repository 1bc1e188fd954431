import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tapgrid } from '../../test/stage/command.ts';

/** A server that goes down while it carries something out: what is asked of whoever typed it. */

const dataDir = mkdtempSync(join(tmpdir(), 'tapgrid-unanswered-'));
const server = Bun.serve({
  unix: join(dataDir, 'operator.sock'),
  fetch: ({ url }) => (url.endsWith('/ask') ? Response.json({ answer: {} }) : new Response('going down')),
});
afterAll(() => {
  server.stop(true);
  rmSync(dataDir, { recursive: true, force: true });
});

test.each([
  ['an order', ['halt', '--reason', 'a look', '--id', 'look-1'], 'Give it again with --id look-1'],
  ['an approval, which has no --id', ['approve', 'bank-1'], 'Approve it again: tapgrid approve bank-1'],
])('%s', async (_, words, again) => {
  const { code, error } = await tapgrid(words, { env: { DATA_DIR: dataDir } });
  expect([code, error]).toEqual([3, expect.stringContaining(`It may have been carried out. ${again}`)]);
});

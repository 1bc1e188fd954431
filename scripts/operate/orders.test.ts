import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tapgrid } from '../../test/stage/command.ts';
import { OPERATOR_REFUSALS } from '../../server/ports/operator.ts';

/** What a command ends with when a server refuses an order. */

const folder = mkdtempSync(join(tmpdir(), 'tapgrid-orders-'));
let refused: keyof typeof OPERATOR_REFUSALS;
let server: Bun.Server<undefined>;
beforeAll(() => {
  server = Bun.serve({
    unix: join(folder, 'operator.sock'),
    fetch: () => Response.json({ refused, message: OPERATOR_REFUSALS[refused] }),
  });
});
afterAll(async () => {
  await server.stop(true);
  rmSync(folder, { recursive: true });
});

test.each([
  ['not_found', 1, /^Not done: /],
  ['busy', 1, /^Not done: .* --id bank-1 \(busy\)/],
  ['unknown', 3, /^It is not known whether .* --id bank-1 \(unknown\)/],
] as const)('%s: exit code %d', async (code, exit, said) => {
  refused = code;
  const words = ['accounts', 'credit', 'ada', '5', '--reason', 'a test', '--id', 'bank-1', '--by', 'ANN'];
  const ended = await tapgrid(words, { env: { DATA_DIR: folder } });
  expect([ended.code, ended.out, ended.error]).toEqual([exit, '', expect.stringMatching(said)]);
});

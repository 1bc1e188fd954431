import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lookAt, ready, startServer } from '../../test/crash-oracle/processes.ts';
import { freePort } from '../../test/stage/free-port.ts';

const folder = mkdtempSync(join(tmpdir(), 'tapgrid-crashes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** One run of a real server. @returns how many crashes it counts. */
async function run(end: NodeJS.Signals): Promise<number> {
  const port = freePort();
  const server = startServer({ dir: folder, port, seed: 1 });
  await ready(port, server);
  const text = await (await lookAt(folder, '/metrics')).text();
  server.kill(end);
  await server.exited;
  return Number(/^tapgrid_crashes_total (\d+)$/m.exec(text)![1]);
}

test('a server that was killed has crashed, one that was stopped has not', async () => {
  const runs = ['SIGTERM', 'SIGTERM', 'SIGKILL', 'SIGTERM', 'SIGKILL', 'SIGTERM'] as const;
  const counted: number[] = [];
  for (const end of runs) counted.push(await run(end));
  expect(counted).toEqual([0, 0, 0, 1, 1, 2]);
}, 120_000);

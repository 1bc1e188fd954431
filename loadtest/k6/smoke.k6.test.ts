import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findTool, K6 } from '../../test/runner/tools.ts';
import { ServerProcess } from '../bench/server-process.ts';

const k6 = findTool(K6);
const dir = mkdtempSync(join(tmpdir(), 'tapgrid-k6-'));
let server: ServerProcess;

beforeAll(async () => {
  // As an operator runs it: processes, limits, holds and quotes by default.
  if (k6 !== null) server = await ServerProcess.plain({ FEED: 'walk:7', LOG_LEVEL: 'error', EDGES: '1' });
});
afterAll(() => {
  server?.kill();
  rmSync(dir, { recursive: true });
});

/** @returns exit code and what was printed. */
async function run(
  script: string,
  ...more: readonly string[]
): Promise<{ readonly code: number; readonly heard: string }> {
  const child = Bun.spawn(
    [k6!, 'run', '--no-usage-report', '--quiet', ...more, join(import.meta.dir, script)],
    {
      env: {
        ...process.env,
        K6_WEB_DASHBOARD: 'true',
        K6_WEB_DASHBOARD_PORT: '-1',
        K6_WEB_DASHBOARD_PERIOD: '1s',
        K6_WEB_DASHBOARD_EXPORT: join(dir, 'report.html'),
      },
      stdin: 'ignore',
      stdout: 'pipe',
      stderr: 'pipe',
      timeout: 180_000,
    },
  );
  const [heard, errors, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { code, heard: heard + errors };
}

/**
 * A machine that stands still for some seconds lets quotes grow old and halts the house, as it should, and
 * the script says so: then once more.
 */
async function passed(script: string, ...more: readonly string[]): ReturnType<typeof run> {
  let end = await run(script, ...more);
  for (let tries = 0; end.code !== 0 && tries < 2; tries++) end = await run(script, ...more);
  return end;
}

const SCRIPTS = ['load', 'spike', 'soak', 'sockets', 'reconnect-storm', 'abuse'];

test.skipIf(k6 === null)('the smoke script goes through every call, and leaves a report', async () => {
  const { code, heard } = await passed('smoke.ts', '-e', `TARGET=${server.origin}`);
  expect({ code, heard }).toEqual({ code: 0, heard: expect.stringContaining('the socket takes a tap') });
  expect(await Bun.file(join(dir, 'report.html')).text()).toContain('<html');
});

test.skipIf(k6 === null)('abuse gets its refusals', async () => {
  const { code, heard } = await passed(
    'abuse.ts',
    '-e',
    `TARGET=${server.origin}`,
    '-e',
    'USERS=3',
    '-e',
    'DURATION=3s',
  );
  expect({ code, heard }).toEqual({
    code: 0,
    heard: expect.stringContaining('an order sent twice is placed once'),
  });
});

test.skipIf(k6 === null).each(SCRIPTS)('%s is a script that k6 understands', async (script) => {
  const child = Bun.spawn(
    [k6!, 'inspect', '-e', 'TARGET=http://localhost:1', join(import.meta.dir, `${script}.ts`)],
    { stdin: 'ignore', stdout: 'pipe', stderr: 'pipe', timeout: 120_000 },
  );
  expect(JSON.parse(await new Response(child.stdout).text()).thresholds).toHaveProperty(
    'busy_without_retry_after',
  );
});

test.skipIf(k6 === null).each([
  ['another host', ['TARGET=https://taps.example'], 1],
  [
    "another host that is said to be one's own by another name",
    ['TARGET=https://taps.example', 'THIS_HOST_IS_MINE=other.example'],
    1,
  ],
  ['a host that only looks local', ['TARGET=http://localhost.example'], 1],
  ["one's own host", ['TARGET=https://taps.example', 'THIS_HOST_IS_MINE=taps.example'], 0],
])('against %s', async (_, settings, refused) => {
  const child = Bun.spawn(
    [k6!, 'inspect', ...settings.flatMap((setting) => ['-e', setting]), join(import.meta.dir, 'load.ts')],
    { stdin: 'ignore', stdout: 'ignore', stderr: 'pipe', timeout: 120_000 },
  );
  const heard = await new Response(child.stderr).text();
  expect({ refused: (await child.exited) === 0 ? 0 : 1, heard }).toEqual({
    refused,
    heard: refused ? expect.stringContaining('THIS_HOST_IS_MINE') : '',
  });
});

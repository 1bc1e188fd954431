import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cellId, cellOfRow } from '../../server/game/grid.ts';
import { accepted, apiTrader, type ApiTrader } from '../../test/stage/api-trader.ts';
import { faultsOf, SIGNATURES } from '../../test/stage/second-opinion.ts';
import type { Restored } from '../../server/upkeep/backup/restore.ts';
import { freePort } from '../../test/stage/free-port.ts';

const ROOT = join(import.meta.dir, '../..');
const root = mkdtempSync(join(tmpdir(), 'tapgrid-drill-'));
const backupDir = join(root, 'backups');
const children: Bun.Subprocess[] = [];
afterAll(() => {
  for (const child of children) if (child.exitCode === null) child.kill('SIGKILL');
  rmSync(root, { recursive: true, force: true });
});

const environment = (dataDir: string, port = 0) => ({
  ...process.env,
  DATA_DIR: join(root, dataDir),
  BACKUP_DIR: backupDir,
  PORT: String(port),
  EDGES: '0',
  FEED: 'walk:5',
  LOG_LEVEL: 'error',
  BREAKER_HYSTERESIS_MS: '0',
  WINDOW_MS: '2000',
  QUOTE_TTL_MS: '10000',
});

async function serve(dataDir: string, port: number): Promise<Bun.Subprocess> {
  const server = Bun.spawn([process.execPath, join(ROOT, 'server/main.ts')], {
    cwd: ROOT,
    env: environment(dataDir, port),
    stdout: 'inherit',
    stderr: 'inherit',
  });
  children.push(server);
  for (let tries = 0; tries < 2_400; tries++) {
    if (server.exitCode !== null) throw new Error(`the server ended with ${server.exitCode}`);
    if (
      await fetch(`http://localhost:${port}/api/v1/grid`, { signal: AbortSignal.timeout(5_000) }).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return server;
    await Bun.sleep(50);
  }
  throw new Error('the server did not become ready');
}

const start = (...words: string[]) => {
  const child = Bun.spawn([process.execPath, join(ROOT, 'scripts/tapgrid.ts'), ...words], {
    cwd: ROOT,
    env: environment('data'),
    stdout: 'pipe',
    stderr: 'pipe',
  });
  children.push(child);
  return child;
};
async function done(...words: string[]): Promise<{ code: number; out: string; error: string }> {
  const child = start(...words);
  const [out, error] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  return { code: await child.exited, out, error };
}

/**
 * Is particular about the multiplier: what comes back is tapped again at once, until that has been taken
 * some times. Then lowers the limits and signs out.
 */
async function tapAgain({ change, grid: gridOf, ask, order }: ApiTrader, times: number): Promise<number> {
  await change('PATCH', '/api/v1/account', { guardPercent: 95 });
  const again = new Set<string>();
  let taken = 0;
  for (let tries = 0; taken < times && tries < 200; tries++) {
    const grid = await gridOf();
    const open = grid.columns
      .filter(({ locked }) => !locked)
      .flatMap((column) =>
        column.multipliers.map((multiplier, row) => ({
          cell: cellId(cellOfRow(column, row, grid.windowMs)),
          multiplier,
        })),
      );
    const { bets } = await ask<{ bets: { id: string; cell: string; status: string }[] }>(
      '/api/v1/bets?status=closed',
    );
    const back = bets.filter(({ id, status }) => status === 'void' && !again.has(id));
    for (const { id } of back) again.add(id);
    const returned = open.filter(
      ({ cell, multiplier }) => multiplier !== null && back.some((bet) => bet.cell === cell),
    );
    const picked = [
      ...returned,
      ...open.filter(({ multiplier }) => multiplier !== null).sort(() => Math.random() - 0.5),
    ]
      .filter((one, index, all) => all.findIndex(({ cell }) => cell === one.cell) === index)
      .slice(0, 4);
    if (picked.length > 0) {
      const answer = await order(
        picked.map(({ cell, multiplier }) => ({
          cell,
          stake: grid.stakes[0]!,
          multiplier: multiplier!,
          revision: grid.revision,
        })),
      );
      taken += (answer.answer.results ?? [])
        .slice(0, returned.length)
        .filter(({ status }) => status === 'accepted').length;
    }
    await Bun.sleep(300);
  }
  await change('PATCH', '/api/v1/account', { dailyLoss: 5_000_000_000 });
  expect((await change('DELETE', '/api/v1/session')).status).toBe(204);
  return taken;
}

const shipments = (): number => [...new Bun.Glob('tail/**/*').scanSync(backupDir)].length;
async function shipped(count: number): Promise<void> {
  for (let tries = 0; shipments() < count; tries++) {
    if (tries > 1_200) throw new Error('nothing was shipped');
    await Bun.sleep(100);
  }
}

test('the drill: trade, back up, trade on, ship, lose the machine, restore elsewhere, go on, and answer an old order as before', async () => {
  const port = freePort();
  const origin = `http://localhost:${port}`;
  const server = await serve('data', port);
  const ada = await apiTrader(origin);
  const sent = [];
  for (let n = 0; n < 3; n++) {
    sent.push(await ada.taken());
    await Bun.sleep(2_000);
  }
  expect(await done('backup', 'run')).toMatchObject({
    code: 0,
    out: expect.stringContaining('snapshot '),
  });

  const tail = start('backup', 'tail');
  await shipped(1);
  const grace = await apiTrader(origin);
  const particular = await apiTrader(origin);
  expect(await tapAgain(particular, 3)).toBeGreaterThanOrEqual(3);
  sent.push(await ada.taken());
  const late = await grace.taken();
  // What is acknowledged is in the tail within the 5 s that are promised, which are two shipments; a machine
  // that is slower has those too. Then it is gone, shipping process and all.
  const before = shipments();
  await Bun.sleep(5_000);
  await shipped(before + 2);
  for (const child of [server, tail]) child.kill('SIGKILL');
  await Promise.all([server.exited, tail.exited]);
  rmSync(join(root, 'data'), { recursive: true });

  const { code, out, error } = await done(
    'restore',
    '--from',
    backupDir,
    '--to',
    join(root, 'elsewhere'),
    '--json',
  );
  expect([code, error.includes('not restored')], error).toEqual([0, false]);
  const { report, head } = JSON.parse(out) as Restored;
  expect(report).toMatchObject({ ok: true, to: { batch: head.batch, hash: head.hash } });

  // What came back is what a stranger's verifier says, signatures of the traders' keys included.
  expect(faultsOf(join(root, 'elsewhere', 'tapgrid.db'), ...SIGNATURES)).toEqual([]);

  await serve('elsewhere', port);
  for (const { order, answer } of [...sent, late]) {
    const again = await (order === late.order ? grace : ada).send(order);
    expect([again.replayed, accepted(again)]).toEqual([true, accepted(answer)]);
  }
  await ada.taken();
  expect(await done('verify-ledger', '--file', join(root, 'elsewhere', 'tapgrid.db'))).toMatchObject({
    code: 0,
  });
  expect(faultsOf(join(root, 'elsewhere', 'tapgrid.db'), ...SIGNATURES)).toEqual([]);
}, 300_000);

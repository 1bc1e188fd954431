import { afterAll, afterEach, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tapgrid } from '../test/stage/command.ts';
import { expectWhole, Houses, trader, until } from '../test/stage/houses.ts';

/** The whole server in this process: bets are marked, and one account's taps are held longer than others'. */

const root = mkdtempSync(join(tmpdir(), 'tapgrid-hold-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const houses = new Houses(root);
afterEach(() => houses.stop());

test('bets are marked by account; a longer hold is told to its trader, is in receipts, and outlives a restart', async () => {
  const env = houses.settings();
  let origin = await houses.start(env);
  const run = (line: string, ...more: string[]) =>
    tapgrid(['accounts', ...line.split(' '), ...more], { env });
  const reason = ['--reason', 'gains after the lock'];
  const receiptOf = (id: string): string => `${origin}/api/v1/bets/${id}/receipt`;
  const heldOf = async (id: string): Promise<number> => {
    const { lockAt, placedAt } = (await (await fetch(receiptOf(id))).json()) as any;
    return lockAt - placedAt;
  };
  const pageOf = async (token: string, path: string): Promise<string> =>
    (await fetch(`${origin}${path}`, { headers: { cookie: `sid=${token}` } })).text();
  const marked = () => houses.running.engine.settlement.marks.marked;
  const [ada, ben] = [await trader(origin), await trader(origin)];
  const betOf = async (who: typeof ada, ahead = 2): Promise<string> =>
    (await who.taken(ahead)).results[0].betId;

  expect((await run('marks')).out).toContain('No marks yet');
  await betOf(ada);
  expect((await run(`marks ${ada.id}`)).code).toBe(1);
  await until(() => marked() === 1);
  // The step of a bet ends with the first bet after it.
  const second = await betOf(ada, 3);
  expect(await heldOf(second)).toBe(400);
  for (const wrong of ['5s', '0ms', '1'])
    expect((await run(`limit ${ada.id} --hold ${wrong}`, ...reason)).error).toContain(
      'expected 1ms to 3000ms',
    );
  expect((await run(`limit ${ada.id} --hold 1500ms`, ...reason)).out).toContain(
    `Limits of ${ada.id}: hold 1500 ms  (open, stake none, day none, payout none → open, stake none, ` +
      'day none, payout none, hold 1500 ms)',
  );
  expect((await ada.get('/api/v1/account')).restriction).toMatchObject({ holdMs: 1_500, stakeMax: null });
  const board = await pageOf(ada.token, '/');
  expect(board).toContain('Your taps are held for 1.5 s');
  expect(await pageOf(ada.token, '/account')).toMatch(/held for <b>1\.5 s<\/b>/);
  expect(await pageOf(ben.token, '/')).not.toContain('Your taps are held');
  expect(await pageOf(ben.token, '/rules')).toContain('hold its taps longer, up to 3');

  await houses.stop();
  origin = await houses.start({ ...env, PORT: new URL(origin).port });
  const [held, other] = [await betOf(ada), await betOf(ben)];
  expect([await heldOf(held), await heldOf(other)]).toEqual([1_500, 400]);
  await until(async () => ((await (await fetch(receiptOf(held))).json()) as any).closedAt !== null);
  const { code, out } = await tapgrid(['verify-receipt', receiptOf(held), '--against', origin]);
  expect([code, out.match(/^FAIL.*$/gm)]).toEqual([0, null]);
  expect(out).toContain("with the account's own hold of 1500 ms");
  expect((await run(`limit ${ada.id} --hold none`, ...reason)).code).toBe(0);
  expect((await ada.get('/api/v1/account')).restriction.holdMs).toBeNull();
  expect(await heldOf(await betOf(ada, 4))).toBe(400);
  await houses.stop();
  await expectWhole(env);
}, 60_000);

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_TERMS } from '../../../server/game/terms.ts';
import { openHouse, ORIGIN, type TestHouse } from '../../../test/stage/http-house.ts';
import { offers, practise, tapOn } from '../../../test/stage/http-trader.ts';
import { tickChainHash } from '../../../server/receipt/tick-check.ts';
import { tapgrid } from '../../../test/stage/command.ts';

const folder = mkdtempSync(join(tmpdir(), 'tapgrid-receipt-'));
const good = join(folder, 'good.json');
const bad = join(folder, 'bad.json');
const garbage = join(folder, 'garbage.json');
let receipt: any;
let house: TestHouse;

beforeAll(async () => {
  house = await openHouse({ simulated: true });
  await house.pass(1000);
  const trader = await practise(house);
  const { body } = await trader.tap([tapOn(offers(house)[5]!)]);
  await house.pass(16_000);
  receipt = (await house.call(`/api/v1/bets/${body.results[0].betId}/receipt`)).body;
  await Bun.write(good, JSON.stringify(receipt));
  await Bun.write(
    bad,
    JSON.stringify({
      ...receipt,
      payout: receipt.payout + 1,
      order: { ...receipt.order, text: `${receipt.order.text}\u001b[2J` },
    }),
  );
  await Bun.write(garbage, '{"betId":');
});
afterAll(async () => {
  await house.close();
  rmSync(folder, { recursive: true, force: true });
});

const PROGRAM = join(import.meta.dir, '../../tapgrid.ts');
const verify = (args: readonly string[], input = '') => tapgrid(['verify-receipt', ...args], { input });

describe('verify-receipt', () => {
  test('a good receipt holds by itself, and what only its house decides is told as open: exit code 3', async () => {
    const { code, out, error } = await verify([good, '--origin', ORIGIN]);
    expect([code, error]).toEqual([3, '']);
    expect(out).toMatch(/^ok {4}shape /);
    expect(out).not.toContain('FAIL');
    expect(out).toMatch(
      /Consistent in itself: 17 of 22 checks pass\. Open without the house: published ticks, published revisions, published model, published chain, published bet\. Check them with --against\.\n$/,
    );
  });

  test('a changed one: the check is named, and no control character reaches the terminal', async () => {
    const { code, out } = await verify([bad]);
    expect(code).toBe(1);
    expect(out).toMatch(/FAIL {2}payout/);
    expect(out).toMatch(/FAIL {2}signature/);
    expect(out).not.toMatch(/[^\n\x20-\uffff]/);
  });

  test('as JSON, from standard input', async () => {
    const { code, out } = await verify(['-', '--json'], JSON.stringify(receipt));
    expect(code).toBe(3);
    expect(JSON.parse(out)).toMatchObject({
      ok: false,
      open: expect.arrayContaining(['published bet']),
      findings: expect.arrayContaining([expect.objectContaining({ check: 'signature', ok: true })]),
    });
  });

  test('from a server', async () => {
    const server = Bun.serve({
      port: 0,
      hostname: '127.0.0.1',
      fetch: ({ url }) =>
        url.endsWith('/receipt') ? Response.json(receipt) : new Response('', { status: 404 }),
    });
    expect((await verify([`${server.url}receipt`])).code).toBe(3);
    expect(await verify([`${server.url}nothing`])).toMatchObject({
      code: 3,
      out: '',
      error: expect.stringContaining('404'),
    });
    await server.stop(true);
  });

  test(
    'against the logs of its house: ticks, revisions and commits are compared, and each forgery of ' +
      'them is told',
    async () => {
      const server = Bun.serve({
        port: 0,
        hostname: '127.0.0.1',
        fetch: (request) =>
          house.app.handle(
            new Request(`${ORIGIN}${new URL(request.url).pathname}${new URL(request.url).search}`, {
              headers: request.headers,
            }),
          ),
      });
      const against = async (changed: object) =>
        verify(['-', '--against', server.url.origin], JSON.stringify({ ...receipt, ...changed }));
      const whole = await against({});
      expect(whole).toMatchObject({ code: 0, error: '' });
      expect(whole.out).toMatch(/All \d+ checks pass\.\n$/);
      for (const check of ['published ticks', 'published revisions', 'published chain', 'published bet'])
        expect(whole.out).toMatch(new RegExp(`ok +${check}`));
      expect(
        (
          await against({
            chain: { ...receipt.chain, head: { ...receipt.chain.head, hash: 'f'.repeat(64) } },
          })
        ).out,
      ).toMatch(/FAIL +published chain +commit \d+ has a different hash/);
      expect((await against({ shown: { ...receipt.shown, v10: receipt.shown.v10 * 1.1 } })).out).toMatch(
        /FAIL +published revisions +revision \d+ has the v10/,
      );
      expect((await against({ before: { ...receipt.before, at: receipt.before.at - 1 } })).out).toMatch(
        /FAIL +published revisions +revision \d+ differs/,
      );
      expect(
        (
          await against({
            locked: { ...receipt.locked, tick: { ...receipt.locked.tick, hash: 'a'.repeat(64) } },
          })
        ).out,
      ).toMatch(/FAIL +published ticks/);
      expect(await against({ guardPercent: 50 })).toMatchObject({
        code: 1,
        out: expect.stringMatching(/FAIL +published bet +guardPercent: 50, the house has 80/),
      });
      expect(await against({ currency: 'USD' })).toMatchObject({
        code: 1,
        out: expect.stringMatching(/FAIL +published bet +currency: USD, the house has PLAY/),
      });
      expect(await against({ rule: 1 })).toMatchObject({
        code: 1,
        out: expect.stringMatching(/FAIL +published bet +rule: 1, the house has 2/),
      });
      expect(await against({ betId: 'nobody' })).toMatchObject({
        code: 1,
        out: expect.stringMatching(/OPEN +published bet +the house returns no receipt/),
      });
      await server.stop(true);
      expect(await against({})).toMatchObject({
        code: 3,
        out: '',
        error: expect.stringContaining('/api/v1/terms'),
      });
    },
  );

  test('against terms and heads that were noted', async () => {
    const [terms, heads] = [join(folder, 'terms.json'), join(folder, 'heads.jsonl')];
    await Bun.write(
      terms,
      JSON.stringify({ terms: [{ batch: 1, at: 0, terms: { ...DEFAULT_TERMS, holdMs: 300 } }] }),
    );
    await Bun.write(heads, `${JSON.stringify({ ledger: receipt.chain.head, ticks: {} })}\n`);
    expect(await verify([good, '--heads', heads])).toMatchObject({
      code: 3,
      out: expect.stringMatching(/ok +published chain +[1-9]/),
    });
    expect((await verify([good, '--terms', terms])).out).toContain('a hold of 400 ms, the terms have 300');
    await Bun.write(heads, JSON.stringify([{ ledger: { ...receipt.chain.head, hash: '0'.repeat(64) } }]));
    expect((await verify([good, '--heads', heads])).out).toMatch(/FAIL +published chain/);
    for (const [text, said] of [
      [null, 'cannot be read: no such file or folder (ENOENT)'],
      ['{', 'does not hold answers of /api/v1/chain'],
    ] as const) {
      const path = join(folder, `heads-${said.length}.jsonl`);
      if (text !== null) await Bun.write(path, text);
      expect((await verify([good, '--heads', path])).error).toContain(`${path} ${said}`);
    }
    await Bun.write(terms, '{"terms": [{}]}');
    expect(await verify([good, '--terms', terms])).toMatchObject({
      code: 2,
      out: '',
      error: expect.stringContaining('does not contain the terms'),
    });
  });

  test('what the receipt alone does not decide stays open: exit code 3', async () => {
    const holed = structuredClone(receipt);
    expect(holed.status).toBe('lost');
    const [start] = holed.cell.split('.').map(Number);
    const from = holed.ticks.findIndex(({ at }: { at: number }) => at > start + 1000);
    holed.ticks.splice(from, 10);
    let { hash, seq } = holed.previousTick;
    for (const tick of holed.ticks) {
      tick.seq = ++seq;
      tick.hash = hash = await tickChainHash(hash, [tick]);
    }
    holed.closedTick = holed.ticks.findLast(({ at }: { at: number }) => at <= holed.closedAt).seq;
    const { code, out } = await verify(['-'], JSON.stringify(holed));
    expect([code, out]).toEqual([
      3,
      expect.stringMatching(/OPEN +holes[\s\S]*Open without the house: holes, published ticks/),
    ]);
  });

  test.each([
    [[]],
    [['--what', good]],
    [[good, good]],
    [['--origin']],
    [[good, '--terms']],
    [[good, '--against', 'taps.example']],
    [[good, '--against', 'https://x.example', '--terms', good]],
    [[join(folder, 'missing.json')]],
    [[garbage]],
    [['-']],
  ])('%j: nothing to check', async (args) => {
    expect(await verify(args)).toMatchObject({ code: 2, out: '' });
  });

  test('--help', async () =>
    expect(await verify(['--help'])).toMatchObject({ code: 0, out: expect.stringContaining('Exit code') }));

  test('as a command', async () => {
    const { exitCode, stdout } = Bun.spawnSync([process.execPath, PROGRAM, 'verify-receipt', good]);
    expect([exitCode, stdout.toString().includes('Consistent in itself')]).toEqual([3, true]);
  });
});

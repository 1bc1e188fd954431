import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { offers, openHouse, ORIGIN, practise, tapOn } from '../server/http/http-house.test.ts';
import { run } from './verify-receipt.ts';

const folder = mkdtempSync(join(tmpdir(), 'tapgrid-receipt-'));
const good = join(folder, 'good.json');
const bad = join(folder, 'bad.json');
const garbage = join(folder, 'garbage.json');
let receipt: any;

beforeAll(async () => {
  const house = await openHouse({ simulated: true });
  await house.pass(1000);
  const trader = await practise(house);
  const { body } = await trader.tap([tapOn(offers(house)[5]!)]);
  await house.pass(16_000);
  receipt = (await house.call(`/api/v1/bets/${body.results[0].betId}/receipt`)).body;
  await house.close();
  await Bun.write(good, JSON.stringify(receipt));
  await Bun.write(bad, JSON.stringify({ ...receipt, payout: receipt.payout + 1, order: { ...receipt.order, text: `${receipt.order.text}\u001b[2J` } }));
  await Bun.write(garbage, '{"betId":');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function verify(args: string[], input = '') {
  const printed = { out: '', error: '' };
  const code = await run(args, { out: (text) => void (printed.out += text), error: (text) => void (printed.error += text), input: async () => input });
  return { code, ...printed };
}

describe('verify-receipt', () => {
  test('a good receipt: every check holds', async () => {
    const { code, out, error } = await verify([good, '--origin', ORIGIN]);
    expect([code, error]).toEqual([0, '']);
    expect(out).toMatch(/^ok {4}shape /);
    expect(out).toMatch(/All 17 checks hold\.\n$/);
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
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ ok: true, findings: expect.arrayContaining([expect.objectContaining({ check: 'signature', ok: true })]) });
  });

  test('from a server', async () => {
    const server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: ({ url }) => (url.endsWith('/receipt') ? Response.json(receipt) : new Response('', { status: 404 })) });
    expect((await verify([`${server.url}receipt`])).code).toBe(0);
    expect(await verify([`${server.url}nothing`])).toMatchObject({ code: 2, out: '', error: expect.stringContaining('404') });
    await server.stop(true);
  });

  test.each([[[]], [['--what', good]], [[good, good]], [['--origin']], [[join(folder, 'missing.json')]], [[garbage]], [['-']]])('%j: nothing to check', async (args) => {
    expect(await verify(args)).toMatchObject({ code: 2, out: '' });
  });

  test('--help', async () => expect(await verify(['--help'])).toMatchObject({ code: 0, out: expect.stringContaining('Exit code') }));

  test('as a command', async () => {
    const { exitCode, stdout } = Bun.spawnSync([process.execPath, join(import.meta.dir, 'verify-receipt.ts'), good]);
    expect([exitCode, stdout.toString().includes('checks hold')]).toEqual([0, true]);
  });
});

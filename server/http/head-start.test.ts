import { afterAll, beforeAll, expect, test } from 'bun:test';
import { Wallet } from 'ethers';
import { HEAD_STARTS_NEEDED } from '../ports/head-start.ts';
import { openHouse, type TestHouse } from '../../test/stage/http-house.ts';
import { makeKey, offers, practise, tapOn, traderOf, type Trader } from '../../test/stage/http-trader.ts';

let house: TestHouse;
beforeAll(async () => {
  house = await openHouse({ venues: ['coinbase', 'kraken'] });
  // The estimate of the volatility is warm: nothing else keeps real money out.
  await house.pass(1000);
});
afterAll(() => house.close());

const post = (path: string, body: unknown) =>
  house.call(path, { method: 'POST', body: JSON.stringify(body) });

async function byWallet(): Promise<Trader> {
  const [wallet, key] = [Wallet.createRandom(), await makeKey()];
  const { address } = wallet;
  const asked = await post('/api/v1/login/challenge', { address, chainId: 1, publicKey: key.publicKey });
  const { challengeId, message } = asked.body;
  const signature = await wallet.signMessage(message);
  const proof = await key.sign(`tapgrid-login-v1\n${challengeId}\n${message}`);
  return traderOf(house, key, (await post('/api/v1/login', { challengeId, signature, proof })).body);
}
const figures = async () => (await house.call('/api/v1/fairness')).body.headStarts;

test('real money waits until it is known how far exchanges run ahead; play money does not', async () => {
  const [real, play] = [await byWallet(), await practise(house)];
  const refused = await real.tap([tapOn(offers(house)[4]!)]);
  expect([refused.status, refused.body.error.code]).toEqual([503, 'head_start_unmeasured']);
  expect((await play.tap([tapOn(offers(house)[4]!)])).status).toBe(200);
  expect(await figures()).toMatchObject({
    ...{ state: 'measuring', holdMs: 400, proposedHoldMs: null, headStarts: 0, needed: HEAD_STARTS_NEEDED },
    tick: { count: 0, p50: null, p90: null, p99: null },
  });

  const counted = { sumMs: 60_000, counts: [[87, HEAD_STARTS_NEEDED] as const] };
  const measuring = house.engine.venueHeadStarts;
  measuring.restore({ ...measuring.kept(), tick: counted, ahead: counted });
  await house.pass(1100);
  expect(await figures()).toMatchObject({ state: 'measured', headStarts: HEAD_STARTS_NEEDED });
  const judged = await real.tap([tapOn(offers(house)[4]!)]);
  expect(JSON.stringify(judged.body)).toContain('insufficient_balance');
});

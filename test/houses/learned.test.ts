import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Chance } from '../../scripts/replay-market/chance.ts';
import type { Receipt } from '../../server/ports/receipt.ts';
import { DATABASE_FILE } from '../../server/store/store.ts';
import { accepted, apiTrader } from '../stage/api-trader.ts';
import { tapgrid } from '../stage/command.ts';
import { brokenOf, LEFT_OUT, secondOpinion } from '../stage/second-opinion.ts';
import { serving } from '../stage/server-process.ts';
import { shadowRun, wandering } from '../stage/shadow-run.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'tapgrid-learned-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

test('a bet that was sold by what the house had learned: the command and a verifier in Python compute its multipliers again', async () => {
  const { blocks } = await shadowRun(dataDir, wandering(new Chance(1), 3_000));
  const version = blocks.at(-1)!.block;
  // The bank of these books is small.
  const shares = ['CELL', 'COLUMN', 'TOTAL', 'ACCOUNT'].map((of) => [`EXPOSURE_${of}_PERCENT`, '50']);
  const settings = { WINDOW_MS: '1000', COLUMNS_AHEAD: '4', ...Object.fromEntries(shares) };
  const server = await serving({ DATA_DIR: dataDir, ...settings });
  try {
    const trader = await apiTrader(server.origin);
    const { answer } = await trader.taken();
    const path = `/api/v1/bets/${accepted(answer)[0]}/receipt`;
    let receipt: Receipt;
    do {
      await Bun.sleep(100);
      receipt = (await (await fetch(server.origin + path)).json()) as Receipt;
    } while (receipt.closedAt === null);
    for (const quote of [receipt.shown, receipt.locked])
      expect(quote).toMatchObject({ model: 2, learned: { version } });

    const file = join(dataDir, 'receipt.json');
    const verified = async (one: Receipt) => {
      await Bun.write(file, JSON.stringify(one));
      return tapgrid(['verify-receipt', file, '--origin', server.origin, '--against', server.origin]);
    };
    const { code, out } = await verified(receipt);
    expect([code, out]).toEqual([0, expect.stringMatching(/^ok {4}published model /m)]);
    const other = structuredClone(receipt) as any;
    for (const quote of [other.shown, other.locked]) quote.learned.corrections[0][0] += 1;
    expect(await verified(other)).toMatchObject({
      code: 1,
      out: expect.stringMatching(/^FAIL {2}published model .*says something else/m),
    });
  } finally {
    await server.stop();
  }
  if (LEFT_OUT !== null) return;
  const opinion = secondOpinion(join(dataDir, DATABASE_FILE));
  expect(brokenOf(opinion)).toEqual([]);
  expect(opinion.checks.find(({ name }) => name === 'quotes')!.lookedAt).toBeGreaterThan(0);
}, 120_000);

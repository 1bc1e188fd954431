import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Crowd } from './crowd-process.ts';
import { Generator } from './generator-process.ts';
import { ServerProcess } from './server-process.ts';
import { LEAD_MS, type Sizes } from './sizes.ts';
import { rounded } from './spread.ts';

/**
 * From the start of the process to the first answer that it is ready. The used folder holds what two volleys
 * of orders left.
 */
export interface StartFigures {
  readonly emptyMs: number;
  readonly usedMs: number;
  readonly usedBets: number;
}

/**
 * Resident memory of the server's process. Of accounts, open bets and sockets that only listen a first
 * helping warms code and caches, a second one of the same size is measured; garbage that is not collected yet
 * is in it.
 */
export interface MemoryFigures {
  readonly emptyMegabytes: number;
  readonly kilobytesPerAccount: number;
  readonly kilobytesPerOpenBet: number;
  readonly kilobytesPerIdleSocket: number;
}

/** Frames that were under way are sent. */
const BREATH_MS = 1500;

/** One server that is started, filled, stopped and started again. */
export async function measureIdle(
  sizes: Sizes,
): Promise<{ readonly start: StartFigures; readonly memory: MemoryFigures }> {
  const dir = mkdtempSync(join(tmpdir(), 'tapgrid-bench-'));
  const first = await ServerProcess.tapgrid({}, dir);
  const generator = Generator.start(first.origin);
  const crowds: Crowd[] = [];
  try {
    const empty = first.memoryBytes;
    const idle = await secondOf(first, sizes.helping, async () => {
      crowds.push(await Crowd.open(first.origin, sizes.helping));
      await Bun.sleep(BREATH_MS);
    });
    for (const crowd of crowds) crowd.kill();
    const account = await secondOf(first, sizes.helping, () => generator.open(sizes.helping, 64, 0));
    let accepted = 0;
    const bet = await secondOf(first, sizes.pacedOrders, async () => {
      await generator.load('http', sizes.pacedOrders, LEAD_MS);
      accepted += (await generator.fire('http', null, sizes.underWayMax)).accepted;
    });
    await generator.close();
    await first.stop();
    const again = await ServerProcess.tapgrid({}, dir);
    await again.stop();
    return {
      start: { emptyMs: Math.round(first.readyMs), usedMs: Math.round(again.readyMs), usedBets: accepted },
      memory: {
        emptyMegabytes: Math.round(empty / 2 ** 20),
        kilobytesPerAccount: account,
        kilobytesPerOpenBet: bet,
        kilobytesPerIdleSocket: idle,
      },
    };
  } finally {
    for (const crowd of crowds) crowd.kill();
    generator.kill();
    first.kill();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** @returns what one of the second helping of so many takes, kilobytes. */
async function secondOf(server: ServerProcess, each: number, helping: () => Promise<void>): Promise<number> {
  await helping();
  const before = server.memoryBytes;
  await helping();
  return rounded((server.memoryBytes - before) / 1024 / each, 3);
}

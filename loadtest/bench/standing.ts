import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Generator } from './generator-process.ts';
import { ServerProcess } from './server-process.ts';
import { LEAD_MS, type Sizes } from './sizes.ts';
import { rounded } from './spread.ts';

/** From the start of the process to the first answer that it is ready. The used folder holds what one volley of orders left. */
export interface StartFigures {
  readonly emptyMs: number;
  readonly usedMs: number;
  readonly usedBets: number;
}

/** Resident memory of the server's process. Growth is told per account and per open bet, garbage that is not collected yet included. */
export interface MemoryFigures {
  readonly emptyMegabytes: number;
  readonly kilobytesPerAccount: number;
  readonly kilobytesPerOpenBet: number;
}

/** One server that is started, filled, stopped and started again. */
export async function measureStanding(sizes: Sizes): Promise<{ readonly start: StartFigures; readonly memory: MemoryFigures }> {
  const dir = mkdtempSync(join(tmpdir(), 'tapgrid-bench-'));
  const first = await ServerProcess.tapgrid({}, dir);
  const generator = Generator.start(first.origin);
  try {
    const empty = first.memoryBytes;
    await generator.open(sizes.traders, 64, 0);
    const withAccounts = first.memoryBytes;
    await generator.load('http', sizes.flatOutOrders, LEAD_MS);
    const { accepted } = await generator.fire('http', null, sizes.underWayMax);
    const withBets = first.memoryBytes;
    await generator.close();
    await first.stop();
    const again = await ServerProcess.tapgrid({}, dir);
    await again.stop();
    return {
      start: { emptyMs: Math.round(first.readyMs), usedMs: Math.round(again.readyMs), usedBets: accepted },
      memory: { emptyMegabytes: Math.round(empty / 2 ** 20), kilobytesPerAccount: rounded((withAccounts - empty) / 1024 / sizes.traders, 3), kilobytesPerOpenBet: rounded((withBets - withAccounts) / 1024 / accepted, 3) },
    };
  } finally {
    generator.kill();
    first.kill();
    rmSync(dir, { recursive: true, force: true });
  }
}

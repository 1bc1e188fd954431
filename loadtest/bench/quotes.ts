import { verifyMessage, Wallet } from 'ethers';
import { FIRST_WEEKS, quoteColumn } from '../../server/game/odds.ts';
import type { Cents } from '../../server/game/price.ts';
import { rounded } from './spread.ts';

/** Whole grids quoted and cells quoted per second, on one core. */
export interface QuoteFigures {
  readonly gridsPerSecond: number;
  readonly cellsPerSecond: number;
  readonly cells: number;
}

const [WINDOW_MS, COLUMNS, ROWS, BAND] = [5000, 13, 16, 1000] as const;

export function measureQuotes(seconds: number): QuoteFigures {
  const at = 1_800_000_000_000;
  const inputs = { model: 1, spot: 7_608_111 as Cents, v10: 0.8, vf: 0.1, cw: 0.9, ...FIRST_WEEKS, haircut: 0, tickMs: 100 } as const;
  const quoteGrid = (moved: number) => {
    for (let column = 0; column < COLUMNS; column++)
      quoteColumn({ ...inputs, spot: (inputs.spot + moved) as Cents }, { start: at + (column + 1) * WINDOW_MS, band: BAND, low: 7_600_000 as Cents }, ROWS, at, WINDOW_MS);
  };
  for (let warm = 0; warm < 200; warm++) quoteGrid(warm);
  let grids = 0;
  const began = performance.now();
  while (performance.now() - began < seconds * 1000) quoteGrid(grids++ % 500);
  const perSecond = (grids * 1000) / (performance.now() - began);
  return { gridsPerSecond: rounded(perSecond), cellsPerSecond: rounded(perSecond * COLUMNS * ROWS), cells: COLUMNS * ROWS };
}

/** Wallet signatures (EIP-191, secp256k1) recovered per second on one core; the server does it in Workers. */
export async function measureLogins(signatures: number): Promise<number> {
  const wallet = Wallet.createRandom();
  const text = 'tapgrid.example wants you to sign in with your Ethereum account:\n'.repeat(8);
  const signature = await wallet.signMessage(text);
  for (let warm = 0; warm < 20; warm++) verifyMessage(text, signature);
  const began = performance.now();
  for (let index = 0; index < signatures; index++) if (verifyMessage(text, signature) !== wallet.address) throw new Error('a good signature was refused');
  return rounded((signatures * 1000) / (performance.now() - began));
}

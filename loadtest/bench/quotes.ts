import { verifyMessage, Wallet } from 'ethers';
import { FIRST_WEEKS, MIXTURE } from '../../server/game/formula.ts';
import { quoteColumn } from '../../server/game/odds.ts';
import type { Cents } from '../../server/game/price.ts';
import { touchProbability } from '../../server/game/touch.ts';
import { WalletVerifier } from '../../server/identity/wallet-verifier.ts';
import { rounded } from './spread.ts';

/**
 * Whole grids quoted per second of processor time; the reference is the touch probabilities that a grid
 * consists of, and nothing else.
 */
export interface QuoteFigures {
  readonly gridsPerSecond: number;
  readonly cellsPerSecond: number;
  readonly cells: number;
  readonly reference: number;
  readonly ratio: number;
}

/**
 * Wallet signatures (EIP-191, secp256k1) per second of processor time, in the server's Worker and as a bare
 * loop of the same library.
 */
export interface LoginFigures {
  readonly perSecond: number;
  readonly reference: number;
  readonly ratio: number;
}

const [WINDOW_MS, COLUMNS, ROWS, BAND] = [5000, 13, 16, 1000] as const;
const CELLS = COLUMNS * ROWS;
const AT_ONCE = 32;

export async function measureQuotes(seconds: number): Promise<QuoteFigures> {
  const at = 1_800_000_000_000;
  const inputs = {
    model: 1,
    spot: 7_608_111 as Cents,
    v10: 0.8,
    vf: 0.1,
    cw: 0.9,
    ...FIRST_WEEKS,
    haircut: 0,
    tickMs: 100,
  } as const;
  const grid = (moved: number) => {
    for (let column = 0; column < COLUMNS; column++)
      quoteColumn(
        { ...inputs, spot: (inputs.spot + moved) as Cents },
        { start: at + (column + 1) * WINDOW_MS, band: BAND, low: 7_600_000 as Cents },
        ROWS,
        at,
        WINDOW_MS,
      );
  };
  // Bands of 1.3 bp below and above the price, as those of the grid are.
  const probabilities = (moved: number) => {
    for (let column = 0; column < COLUMNS; column++)
      for (let row = 0; row < ROWS; row++)
        for (const { variance } of MIXTURE)
          touchProbability(
            (row - ROWS / 2 + moved / BAND) * 1.3,
            (row + 1 - ROWS / 2 + moved / BAND) * 1.3,
            (column + 1) * 4 * variance,
            4 * variance,
          );
  };
  const [ours, reference] = [
    await perCpuSecond(seconds, async (n) => (grid(n % 500), 1)),
    await perCpuSecond(seconds, async (n) => (probabilities(n % 500), 1)),
  ];
  return {
    gridsPerSecond: rounded(ours),
    cellsPerSecond: rounded(ours * CELLS),
    cells: CELLS,
    reference: rounded(reference),
    ratio: rounded(ours / reference, 3),
  };
}

export async function measureLogins(seconds: number): Promise<LoginFigures> {
  const wallet = Wallet.createRandom();
  const text = 'tapgrid.example wants you to sign in with your Ethereum account:\n'.repeat(8);
  const signature = await wallet.signMessage(text);
  const verifier = new WalletVerifier();
  const right = (address: string | null): void => {
    if (address !== wallet.address) throw new Error('a good signature was refused');
  };
  try {
    const ours = await perCpuSecond(seconds, async () => {
      for (const recovery of await Promise.all(
        Array.from({ length: AT_ONCE }, () => verifier.recover(text, signature)),
      ))
        right('address' in recovery ? recovery.address : null);
      return AT_ONCE;
    });
    const reference = await perCpuSecond(seconds, async () => (right(verifyMessage(text, signature)), 1));
    return { perSecond: rounded(ours), reference: rounded(reference), ratio: rounded(ours / reference, 3) };
  } finally {
    verifier.close();
  }
}

/**
 * By the processor's time and not the wall's, so that other work on the machine counts little. @param work
 * returns how much it did.
 */
async function perCpuSecond(seconds: number, work: (n: number) => Promise<number>): Promise<number> {
  const used = (): number => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  };
  const run = async (until: number): Promise<number> => {
    let done = 0;
    for (let n = 0; used() < until; n++) done += await work(n);
    return done;
  };
  await run(used() + seconds / 2);
  const began = used();
  const done = await run(began + seconds);
  return done / (used() - began);
}

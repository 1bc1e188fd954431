import { verifyMessage, Wallet } from 'ethers';
import { FIRST_WEEKS, MIXTURE, type CommonInputs } from '../../server/game/formula.ts';
import { PRIOR } from '../../server/game/learned/learned-after.ts';
import { lawOf } from '../../server/game/learned/touch-law.ts';
import { quoteColumn, type QuoteInputs } from '../../server/game/odds.ts';
import type { Cents } from '../../server/game/price.ts';
import { touchProbability } from '../../server/game/touch.ts';
import { WalletVerifier } from '../../server/identity/wallet-verifier.ts';
import { rounded } from './spread.ts';

/**
 * Whole grids quoted by one odds model per second of processor time; the reference is the touch probabilities
 * that a grid consists of, and nothing else.
 */
export interface QuoteFigures {
  readonly model: 1 | 2;
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

const COMMON: CommonInputs = {
  spot: 7_608_111 as Cents,
  v10: 0.8,
  vf: 0.1,
  cw: 0.9,
  ...FIRST_WEEKS,
  haircut: 0,
  tickMs: 100,
};
const LOW = 7_600_000 as Cents;

const BY_MODEL: readonly { readonly inputs: QuoteInputs; readonly probabilities: (moved: number) => void }[] =
  [
    { inputs: { model: 1, ...COMMON }, probabilities: touches },
    { inputs: { model: 2, ...COMMON, scaleBp: 1.1, drift: 1, learned: PRIOR }, probabilities: lawAlone },
  ];

export async function measureQuotes(seconds: number): Promise<QuoteFigures[]> {
  const figures: QuoteFigures[] = [];
  for (const { inputs, probabilities } of BY_MODEL)
    figures.push(await quotesBy(inputs, probabilities, seconds));
  return figures;
}

/** Bands of 1.3 bp below and above the price, as those of the grid are. */
function touches(moved: number): void {
  for (let column = 0; column < COLUMNS; column++)
    for (let row = 0; row < ROWS; row++)
      for (const { variance } of MIXTURE)
        touchProbability(
          (row - ROWS / 2 + moved / BAND) * 1.3,
          (row + 1 - ROWS / 2 + moved / BAND) * 1.3,
          (column + 1) * 4 * variance,
          4 * variance,
        );
}

function lawAlone(moved: number): void {
  const spot = (COMMON.spot + moved) as Cents;
  for (let column = 0; column < COLUMNS; column++) {
    const law = lawOf(1.1, (column + 1) * WINDOW_MS, WINDOW_MS);
    for (let row = 0; row < ROWS; row++)
      law(spot, (LOW + row * BAND) as Cents, (LOW + (row + 1) * BAND) as Cents);
  }
}

async function quotesBy(
  inputs: QuoteInputs,
  probabilities: (moved: number) => void,
  seconds: number,
): Promise<QuoteFigures> {
  const at = 1_800_000_000_000;
  const grid = (moved: number): void => {
    for (let column = 0; column < COLUMNS; column++)
      quoteColumn(
        { ...inputs, spot: (inputs.spot + moved) as Cents },
        { start: at + (column + 1) * WINDOW_MS, band: BAND, low: LOW },
        ROWS,
        at,
        WINDOW_MS,
      );
  };
  const [ours, reference] = [
    await perCpuSecond(seconds, async (n) => (grid(n % 500), 1)),
    await perCpuSecond(seconds, async (n) => (probabilities(n % 500), 1)),
  ];
  return {
    model: inputs.model,
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

import type { Given } from '../command-line/command.ts';
import { misused } from '../command-line/failure.ts';
import { readTraderSpec, TRADER_SHAPE, type TraderSpec } from './trader.ts';

export type LockMode = 'on' | 'off';

export interface Options {
  readonly file: string;
  readonly traders: readonly TraderSpec[];
  readonly locks: readonly LockMode[];
  readonly holdMs: number;
  readonly tapsPerSecond: number;
  readonly tapFrom: 'warm' | 'start' | null;
  readonly watchFrozen: boolean;
  readonly scalePrice: number;
  /** Null: the whole recording. */
  readonly limitMinutes: number | null;
  readonly ledger: 'full' | 'none';
  readonly seed: number;
}

const TRADERS_MAX = 16;
const TAPPERS = 'random,momentum,contrarian,sniper:0.2,sniper:0.5,sniper:1';
const EVERYBODY = 'random,momentum,contrarian,burst,near,far,sniper:0.2,sniper:0.5,sniper:1';
const HOLD_MS = 400;
/** By how much a hold should exceed the lead that was measured. */
const HOLD_MARGIN_MS = 100;
/** What `tapgrid replay` takes besides where its reports go. */
export const REPLAY_OPTIONS = {
  traders: {
    value: '<list>',
    about: `${TRADER_SHAPE}; default: all but burst, near and far, which --all-cells has too`,
  },
  lock: {
    value: '<on|off|both>',
    choices: ['on', 'off', 'both'],
    fallback: 'both',
    about: 'on: taps are held and filled at the multiplier of that moment; off: filled as shown',
  },
  hold: {
    value: '<ms>',
    whole: [1, 20_000],
    about:
      `duration of the hold with the lock on; default: ${HOLD_MS}, with --all-cells at least the longest ` +
      `lead of a sniper and ${HOLD_MARGIN_MS} more`,
  },
  'taps-per-second': {
    value: '<n>',
    fallback: '1',
    about: 'how often each trader looks at the board per second, 0.01 to 200; at most one tap per look',
  },
  'tap-from': {
    value: '<warm|start>',
    choices: ['warm', 'start'],
    about:
      'start trading 30 minutes in, when the estimate is warm, or at once; default: warm, or start if the ' +
      'recording is shorter than 45 minutes',
  },
  'watch-frozen': {
    about: 'take no taps while the price is frozen or moves too rarely, as on live exchanges',
  },
  'scale-price': {
    value: '<x>',
    fallback: '1',
    about: 'multiply every price by this, 0.001 to 100000',
  },
  'limit-minutes': { value: '<n>', about: 'replay only the first n minutes' },
  ledger: {
    value: '<full|none>',
    choices: ['full', 'none'],
    fallback: 'full',
    about: 'full: double entry on SQLite, with invariants checked; none: in memory, no money moved',
  },
  seed: {
    value: '<n>',
    whole: [0, 2 ** 32 - 1],
    fallback: '1',
    about: 'seed of the simulated traders; the same seed gives the same report',
  },
} as const;

type Texts = Given<Record<never, never>, typeof REPLAY_OPTIONS>['options'] & {
  readonly 'all-cells'?: boolean;
};

/** @throws CommandFailure with all that is wrong. */
export function readOptions(file: string, texts: Texts): Options {
  const faults: string[] = [];
  const within = (
    name: 'taps-per-second' | 'scale-price' | 'limit-minutes',
    low: number,
    high: number,
  ): number => {
    const text = texts[name] ?? '';
    const value = /^\d{1,10}(\.\d{1,6})?$/.test(text) ? Number(text) : NaN;
    if (!(value >= low && value <= high))
      faults.push(`--${name} must be a number from ${low} to ${high}, not ${text}`);
    return value;
  };
  const isAllCells = texts['all-cells'] ?? false;
  const traders = readTraders(texts.traders ?? (isAllCells ? EVERYBODY : TAPPERS), faults);
  const options: Options = {
    file,
    traders,
    locks: texts.lock === 'both' ? ['on', 'off'] : [texts.lock],
    holdMs: texts.hold ?? (isAllCells ? holdAgainst(traders) : HOLD_MS),
    tapsPerSecond: within('taps-per-second', 0.01, 200),
    tapFrom: texts['tap-from'] ?? null,
    watchFrozen: texts['watch-frozen'],
    scalePrice: within('scale-price', 0.001, 100_000),
    limitMinutes: texts['limit-minutes'] === undefined ? null : within('limit-minutes', 0.1, 1_000_000),
    ledger: texts.ledger,
    seed: texts.seed,
  };
  if (faults.length > 0) throw misused('bad_value', `${faults.join('; ')}.`);
  return options;
}

/** What a house would set that has measured these leads. */
const holdAgainst = (traders: readonly TraderSpec[]): number =>
  traders.reduce(
    (hold, { kind, leadMs }) => (kind === 'sniper' ? Math.max(hold, leadMs + HOLD_MARGIN_MS) : hold),
    HOLD_MS,
  );

function readTraders(list: string, faults: string[]): TraderSpec[] {
  const names = list.split(',');
  const specs = names.map(readTraderSpec);
  const bad = names.find((_, index) => specs[index] === null);
  if (bad !== undefined) faults.push(`"${bad}" is not a trader: ${TRADER_SHAPE}`);
  if (names.length > TRADERS_MAX || new Set(names).size < names.length)
    faults.push(`--traders accepts at most ${TRADERS_MAX} traders, each once`);
  return specs.filter((spec) => spec !== null);
}

import { parseArgs } from 'node:util';
import { readTraderSpec, TRADER_SHAPE, type TraderSpec } from './trader.ts';

export const HELP = `Replays recorded prices on a simulated clock through the whole engine, with simulated traders, and tells what they got.

  bun scripts/replay-market.ts <file.csv.gz> [options]

  --traders <list>          ${TRADER_SHAPE} (default: random,momentum,contrarian,sniper:0.2,sniper:0.5,sniper:1)
  --lock on|off|both        on: taps are held and filled at the multiplier of then; off: filled as shown (default: both)
  --hold <ms>               time of the hold with the lock on, 1 to 4000 (default: 400)
  --taps-per-second <n>     looks at the board that each trader takes, 0.01 to 200; no look is more than one tap (default: 1)
  --tap-from warm|start     from when: 30 minutes after the start, when the estimate is warm, or at once
                            (default: warm, and start where the recording is shorter than 45 minutes)
  --stage <stage>           calibrated or first-weeks: the margins (default: calibrated)
  --watch-frozen            sell nothing while the price stands still or seldom moves, as on live exchanges
  --scale-price <x>         multiply every price by this first, 0.001 to 100000 (default: 1)
  --limit-minutes <n>       only the first n minutes of the recording
  --ledger full|none        full: double entry on SQLite, invariants checked; none: kept in memory, no money moved (default: full)
  --seed <n>                the same seed gives the same report (default: 1)
  --json <file>             the report as JSON
  --report <file>           the report for people, .html or .md
  --help

Signatures are taken as good. Limits on exposure are lifted, so that one trader's bets do not change another's multipliers. Ctrl-C ends the replay
and reports what was played until then.
Exit code: 0 every bet came out as its recorded ticks and revisions say, 1 one did not or an invariant is broken, 2 wrong arguments or
unreadable recording, 130 ended by Ctrl-C.
`;

export type LockMode = 'on' | 'off';

export interface Options {
  readonly file: string;
  readonly traders: readonly TraderSpec[];
  readonly locks: readonly LockMode[];
  readonly holdMs: number;
  readonly tapsPerSecond: number;
  readonly tapFrom: 'warm' | 'start' | null;
  readonly stage: 'calibrated' | 'first-weeks';
  readonly watchFrozen: boolean;
  readonly scalePrice: number;
  /** Null: the whole recording. */
  readonly limitMinutes: number | null;
  readonly ledger: 'full' | 'none';
  readonly seed: number;
  readonly json: string | null;
  readonly report: string | null;
}

const TRADERS_MAX = 16;
const SHAPE = {
  traders: { type: 'string', default: 'random,momentum,contrarian,sniper:0.2,sniper:0.5,sniper:1' },
  lock: { type: 'string', default: 'both' },
  hold: { type: 'string', default: '400' },
  'taps-per-second': { type: 'string', default: '1' },
  'tap-from': { type: 'string' },
  stage: { type: 'string', default: 'calibrated' },
  'watch-frozen': { type: 'boolean', default: false },
  'scale-price': { type: 'string', default: '1' },
  'limit-minutes': { type: 'string' },
  ledger: { type: 'string', default: 'full' },
  seed: { type: 'string', default: '1' },
  json: { type: 'string' },
  report: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

/** @returns `error`: a sentence for whoever typed the command. */
export function readOptions(
  args: readonly string[],
): { readonly ok: Options } | { readonly help: true } | { readonly error: string } {
  let parsed;
  try {
    parsed = parseArgs({ args: [...args], options: SHAPE, allowPositionals: true });
  } catch (cause) {
    return { error: (cause as Error).message };
  }
  const { values, positionals } = parsed;
  if (values.help) return { help: true };
  const faults: string[] = [];
  const within = (
    name: 'hold' | 'taps-per-second' | 'scale-price' | 'limit-minutes' | 'seed',
    low: number,
    high: number,
    whole = false,
  ): number => {
    const text = values[name] ?? '';
    const value = /^\d{1,10}(\.\d{1,6})?$/.test(text) ? Number(text) : NaN;
    if (!(value >= low && value <= high) || (whole && !Number.isInteger(value)))
      faults.push(`--${name} is ${whole ? 'a whole number' : 'a number'} from ${low} to ${high}`);
    return value;
  };
  const among = <Choice extends string>(
    name: 'lock' | 'stage' | 'ledger' | 'tap-from',
    choices: readonly Choice[],
  ): Choice => {
    if (!choices.includes(values[name] as Choice)) faults.push(`--${name} is ${choices.join(' or ')}`);
    return values[name] as Choice;
  };
  if (positionals.length !== 1)
    faults.push(positionals.length === 0 ? 'the recording is missing' : 'one recording at a time');
  const lock = among('lock', ['on', 'off', 'both']);
  const options: Options = {
    file: positionals[0] ?? '',
    traders: readTraders(values.traders, faults),
    locks: lock === 'both' ? ['on', 'off'] : [lock],
    holdMs: within('hold', 1, 4000, true),
    tapsPerSecond: within('taps-per-second', 0.01, 200),
    tapFrom: values['tap-from'] === undefined ? null : among<'warm' | 'start'>('tap-from', ['warm', 'start']),
    stage: among('stage', ['calibrated', 'first-weeks']),
    watchFrozen: values['watch-frozen'],
    scalePrice: within('scale-price', 0.001, 100_000),
    limitMinutes: values['limit-minutes'] === undefined ? null : within('limit-minutes', 0.1, 1_000_000),
    ledger: among('ledger', ['full', 'none']),
    seed: within('seed', 0, 2 ** 32 - 1, true),
    json: values.json ?? null,
    report: values.report ?? null,
  };
  if (options.report !== null && !/\.(html|md)$/.test(options.report))
    faults.push('--report is a file that ends in .html or .md');
  return faults.length > 0 ? { error: faults.join('; ') } : { ok: options };
}

function readTraders(list: string, faults: string[]): TraderSpec[] {
  const names = list.split(',');
  const specs = names.map(readTraderSpec);
  const bad = names.find((_, index) => specs[index] === null);
  if (bad !== undefined) faults.push(`"${bad}" is not a trader: ${TRADER_SHAPE}`);
  if (names.length > TRADERS_MAX || new Set(names).size < names.length)
    faults.push(`--traders names at most ${TRADERS_MAX} traders, each once`);
  return specs.filter((spec) => spec !== null);
}

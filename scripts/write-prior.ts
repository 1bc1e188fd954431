/**
 * Writes what recordings of real markets teach model 2, with which every house begins. usage: write-prior.ts
 * <folder> [--check] [--help]
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { readRecording, type Recording } from '../server/feed/recording.ts';
import { firstOf, lastOf } from '../server/feed/recording-density.ts';
import { UNCORRECTED, type Corrections } from '../server/game/learned/corrections.ts';
import type { PriorTape } from '../server/game/learned/prior.ts';
import { end, givenAlone } from './command-line/alone.ts';
import { EXIT } from './command-line/exit-codes.ts';
import { Walk } from './replay-market/all-cells/walk.ts';
import { engineOptions, REPLAYED_WINDOW_MS } from './replay-market/house.ts';
import { Tape } from './replay-market/tape.ts';

const PRIOR_FILE = join(import.meta.dir, '../server/game/learned/prior.json');
const SOURCE = 'github.com/javifalces/HFTFramework, commit ebf8b325';
const LICENCE = 'licence of that repository: Apache-2.0';

/** Dense recordings of six hours or more: sparse ones take no bets, and shorter ones teach too little. */
const TAPES = [
  {
    file: 'binance_20220115_0-12h_trades.csv.gz',
    market: 'BTC/USDT',
    source: `${SOURCE}, btcusdt_binance, trades of 2022-01-15, the first 12 hours; ${LICENCE}`,
  },
  {
    file: 'x_eurusd_20210906_mid.csv.gz',
    market: 'EUR/USD',
    source: `${SOURCE}, eurusd_darwinex, depth of 2021-09-06, mid × 50,000; ${LICENCE}`,
  },
  {
    file: 'x_eurusd_20210909_mid.csv.gz',
    market: 'EUR/USD',
    source: `${SOURCE}, eurusd_darwinex, depth of 2021-09-09, mid × 50,000; ${LICENCE}`,
  },
] as const;

/** What the ends of all blocks say in the mean, beginning with the law alone. */
export function taughtBy(recording: Recording): Corrections {
  const engine = engineOptions({ watchFrozen: false }, 1);
  const tape = new Tape(recording, REPLAYED_WINDOW_MS);
  const walk = new Walk(tape, {
    model: 2,
    prior: UNCORRECTED,
    windowMs: REPLAYED_WINDOW_MS,
    engine,
    afterMs: Infinity,
    gated: false,
    holdMs: 1,
    traders: [],
  });
  for (let at = tape.startAt; at <= tape.endAt; at += engine.tickMs) walk.step(at);
  return walk.result().meanCorrections;
}

function priorTape(folder: string, { file, market, source }: (typeof TAPES)[number]): PriorTape {
  const path = join(folder, file);
  const recorded = readRecording(path);
  if ('error' in recorded) return end(recorded.error.message, EXIT.usage);
  const { times } = recorded.ok;
  return {
    name: file.slice(0, file.indexOf('.')),
    market,
    source,
    sha256: new Bun.CryptoHasher('sha256').update(gunzipSync(readFileSync(path))).digest('hex'),
    from: firstOf(times),
    to: lastOf(times),
    factors: taughtBy(recorded.ok),
  };
}

async function main(): Promise<number> {
  const { words, options } = givenAlone('bun scripts/write-prior.ts', {
    about:
      'Works out what each recording of the prior teaches model 2 that begins with the law alone, and ' +
      'writes it into server/game/learned/prior.json: figures, no prices.',
    words: { folder: { about: `where the recordings are: ${TAPES.map(({ file }) => file).join(', ')}` } },
    options: { check: { about: 'write nothing' } },
    examples: ['recordings', 'recordings --check'],
    exits: {
      0: 'the file is up to date',
      1: 'it is not (--check)',
      2: 'a recording is missing or cannot be read',
    },
    json: false,
  });
  const written = `${JSON.stringify({ tapes: TAPES.map((tape) => priorTape(words.folder, tape)) })}\n`;
  const isSame = JSON.stringify(await Bun.file(PRIOR_FILE).json()) === written.trimEnd();
  if (!isSame && !options.check) await Bun.write(PRIOR_FILE, written);
  console.log(isSame ? 'The prior is up to date.' : options.check ? 'The prior is another one.' : 'Written.');
  return isSame || !options.check ? 0 : 1;
}

if (import.meta.main) process.exit(await main());

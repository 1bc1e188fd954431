import { join, resolve } from 'node:path';
import { MICROS_PER_DOLLAR } from '../../server/game/money.ts';
import { messageOf } from '../../server/ports/failure.ts';
import { readTextfile, writeTextfile } from '../../server/upkeep/textfile.ts';
import { command } from '../command-line/command.ts';
import { EXIT } from '../command-line/exit-codes.ts';
import { misused, notReached } from '../command-line/failure.ts';
import type { Place } from '../probe/house.ts';
import { placesOf } from '../probe/places.ts';
import { probe as probeHouse, type Probed } from '../probe/tap.ts';
import { PROBE_FILE, readTrader, writeTrader } from '../probe/trader.ts';
import { metricsFile, metricsOption } from './books/reports.ts';

const SUCCESS = 'tapgrid_probe_last_success_timestamp_seconds';
const TAPS = 'tapgrid_probe_taps';
const STAKED = 'tapgrid_probe_staked_dollars';

export const probe = command({
  about:
    'Taps as a trader does, with the play money of its own practice account: board, signature, commit and ' +
    "response, and whether the previous run's bet was decided. Detects that no bets are taken even when " +
    'nobody is playing. With several edges it taps at each.',
  options: {
    origin: {
      value: '<https address>',
      about: 'a house elsewhere, to probe it from another machine; default: the server of these settings',
    },
    state: {
      value: '<path>',
      about: `file that stores the account; default: ${PROBE_FILE} in DATA_DIR`,
    },
    metrics: metricsOption('probe'),
  },
  notes:
    'Each run places one bet at each edge with the lowest stake, in PLAY. The file holds the key of the ' +
    'account: keep it private.',
  examples: ['probe', 'probe --origin https://taps.example --state /var/lib/probe/probe.json'],
  exits: { 0: 'the tap was taken', 1: 'it was refused', 3: 'nobody answers' },
  async run({ options }, shell) {
    const config = shell.config();
    const places = options.origin === undefined ? placesOf(config) : [addressOf(options.origin)];
    const state = resolve(options.state ?? join(config.dataDir, PROBE_FILE));
    const metrics = metricsFile(options.metrics, config.dataDir, 'probe');
    const taken: Taken[] = [];
    const note = (): void => {
      if (metrics !== null) writeMetrics(metrics, taken, taken.length === places.length);
    };
    let trader = readTrader(state);
    const cells = new Set<string>();
    for (const place of places) {
      const at = places.length === 1 ? '' : ` at ${place.socket}`;
      const probed = await probeHouse(place, trader, Date.now, cells).catch((cause: unknown) => {
        note();
        throw notReached(`The tap was not taken${at}: nobody answers: ${messageOf(cause)}`, cause);
      });
      ({ trader } = probed);
      if (trader !== null) writeTrader(state, trader);
      if ('why' in probed) {
        note();
        return {
          exit: EXIT.wrong,
          report: { taken: false, why: `${probed.why}${at}` },
          text: '',
          trouble: { code: 'not_taken', message: `The tap was not taken${at}: ${probed.why}.` },
        };
      }
      taken.push({ ...probed, at });
    }
    note();
    return {
      exit: EXIT.ok,
      report: { taken: true, betId: taken.at(-1)!.betId, tapMs: Math.round(slowest(taken) * 10) / 10 },
      text: taken
        .map(({ betId, tapMs, at }) => `taken as bet ${betId} in ${tapMs.toFixed(1)} ms${at}\n`)
        .join(''),
    };
  },
});

function addressOf(origin: string): Place {
  if (!URL.canParse(origin))
    throw misused('bad_origin', `${origin} is not an address such as https://taps.example.`);
  return { address: new URL(origin).origin, socket: null };
}

type Taken = Extract<Probed, { tapMs: number }> & { readonly at: string };

const slowest = (taken: readonly Taken[]): number => Math.max(...taken.map(({ tapMs }) => tapMs));

/** @param isWhole whether a tap was taken at each place. What it adds up so far stands in the file itself. */
function writeMetrics(path: string, taken: readonly Taken[], isWhole: boolean): void {
  const at = Date.now() / 1000;
  const before = (name: string): number => readTextfile(path, name) ?? 0;
  const success = isWhole ? at : readTextfile(path, SUCCESS);
  writeTextfile(path, [
    {
      name: 'tapgrid_probe_last_run_timestamp_seconds',
      about: 'When the probe last tried to tap.',
      values: { '': at },
    },
    {
      name: TAPS,
      about: 'Taps of the probe that were taken: they are among those of traders.',
      values: { '': before(TAPS) + taken.length },
    },
    {
      name: STAKED,
      about: 'What the probe has staked: it is among the play money that traders have staked.',
      values: { '': before(STAKED) + taken.reduce((sum, { stake }) => sum + stake, 0) / MICROS_PER_DOLLAR },
    },
    ...(success === null
      ? []
      : [{ name: SUCCESS, about: 'When a tap of the probe was last accepted.', values: { '': success } }]),
    ...(!isWhole
      ? []
      : [
          {
            name: 'tapgrid_probe_tap_seconds',
            about: "Time from the probe's slowest order to the response.",
            values: { '': slowest(taken) / 1000 },
          },
        ]),
  ]);
}

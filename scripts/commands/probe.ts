import { join, resolve } from 'node:path';
import type { Config } from '../../server/config.ts';
import { MICROS_PER_DOLLAR } from '../../server/game/money.ts';
import { messageOf } from '../../server/ports/failure.ts';
import { readTextfile, writeTextfile } from '../../server/upkeep/textfile.ts';
import { command } from '../command-line/command.ts';
import { EXIT } from '../command-line/exit-codes.ts';
import { misused, notReached } from '../command-line/failure.ts';
import type { Place } from '../probe/house.ts';
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
    'nobody is playing.',
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
    "Each run places one bet with the lowest stake, in PLAY. The file holds the account's key: keep it " +
    'private.',
  examples: ['probe', 'probe --origin https://taps.example --state /var/lib/probe/probe.json'],
  exits: { 0: 'the tap was taken', 1: 'it was refused', 3: 'nobody answers' },
  async run({ options }, shell) {
    const config = shell.config();
    const place = options.origin === undefined ? placeOf(config) : addressOf(options.origin);
    const state = resolve(options.state ?? join(config.dataDir, PROBE_FILE));
    const metrics = metricsFile(options.metrics, config.dataDir, 'probe');
    const note = (taken: Taken | null): void => {
      if (metrics !== null) writeMetrics(metrics, taken);
    };
    const probed = await probeHouse(place, readTrader(state), Date.now).catch((cause: unknown) => {
      note(null);
      throw notReached(`The tap was not taken: nobody answers: ${messageOf(cause)}`, cause);
    });
    if (probed.trader !== null) writeTrader(state, probed.trader);
    note('why' in probed ? null : probed);
    if ('why' in probed)
      return {
        exit: EXIT.wrong,
        report: { taken: false, why: probed.why },
        text: '',
        trouble: { code: 'not_taken', message: `The tap was not taken: ${probed.why}.` },
      };
    const { betId, tapMs } = probed;
    return {
      exit: EXIT.ok,
      report: { taken: true, betId, tapMs: Math.round(tapMs * 10) / 10 },
      text: `taken as bet ${betId} in ${tapMs.toFixed(1)} ms\n`,
    };
  },
});

/** Where the server of these settings answers people, the proxy left out: that has alarms of its own. */
const placeOf = ({ listenSocket, publicOrigin, host, port }: Config): Place =>
  listenSocket === null
    ? { address: `http://${host.includes(':') ? `[${host}]` : host}:${port}`, socket: null }
    : { address: `http://${new URL(publicOrigin).host}`, socket: listenSocket };

function addressOf(origin: string): Place {
  if (!URL.canParse(origin))
    throw misused('bad_origin', `${origin} is not an address such as https://taps.example.`);
  return { address: new URL(origin).origin, socket: null };
}

type Taken = Pick<Extract<Probed, { tapMs: number }>, 'tapMs' | 'stake'>;

/** @param taken null when the tap was not taken. What it adds up so far stands in the file itself. */
function writeMetrics(path: string, taken: Taken | null): void {
  const at = Date.now() / 1000;
  const before = (name: string): number => readTextfile(path, name) ?? 0;
  const success = taken === null ? readTextfile(path, SUCCESS) : at;
  writeTextfile(path, [
    {
      name: 'tapgrid_probe_last_run_timestamp_seconds',
      about: 'When the probe last tried to tap.',
      values: { '': at },
    },
    {
      name: TAPS,
      about: 'Taps of the probe that were taken: they are among those of traders.',
      values: { '': before(TAPS) + (taken === null ? 0 : 1) },
    },
    {
      name: STAKED,
      about: 'What the probe has staked: it is among the play money that traders have staked.',
      values: { '': before(STAKED) + (taken === null ? 0 : taken.stake / MICROS_PER_DOLLAR) },
    },
    ...(success === null
      ? []
      : [{ name: SUCCESS, about: 'When a tap of the probe was last accepted.', values: { '': success } }]),
    ...(taken === null
      ? []
      : [
          {
            name: 'tapgrid_probe_tap_seconds',
            about: "Time from the probe's order to the response.",
            values: { '': taken.tapMs / 1000 },
          },
        ]),
  ]);
}

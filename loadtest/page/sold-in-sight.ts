/** How much of the board in a phone's sight can be tapped, over a recording. See --help. */
import { end, givenAlone } from '../../scripts/command-line/alone.ts';
import { EXIT } from '../../scripts/command-line/exit-codes.ts';
import { Tape } from '../../scripts/replay-market/tape.ts';
import { readRecording } from '../../server/feed/recording.ts';
import { sightsOf, type Sight } from '../../test/stage/sight-run.ts';

const {
  words: { recording },
  options: { minutes, room, windows, begins },
} = givenAlone('bun loadtest/page/sold-in-sight.ts', {
  about:
    'Quotes the boards over a recording, looks at each once a second as a phone does, and tells which ' +
    'share of the cells in sight has a multiplier, in calm, lively and fast markets.',
  words: { recording: { about: 'prices over time, `ts_ms,price`' } },
  options: {
    minutes: { value: '<n>', whole: [1, 10_000], fallback: '120', about: 'of the recording' },
    room: { value: '<rows>', whole: [5, 13], fallback: '11', about: 'that the phone has room for' },
    windows: { value: '<ms,…>', fallback: '2000,5000,15000', about: 'lengths of the windows of the boards' },
    begins: { about: 'a house that has just begun, instead of one whose buckets are all certified' },
  },
  examples: ['prices.csv.gz --minutes 60'],
  exits: { 0: 'measured', 2: 'the recording cannot be read' },
  json: false,
});

const read = readRecording(recording);
if (!('ok' in read)) end(read.error.message, EXIT.usage);
const lengths = windows.split(',').map(Number);
const tape = new Tape(read.ok, Math.max(...lengths));
const until = Math.min(tape.endAt, tape.startAt + minutes * 60_000);
const sights = [
  ...sightsOf(
    { startAt: tape.startAt, endAt: until, sample: (at) => tape.sample(at) },
    { windows: lengths, isCertified: !begins, room },
  ),
];

/** bp per √s, up to which the market is called so. */
const MARKETS = [
  ['calm', 0.4],
  ['lively', 0.9],
  ['fast', Infinity],
] as const;
const marketOf = ({ sigma }: Sight): string => MARKETS.find(([, most]) => sigma <= most)![0];

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;

console.table(
  [...Map.groupBy(sights, (sight) => `${sight.windowMs / 1000} s, ${marketOf(sight)}`)].map(
    ([what, some]) => ({
      board: what,
      looks: some.length,
      'for sale': percent(mean(some.map(({ share }) => share))),
      'time with 75 %': percent(mean(some.map(({ share }) => (share >= 0.75 ? 1 : 0)))),
      rows: mean(some.map(({ rows }) => rows)).toFixed(1),
      'changes an hour': (
        some.filter(({ rows }, i) => i > 0 && rows !== some[i - 1]!.rows).length /
        (some.length / 3600)
      ).toFixed(1),
    }),
  ),
);

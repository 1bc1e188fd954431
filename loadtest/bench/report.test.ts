import { expect, test } from 'bun:test';
import { pageOf } from './page.ts';
import type { Report } from './report.ts';
import { slopeOf } from './spread.ts';
import type { TapFigures } from './taps.ts';
import { textOf } from './table.ts';

const STRETCH = {
  ticks: 300,
  lateP50Ms: 1,
  lateP99Ms: 4,
  lateMaxMs: 6,
  engineRan: 0.05,
  engineWaited: 0.01,
  tapP50Ms: 5,
  tapP99Ms: 12,
  acknowledged: 900,
  unanswered: 0,
};
const REPORT: Report = {
  taps: {
    postgres: {
      rate: null,
      ratio: null,
      batchedRate: null,
      batchedRatio: null,
      skipped: '<no> "server" & no reason',
    },
  },
  overload: [
    {
      times: 4,
      offered: 20_400,
      accepted: 4_970,
      ratio: 0.974,
      busy: 0.751,
      others: { quote_expired: 3 },
      acceptedP99Ms: 410,
      busyP99Ms: 22.5,
      lateP99Ms: 4,
    },
  ],
  edges: {
    taps: {},
    paced: [
      {
        perSecond: 3000,
        accepted: 0.987,
        engineMicros: 81.5,
        engineLoopMicros: 27,
        edgeMicros: 76,
        edgeLoopMicros: 33,
        callsPerFrame: 3.1,
        p50Ms: 1.4,
        p99Ms: 6,
        oneProcessP50Ms: 1.1,
        oneProcessP99Ms: 5,
      },
    ],
    overload: [],
    model: [
      {
        cores: 2,
        edges: 1,
        perSecond: 12_698,
        limit: 'processor',
        shares: [{ perSecond: 3000, share: 0.236 }],
      },
    ],
  },
  flood: {
    traders: 50,
    sources: 200,
    seconds: 60,
    quiet: STRETCH,
    flooded: { ...STRETCH, lateP99Ms: 17, lateMaxMs: 41, tapP99Ms: 24.5 },
    lost: 0,
    gaps: 0,
    undecided: 0,
    stalls: 0,
    kills: 59,
    freezes: 15,
    connections: 31_415,
    megabytes: 926,
    watchers: 9_876,
    socketsMax: 10_234,
    edgeMegabytesMax: 345,
    load: [1.5, 9],
    broken: ['p99 of traders: <too> long'],
  },
  resolution: [{ open: 1000, closing: 10, msPerTick: 0.0123, msMin: 0.01, msMax: 0.5 }],
  fanout: [
    {
      sockets: 5000,
      hz: 4,
      cpuPercent: 21,
      referenceCpuPercent: 14,
      bytesPerSecondPerSocket: 3700,
      p50Ms: 4,
      p99Ms: 9,
      referenceP99Ms: 8,
      lost: 0,
    },
  ],
  boards: [{ sockets: 100, onePercent: 8, threePercent: 10, ratio: { median: 1.25, min: 1.2, max: 1.3 } }],
  quotes: null,
  login: null,
  start: null,
  memory: null,
  soak: null,
  growth: null,
  run: { at: '2027-01-01T00:00:00Z', bun: '1.4.5', cores: 2, cpu: 'A <fast> one', quick: true, seconds: 12 },
};

test('the text shows every figure, and that a quick run is not to be quoted', () => {
  const text = textOf(REPORT);
  for (const part of [
    '0.0123 (0.01–0.5)',
    '5,000',
    '3,700',
    'not to be quoted',
    '4,970',
    '0.974',
    '75.1 %',
    '3 quote_expired',
    '22.5',
    '81.5',
    '98.7',
    '12,698',
    'processor',
    '23.6',
    '24.5',
    '31,415',
    '10,234',
    'p99 of traders: <too> long',
  ])
    expect(text).toContain(part);
});

test('the page escapes what comes from the machine and draws a bar for each figure', () => {
  const page = pageOf(REPORT);
  expect(page).toContain('A &#60;fast&#62; one');
  expect(page).not.toContain('<fast>');
  expect(page.match(/class="ours"/g)).toHaveLength(3);
  expect(page.match(/class="reference"/g)).toHaveLength(2);
});

const SPREAD = { median: 4000, min: 3000, max: 5000 };
const TAPS: TapFigures = {
  rate: 4000,
  reference: 4100,
  ratio: 0.98,
  p50At3000: 5,
  p99At3000: 20,
  referenceP99At3000: 19,
  cpuMicrosPerTap: 251,
  referenceCpuMicrosPerTap: 249,
  spread: {
    rate: SPREAD,
    reference: SPREAD,
    ratio: SPREAD,
    p99At3000: SPREAD,
    referenceP99At3000: SPREAD,
    cpuRatio: SPREAD,
  },
};
const POINTS = Array.from({ length: 60 }, (_, n) => ({
  at: n * 20,
  resident: 300 + (n % 7),
  heap: 50,
  wal: 16,
  openBets: 900,
  bets: n * 100,
}));
const LONG: Report = {
  ...REPORT,
  soak: {
    minutes: 20,
    warmUpMinutes: 6,
    perSecond: 400,
    accepted: 480_000,
    refused: { busy: 3 },
    watchers: 200,
    residentPerHour: -2,
    heapPerHour: 0.5,
    p99Max: 90,
    p99: 30,
    points: POINTS,
  },
  growth: {
    bets: 10_000_000,
    accounts: 1_000_000,
    gigabytes: 12.5,
    startMs: { empty: SPREAD, full: SPREAD },
    readyMegabytes: { empty: 90, full: 95 },
    pages: [{ path: '/history, <in> the middle', emptyMs: 1, fullMs: 1.25, fullMsMax: 3 }],
    settlementMs: { empty: 8, full: 9 },
    commitMs: { empty: 2, full: 2.5 },
    taps: { socket: TAPS, http: TAPS },
  },
};

test('a soak and full books are told in tables and drawn', () => {
  const text = textOf(LONG);
  for (const part of [
    'Soak of 20 min',
    '3 busy',
    '303 (300–306)',
    'Books of 10,000,000 closed bets and 1,000,000 accounts, 12.5 GB',
    '/history, <in> the middle',
  ])
    expect(text).toContain(part);
  const page = pageOf(LONG);
  expect(page.match(/<polyline/g)).toHaveLength(4);
  for (const part of [
    'Memory in a soak of 20 min at 400 taps/s, MB',
    '18 min</text>',
    'Pages and calls, ms',
    '/history, &#60;in&#62; the middle, empty books',
  ])
    expect(page).toContain(part);
});

test('a slope is the median of all pairs, whatever one sample says', () => {
  const line = Array.from({ length: 20 }, (_, at) => [at, 5 + 2 * at] as const);
  expect([slopeOf(line), slopeOf([...line, [20, 9000]]), slopeOf([[1, 1]])]).toEqual([2, 2, 0]);
});

import { Html } from '@elysiajs/html';
import { describe, expect, test } from 'bun:test';
import type { Win } from '../server/ports/crowd.ts';
import type { ShownBet } from '../server/ports/shown-bet.ts';
import type { Bet, BetStatus } from '../server/game/bet.ts';
import { GATE_BUCKETS } from '../server/game/learned/gate.ts';
import { dollars, micros, multiplier } from '../server/game/money.ts';
import { FOR_GOOD } from '../server/game/own-limits.ts';
import { cents } from '../server/game/price.ts';
import { REJECTIONS, VOID_REASONS } from '../server/game/rejection.ts';
import { UNRESTRICTED, type Restriction } from '../server/game/restriction.ts';
import type { Receipt } from '../server/ports/receipt.ts';
import type { Board, Health } from '../server/ports/events.ts';
import { cellText, signedText, winText } from './amount.ts';
import { BoardColumns, BoardView } from './board/board.tsx';
import { BoardPage } from './board/page.tsx';
import { PriceLine } from './board/line.tsx';
import { placeCss, placeOf, rowsPlace, zoomOf } from './board/place.ts';
import { BetBadge } from './bet/badge.tsx';
import { HistoryPage } from './bet/history.tsx';
import { HouseEdgeSentence } from './bet/house-edge.tsx';
import { OpenBetItems, OpenItem } from './bet/open.tsx';
import { PathPicture } from './bet/path.tsx';
import { planPath } from './bet/path-plan.ts';
import { ReceiptPage } from './bet/receipt.tsx';
import { ResultItem } from './bet/result.tsx';
import { Summary } from './bet/summary.tsx';
import { Watch } from './bet/watch.tsx';
import { clockMinute, countdown, span } from './clock.ts';
import { HeadlineBanner } from './notice/headline.tsx';
import { LeaderboardPage } from './others/leaderboard.tsx';
import { OpsLog } from './ops/log.tsx';
import { OpsPage } from './ops/page.tsx';
import { OpsSettings } from './ops/settings.tsx';
import { OpsShell } from './ops/shell.tsx';
import { OpsSignIn } from './ops/sign-in.tsx';
import type { HeadStartFigures } from '../server/ports/head-start.ts';
import type { Operations } from '../server/ports/operations.ts';
import type { OperatorAction } from '../server/ports/operator.ts';
import { ArchivedReceipt, NotFetched } from './page/archived.tsx';
import { ErrorPage } from './page/error.tsx';
import { AllCells, type AllCellsProps } from './page/all-cells.tsx';
import { BucketBars, FairnessPage, realised } from './page/fairness.tsx';
import { HeadStarts } from './page/head-starts.tsx';
import { RulesPage } from './page/rules.tsx';
import { Shell, type Visit } from './page/shell.tsx';
import { AccountPage } from './session/account.tsx';
import { PausePage } from './session/pause.tsx';
import { SigninElsewhere, SigninPage } from './session/signin.tsx';
import { StatementPage } from './wallet/statement.tsx';
import { TodayCard, TodayContent } from './wallet/today.tsx';
import { ShareCard } from './bet/share-card.tsx';
import { WinPage } from './bet/win.tsx';
import type { Today } from '../server/ports/today.ts';

/**
 * What nobody should ever be called. An element of that name in a page means that a text was taken for HTML.
 */
const HOSTILE = `<script>"'&</script><xss a="1" b='2'>&amp;`;
const SPREAD = { count: 400, p50: 120, p90: 300, p99: 410 };
const HEAD_STARTS: HeadStartFigures = {
  ...{ state: 'measured', holdMs: 400, proposedHoldMs: 510, headStarts: 400, needed: 300, remainingMs: null },
  ...{ watchedMs: 9_000_000, tick: SPREAD, ahead: SPREAD, takenBack: 4, alone: 2 },
  venues: [{ venue: HOSTILE, first: 300, behind: SPREAD, missed: 1, age: SPREAD, delay: SPREAD }],
};
const NO_FIGURES = { cells: 0, quoted: null, realised: null, d: null, h: null } as const;
const FIGURES = { cells: 900, quoted: 0.94, realised: 0.925, d: -0.015, h: 0.012 } as const;
const NO_CELLS: AllCellsProps = { from: null, to: null, all: NO_FIGURES, buckets: [], leads: [], hours: [] };
const cellsOf = (buckets: readonly Partial<AllCellsProps['buckets'][number]>[]): AllCellsProps => ({
  from: START,
  to: START + 7 * 86_400_000,
  all: FIGURES,
  buckets: buckets.map((bucket) => ({
    ...{ from: 105, to: 150, ...FIGURES, earned: 'certified', closedBecause: null, evidence: NO_FIGURES },
    ...bucket,
  })),
  leads: [
    { belowMs: 10_000, ...FIGURES },
    { belowMs: 15_000, ...FIGURES },
    { belowMs: null, ...FIGURES },
  ],
  hours: [{ hour: 14, ...FIGURES }],
});
const START = 1_800_000_000_000;

const betOf = (status: BetStatus, over: Partial<Bet> = {}): Bet => ({
  id: HOSTILE,
  accountId: HOSTILE,
  currency: 'PLAY',
  simulated: true,
  rule: 2,
  cell: { startMs: START, windowMs: 5000, low: cents(7_604_000), high: cents(7_605_000) },
  stake: micros(10_000_000),
  shown: multiplier(235),
  shownRevision: 1,
  guardPercent: 80,
  placedAt: START - 9000,
  lockAt: START - 8600,
  locked: status === 'placed' ? null : multiplier(231),
  lockedRevision: 2,
  status,
  payout: micros(status === 'won' ? 23_100_000 : 0),
  closedAt: START + 1000,
  closedTick: 3,
  voidReason: status === 'void' ? 'gap' : null,
  ...over,
});
const STATUSES: readonly BetStatus[] = ['placed', 'locked', 'won', 'lost', 'void'];
const ticks = [7_603_000, 7_603_500, 7_604_200].map((price, i) => ({
  seq: i + 1,
  at: START + i * 100,
  price: cents(price),
  sources: [{ venue: HOSTILE, price: cents(price) }],
  hash: HOSTILE,
}));
const board: Board = {
  revision: { revision: 1, at: START, tickSeq: 1, inputs: {} as never, columns: [], pause: null },
  tick: ticks[0]!,
  windowMs: 5000,
  rows: 4,
  columns: [0, 1, 2].map((i) => ({
    start: START + i * 5000,
    band: 1000,
    low: cents(7_602_000),
    locked: i < 2,
    multipliers: [null, multiplier(120), multiplier(1464), multiplier(235)],
  })),
};
const health: Health = {
  state: 'open',
  causes: [{ cause: 'operator', severity: 'open', since: START, detail: HOSTILE }],
};
const sessionBalance = {
  currency: 'PLAY',
  balance: micros(9_990_000_000),
  net: micros(-10_000_000),
  sinceMs: 61_000,
  isSpent: false,
} as const;
const limits = {
  dailyLoss: null,
  loosening: null,
  pausedUntil: null,
  reminderMinutes: null,
  guardPercent: 80,
};
const restriction: Restriction = {
  blocked: true,
  stakeMax: dollars(5),
  dailyStake: dollars(100),
  openPayout: null,
  holdMs: 1_500,
};
const headline = { at: START, name: HOSTILE, from: START - 1, until: START + 1, running: true };
const maintenance = { from: START + 60_000, until: START + 120_000, reason: HOSTILE, running: false };
const visit: Visit = {
  theme: 'auto',
  maintenance,
  headline,
  people: 3,
  feed: { simulated: true, label: HOSTILE },
  health,
  origin: HOSTILE,
  elsewhere: true,
  chainIds: [1],
  grant: micros(10_000_000_000),
  scope: { stakeMax: micros(100_000_000), dailyCap: micros(5_000_000_000) },
  trader: { sessionId: HOSTILE, sessionBalance, address: HOSTILE, limits, restriction, publicName: HOSTILE },
  asset: (path) => `/static/x/${path}`,
};
const receipt = {
  shown: null,
  locked: null,
  ticks,
  ledger: [{ id: 1, batch: 1, at: START, kind: 'stake', amount: micros(-1), balanceAfter: null, version: 1 }],
  order: { text: HOSTILE, signature: HOSTILE, publicKey: HOSTILE, index: 0 },
} as unknown as Receipt;
const counters = {
  accepted: 1,
  refusals: { [HOSTILE]: 2 } as never,
  latency: { count: 1, p50: 1, p95: 2, p99: 3 },
  batches: 1,
  queued: 0,
};

const cells = [
  {
    start: START,
    windowMs: 5000,
    low: 7_604_000,
    high: 7_605_000,
    bets: 2,
    stake: 2_000_000,
    risk: 9_000_000,
  },
  { start: START + 90_000, windowMs: 5000, low: 7_504_000, high: 7_505_000, bets: 1, stake: 1, risk: 1 },
];
const operations: Operations = {
  at: START,
  simulated: true,
  feedLabel: HOSTILE,
  maintenance,
  marks: {
    accounts: 1,
    marked: 2,
    unmarked: 0,
    gaining: [
      {
        ...{ accountId: HOSTILE, bets: 1, edge: 0.05, isGaining: true },
        gains: [
          { mean: 0.1, low: 0.01, high: 0.2 },
          { mean: -0.1, low: -0.2, high: 0 },
        ],
      },
    ],
  },
  calendar: { headlines: [{ at: START, name: HOSTILE, beforeMs: 1, afterMs: 1 }], notice: headline },
  health,
  halt: HOSTILE,
  price: 7_604_400,
  quorum: 2,
  windowMs: 5000,
  columns: board.columns.map(({ start, band, low, locked }) => ({
    start,
    windowMs: 5000,
    band,
    low,
    locked,
    rows: 4,
  })),
  exposure: {
    PLAY: { cells, caps: { cell: 10_000_000, column: 0, total: 1 } },
    USD: { cells, caps: { cell: 0, column: 0, total: 0 } },
  },
  money: {
    PLAY: { bankroll: 1, today: -1, week: 0, history: [] },
    USD: { bankroll: 5, today: 0, week: 0, history: [{ at: START - 1, bankroll: 9 }] },
  },
  headStarts: HEAD_STARTS,
  venues: [
    {
      venue: HOSTILE,
      state: HOSTILE,
      alive: false,
      price: null,
      quoteAgeMs: null,
      note: HOSTILE,
      counters: { frames: 0, [HOSTILE]: 2 },
    },
    {
      venue: 'kraken',
      state: 'open',
      alive: true,
      price: 7_604_900,
      quoteAgeMs: 80,
      note: null,
      counters: {},
    },
  ],
  latency: [
    { at: START, count: 0, p50: 0, p95: 0, p99: 0 },
    { at: START, count: 3, p50: 1, p95: 20, p99: 3000 },
  ],
  commits: [],
  returns: [{ currency: 'USD', bucket: HOSTILE, excess: 9, bound: 3 }],
  installation: {
    build: { version: HOSTILE, commit: HOSTILE, builtAt: HOSTILE },
    startedAt: START,
    afterCrash: true,
    machine: { certificate: HOSTILE, openFiles: 9, openFilesMax: 10, backupDiskUsedShare: 0.95 },
    redis: HOSTILE,
    booksSince: START,
    probe: { job: 'probe', lastRunAt: START, lastSuccessAt: null, ok: false, figures: [] },
    violations: 1,
    backups: { places: [HOSTILE], snapshotAt: START, snapshotBytes: 3, tailAt: START - 90_000 },
  },
  jobs: [
    { job: HOSTILE, lastRunAt: START, lastSuccessAt: null, ok: false, figures: [[HOSTILE, 3]] },
    { job: 'backup', lastRunAt: null, lastSuccessAt: null, ok: null, figures: [] },
  ],
  disk: {
    usedBytes: 5,
    totalBytes: 10,
    usedShare: 0.5,
    points: [
      { at: START - 1, usedBytes: 4 },
      { at: START, usedBytes: 5 },
    ],
    daysLeft: 3.2,
  },
  sockets: 1,
  queued: 0,
  walBytes: 1,
  memoryBytes: 2,
};
const actions: readonly OperatorAction[] = (
  ['halt', 'resume', 'transfer', 'revoke-sessions', 'void-window'] as const
).map((what, i) => ({
  seq: i,
  id: HOSTILE,
  batch: 1,
  at: START,
  operator: HOSTILE,
  approvedBy: HOSTILE,
  what,
  target: what === 'void-window' ? `${START}` : HOSTILE,
  detail: what === 'transfer' ? 'deposit 5000001' : HOSTILE,
  reason: HOSTILE,
  before: what === 'transfer' ? '0' : HOSTILE,
  after: what === 'transfer' ? '5000001' : HOSTILE,
}));
const returned = [
  { from: 105, to: 150, bets: 2, staked: micros(2), paid: micros(2), returns: 2, returnSquares: 3 },
];

const today: Today = {
  ...{ day: START, currency: 'PLAY', balance: dollars(1000), isWhole: true },
  ...{ won: 2, lost: 1, refunded: 1, staked: dollars(3), paid: dollars(9), net: dollars(6), wonInARowMax: 2 },
  streak: { outcome: 'lost', bets: 1 },
  best: {
    ...{ betId: HOSTILE, at: START, outcome: 'won', stake: dollars(1), payout: dollars(8) },
    multiplier: multiplier(800),
  },
  steps: [{ at: START, bets: 3, net: dollars(6) }],
};
const WIN: Win = {
  at: START,
  profit: micros(84_000_000),
  multiplier: multiplier(840),
  windowMs: 5_000,
  currency: 'PLAY',
  name: HOSTILE,
};
const leaders = [{ name: HOSTILE, profit: dollars(5), hit: multiplier(840), bets: 3 }];
const leaderboard = { since: START, until: START + 1, leaders: { profit: leaders, hit: leaders } };

const VIEWS: Readonly<Record<string, () => JSX.Element>> = {
  shell: () => (
    <Shell visit={visit} title={HOSTILE} section="board" live={HOSTILE}>
      <main></main>
    </Shell>
  ),
  board: () => (
    <BoardPage
      board={board}
      betsPerCellMax={5}
      tapsPerSignatureMax={16}
      range={{ min: dollars(1), max: dollars(100) }}
      boards={{ windows: [2000, 5000, 15_000], windowMs: 5000, open: new Map([[5000, 2]]) }}
      points={[[START, 7_604_000]]}
      bets={STATUSES.map((status) => betOf(status))}
      at={START}
      gapMs={3000}
      zoom={120}
      closed
      feedLabel={HOSTILE}
      sessionBalance={sessionBalance}
      stakes={[micros(1_000_000)]}
      open={[betOf('placed')]}
      results={[betOf('won')]}
      today={today}
      guardPercent={80}
      wins={[WIN]}
      leaderboard={leaderboard}
    />
  ),
  'visitor today': () => <TodayCard today={null} at={START} />,
  'today of many bets': () => <TodayContent today={{ ...today, isWhole: false }} />,
  win: () => <WinPage bet={betOf('won')} own />,
  card: () => (
    <ShareCard
      bet={betOf('won')}
      ticks={[{ seq: 1, at: START, price: cents(7_604_000), sources: [] }]}
      host={HOSTILE}
    />
  ),
  columns: () => <BoardColumns board={board} bets={[betOf('locked')]} at={START} />,
  badge: () => <BetBadge bets={[betOf('won')]} fresh />,
  'open bet': () => <OpenItem bets={[betOf('locked')]} />,
  result: () => <ResultItem bet={betOf('lost')} fresh />,
  history: () => (
    <HistoryPage
      status="closed"
      bets={STATUSES.map((status) => betOf(status))}
      cursor={HOSTILE}
      archived={null}
      signedIn
    />
  ),
  watch: () => <Watch bet={betOf('lost')} receipt={{ ...receipt, maxGapMs: 3000 }} own={false} />,
  receipt: () => <ReceiptPage bet={betOf('won')} receipt={receipt} own origin={HOSTILE} />,
  statement: () => (
    <StatementPage
      rows={[
        {
          id: 1,
          batch: 1,
          at: START,
          kind: 'payout',
          amount: micros(5),
          balanceAfter: micros(5),
          version: 1,
          betId: HOSTILE,
        },
      ]}
      cursor={HOSTILE}
      archived={null}
      signedIn
    />
  ),
  'statement that is archived': () => (
    <StatementPage
      rows={[]}
      cursor={null}
      archived={{ until: START, balance: micros(5), rows: 1013, state: 'archived' }}
      signedIn
    />
  ),
  'archived receipt': () => <ArchivedReceipt betId={HOSTILE} state="archived" signedIn />,
  'nothing fetched': () => <NotFetched text={HOSTILE} back={HOSTILE} />,
  fairness: () => (
    <FairnessPage
      currency="PLAY"
      buckets={[
        { from: 105, to: 150, bets: 2, staked: micros(2), paid: micros(2), returns: 2, returnSquares: 3 },
      ]}
      promised={() => 0.9}
      cells={NO_CELLS}
      headStarts={HEAD_STARTS}
      voids={{ [HOSTILE]: 1 }}
      counters={counters}
    />
  ),
  rules: () => (
    <RulesPage
      windows={[5000]}
      betsPerCellMax={5}
      holdMs={400}
      maxGapMs={3000}
      guardPercent={80}
      cells={NO_CELLS}
    />
  ),
  leaderboard: () => (
    <LeaderboardPage
      period="week"
      by="hit"
      leaderboard={leaderboard}
      counting
      people={3}
      own={{ name: HOSTILE, notice: HOSTILE, typed: HOSTILE }}
    />
  ),
  account: () => (
    <AccountPage
      limits={limits}
      restriction={UNRESTRICTED}
      address={HOSTILE}
      isSpent={false}
      theme="dark"
      publicName={{ name: HOSTILE, notice: HOSTILE, typed: HOSTILE }}
      notice={HOSTILE}
    />
  ),
  'account with all limits': () => (
    <AccountPage
      limits={{
        dailyLoss: micros(50_500_000),
        loosening: { dailyLoss: null, at: START },
        pausedUntil: START,
        reminderMinutes: 45,
        guardPercent: 80,
      }}
      restriction={restriction}
      address={null}
      isSpent
      publicName={null}
      theme="dark"
    />
  ),
  pause: () => (
    <PausePage length="for-good" until={FOR_GOOD} pausedUntil={START} currency="USD" error={HOSTILE} />
  ),
  signin: () => <SigninPage grant={visit.grant} scope={visit.scope} />,
  'sign-in elsewhere': () => <SigninElsewhere playAt={HOSTILE} />,
  operations: () => (
    <OpsPage
      operations={operations}
      buckets={[
        { currency: 'PLAY', buckets: returned },
        { currency: 'USD', buckets: returned },
      ]}
      promised={() => 0.9}
      cells={NO_CELLS}
      actions={actions}
      waiting={[
        {
          order: {
            id: HOSTILE,
            operator: HOSTILE,
            approvedBy: null,
            reason: HOSTILE,
            deed: { what: 'transfer', accountId: HOSTILE, entry: 'deposit', amount: micros(5) },
          },
          since: START,
          until: START + 1,
        },
      ]}
      who={{ name: HOSTILE, proven: false }}
      said={HOSTILE}
      formId={HOSTILE}
    />
  ),
  'operations settings': () => (
    <OpsSettings settings={[{ group: HOSTILE, key: HOSTILE, value: HOSTILE, from: 'file' }]} />
  ),
  'operations shell': () => (
    <OpsShell title={HOSTILE} asset={(path) => path} theme={HOSTILE} operator={HOSTILE}>
      <OpsSignIn said={HOSTILE} />
    </OpsShell>
  ),
  'operator log': () => <OpsLog actions={actions} cursor={HOSTILE} />,
  error: () => <ErrorPage status={500} title={HOSTILE} text={HOSTILE} />,
};

describe.each(Object.entries(VIEWS))('%s', (_, view) => {
  test('takes no text for HTML, and carries nothing that the content policy forbids', () => {
    const faults: string[] = [];
    const note = (what: string) => ({ element: () => void faults.push(what) });
    new HTMLRewriter()
      .on('xss', note('an element from a text'))
      .on('script:not([src])', note('an inline script'))
      .on('style, [style], iframe, object, embed, base', note('a forbidden element or attribute'))
      .on('*', {
        element: (element) => {
          for (const [name] of element.attributes)
            if (/^on|^hx-on/.test(name) || ['b', 'a'].includes(name)) faults.push(`attribute ${name}`);
        },
      })
      .transform(String(view()));
    expect(faults).toEqual([]);
  });
});

test('the scan above would see a text that became HTML', () => {
  const seen: string[] = [];
  new HTMLRewriter().on('xss', { element: () => void seen.push('xss') }).transform(`<p>${HOSTILE}</p>`);
  expect(seen).toEqual(['xss']);
});

describe('figures', () => {
  test.each([
    [null, ''],
    [0, ''],
    [105, '1.05'],
    [999, '9.99'],
    [1000, '10.0'],
    [1464, '14.6'],
    [2500, '25.0'],
  ] as const)('a cell of %p reads %p', (value, text) => expect(cellText(value)).toBe(text));
  test.each([
    [0, '$0.00'],
    [17_400_000, '+ $17.40'],
    [-5_000_000, '– $5.00'],
  ] as const)('%p reads %p', (amount, text) => expect(signedText(micros(amount))).toBe(text));
  test.each([
    [2_350_000, '+2.3'],
    [17_400_000, '+17'],
    [1_240_000_000, '+1.2k'],
    [24_000_000_000, '+24k'],
  ] as const)('a win of %p reads %p', (net, text) => expect(winText(micros(net))).toBe(text));
  test.each([
    [-5, '0:00'],
    [1, '0:01'],
    [8000, '0:08'],
    [61_000, '1:01'],
  ] as const)('%p ms are %p', (ms, text) => expect(countdown(ms)).toBe(text));
  test.each([
    [10, 'just now'],
    [840_000, '14 min'],
    [12_000_000, '3 h 20 min'],
  ] as const)('%p ms are %p', (ms, text) => expect(span(ms)).toBe(text));
});

test('the rules state what is proven, and the margins of what is not', () => {
  const text = textOf(
    <RulesPage
      betsPerCellMax={5}
      windows={[2000, 5000, 15_000]}
      holdMs={400}
      maxGapMs={3000}
      guardPercent={80}
      cells={cellsOf([{ from: 250, to: 500, ...FIGURES, earned: 'certified' }])}
    />,
  ).replaceAll('\u00a0', ' ');
  for (const said of ['1 / (1.05 × P + 0.004)', '1 / (1.13 × P + 0.008)', '2.5–5×', '94.0 %', '92.5 %'])
    expect(text).toContain(said);
  expect(text).toContain('in ordinary times down to 1 / (1.13 × P + 0.008)');
  expect(text).toContain('never less than 1 / (1.29 × P + 0.008)');
  expect(text).toMatch(/2\.5–5×.*proven within 5 points/s);
  expect(text).not.toContain('takes no bets:');
  expect(text).not.toContain('at present none');
});

test('what bets promised is said to be that of ordinary times, and one bet is not called bets', () => {
  const bucket = { ...{ from: 105, to: 150, bets: 1, returns: 1, returnSquares: 1 } };
  const bars = String(
    <BucketBars buckets={[{ ...bucket, staked: micros(1), paid: micros(1) }]} promised={() => 0.9} />,
  );
  expect(bars).toContain('90.0\u00a0% promised in ordinary times');
  expect(bars.replace(/\s+/g, ' ')).toContain('news widens the edge, so bets placed then promised less');
  expect(bars).toContain('>1 bet<');
});

test('the rules of a new house say from where on nothing is for sale', () => {
  const range = { ...NO_FIGURES, from: 500, to: 1000, earned: 'provisional' } as const;
  const far = { from: 1000, to: 2501, earned: 'closed', closedBecause: 'unproven' } as const;
  const cells = cellsOf([range, { ...range, ...far }]);
  const text = textOf(
    <RulesPage
      windows={[5000]}
      betsPerCellMax={5}
      holdMs={400}
      maxGapMs={3000}
      guardPercent={80}
      cells={cells}
    />,
  );
  expect(text).toContain('never take bets, at present none from 10× on do, and');
});

test('confidence is 1.96 standard errors of the mean return', () => {
  const { mean, halfWidth } = realised({ bets: 4, returns: 4, returnSquares: 8 });
  expect([mean, halfWidth]).toEqual([1, 1.96 * Math.sqrt(4 / 3 / 4)]);
  expect(realised({ bets: 0, returns: 0, returnSquares: 0 })).toEqual({ mean: 0, halfWidth: 0 });
});

const textOf = (html: JSX.Element): string => String(html).replace(/<[^>]*>/g, '');

describe('why it ended so', () => {
  test.each([
    [
      'won',
      {},
      'You bet $10 of play money that BTC would touch 76,040–76,050 between 08:00:00 and 08:00:05. ' +
        'It did, at 08:00:00.2, so you got $23.10.',
    ],
    [
      'won',
      {
        closedTick: 1,
        cell: { startMs: START + 50, windowMs: 5000, low: cents(7_602_000), high: cents(7_604_000) },
      },
      'It was there when the window opened, at 76,030.00, so you got $23.10.',
    ],
    [
      'lost',
      { cell: { startMs: START, windowMs: 5000, low: cents(7_605_000), high: cents(7_606_000) } },
      'It did not: it missed by $8.00 (76,042.00 at 08:00:00.2), so your stake was lost.',
    ],
    [
      'lost',
      { cell: { startMs: START, windowMs: 5000, low: cents(7_600_000), high: cents(7_601_000) } },
      'It did not: it missed by $20.00 (76,030.00 at 08:00:00.0), so your stake was lost.',
    ],
    ['void', {}, 'Prices were missing for too long in this window. Your stake came back.'],
  ] as const)('%s %j', (status, over, sentence) =>
    expect(textOf(<Summary bet={betOf(status, over as Partial<Bet>)} ticks={ticks} own />)).toContain(
      sentence,
    ),
  );
});

describe("the sentence of the house's edge", () => {
  const quoted = {
    ...{ probability: 0.4, multiplier: multiplier(231) },
    tick: null,
  } as unknown as Receipt['locked'];
  const edge = (bet: Bet, locked: Receipt['locked'] = quoted): string =>
    textOf(<HouseEdgeSentence bet={bet} locked={locked} />);
  test.each<[string, Bet, Receipt['locked'], string | RegExp]>([
    // $10 less 40 % of $23.10 is 76 cents; 1 / 0.4 is 2.5.
    [
      'a closed bet',
      betOf('won'),
      quoted,
      /^The house&#x27;s edge on this bet was 76 ¢ \(7\.6 % of the stake\)\. That is by the house&#x27;s own odds model: .* a chance of 40\.0 %\. At that chance a multiplier of 2\.50× would favour nobody; this bet had 2\.31×\./,
    ],
    ['an open one', betOf('locked'), quoted, /edge on this bet is 76 ¢/],
    [
      'one that came back after its lock',
      betOf('void'),
      quoted,
      /edge on this bet would have been 76 ¢ \(7\.6 % of the stake\); the stake came back\./,
    ],
    [
      'one that came back before it',
      betOf('void', { locked: null, voidReason: 'moved' }),
      quoted,
      'The stake came back before the bet was locked, so the house had no edge on it.',
    ],
    ['one that is not locked yet', betOf('placed'), null, /will be known when it is locked/],
    ['a small stake', betOf('lost', { stake: micros(500_000) }), quoted, /was 3\.8 ¢ \(7\.6 %/],
    ['a large one', betOf('lost', { stake: micros(100_000_000) }), quoted, /was \$7\.60 \(7\.6 %/],
    [
      'better than fair',
      betOf('won', { locked: multiplier(260) }),
      quoted,
      /^The trader&#x27;s edge on this bet was 40 ¢/,
    ],
  ])('%s', (_, bet, locked, words) => expect(edge(bet, locked)).toMatch(words));
});

test('what the operator set is shown to the trader: a block on every page, limits beside the own ones', () => {
  const accountOf = (restricted: Restriction): string =>
    textOf(
      <AccountPage
        limits={limits}
        restriction={restricted}
        address={null}
        publicName={null}
        isSpent={false}
        theme="dark"
      />,
    );
  expect(accountOf(restriction)).toMatch(
    /Your account is blocked.*Open bets continue and are paid.*Highest stake of one tap\$5\.00Stakes in one UTC day\$100\.00These apply in addition to your own limits/,
  );
  expect(accountOf({ ...restriction, blocked: false })).not.toContain('blocked');
  expect(accountOf(UNRESTRICTED)).not.toContain('Set by the operator');
  const pageOf = (over: Partial<Restriction>): string =>
    textOf(
      <Shell
        visit={{ ...visit, trader: { ...visit.trader!, restriction: { ...UNRESTRICTED, ...over } } }}
        title=""
        section="rules"
      >
        {''}
      </Shell>,
    );
  expect(pageOf({ blocked: true })).toContain('Your account is blocked — you cannot bet');
  expect(pageOf({ stakeMax: dollars(5) })).not.toContain('Your account is blocked');
});

test('the account is in a page once: a radio of one name is pressed once in a document', () => {
  const shellOf = (section: 'board' | 'account'): string =>
    String(
      <Shell visit={visit} title="" section={section}>
        <AccountPage
          limits={limits}
          restriction={UNRESTRICTED}
          address={null}
          publicName={null}
          isSpent={false}
          theme="light"
        />
      </Shell>,
    );
  expect(shellOf('account').match(/data-theme-choice/g)).toHaveLength(1);
  expect(shellOf('account').match(/<input[^>]*name="theme"[^>]*checked/g)).toHaveLength(1);
  expect(shellOf('board').match(/data-theme-choice/g)).toHaveLength(2);
});

test('what is longer than three characters is written smaller on a narrow cell', () => {
  const headOf = (stake: number): string =>
    /<b.*<\/b>/.exec(String(<BetBadge bets={[betOf('locked', { stake: micros(stake) })]} />))![0];
  expect([headOf(25_000_000), headOf(100_000_000)]).toEqual(['<b>$25</b>', '<b class="long">$100</b>']);
});

test('a lost bet says nothing on its cell that reads as money', () => {
  const lost = { ...betOf('lost'), missedBy: 4_100 };
  expect(String(<BetBadge bets={[lost]} />)).toContain('<small>missed</small>');
  expect(String(<ResultItem bet={lost} />)).toContain('price missed by $41.00');
});

test('news that holds now says on every screen until when', () => {
  const notice = { at: START, name: 'CPI', from: START - 300_000, until: START + 900_000, running: true };
  const onPhone = String(<HeadlineBanner notice={notice} />).replace(
    /<span class="more">.*?<\/time>.*?<\/span><\/span>/s,
    '',
  );
  const text = onPhone.replace(/<[^>]*>/g, '').replace(/\s+/g, ' ');
  expect(text).toBe(`News CPI up to 5× until ${clockMinute(START + 900_000)} UTC`);
});

describe('what the lock made of the number that was tapped', () => {
  const badgeOf = (bet: ShownBet): string =>
    String(<BetBadge bets={[{ ...bet, id: 'b' }]} />)
      .replace(/<span class="unseen">|<\/?(b|small|i|span)[^>]*>/g, '')
      .trim();
  test.each([
    ['locked', { shown: multiplier(216), locked: multiplier(203) }, '$10 2.16 down to 2.03'],
    ['locked', { shown: multiplier(216), locked: multiplier(231) }, '$10 2.16 up to 2.31'],
    ['locked', { shown: multiplier(216), locked: multiplier(216) }, '$10 2.16×'],
    // Alike as a cell shows them.
    ['locked', { shown: multiplier(1241), locked: multiplier(1248) }, '$10 12.4×'],
    ['placed', { shown: multiplier(216) }, '$10 2.16×'],
    ['won', { shown: multiplier(216), locked: multiplier(231), payout: micros(23_100_000) }, '+13 2.31×'],
    [
      'void',
      { voidReason: 'moved', shown: multiplier(216), movedTo: multiplier(140) },
      '$10 back 2.16 down to 1.40',
    ],
    [
      'void',
      { voidReason: 'moved', shown: multiplier(216), movedTo: null },
      '$10 back 2.16 down to &lt;1.01',
    ],
    ['void', { voidReason: 'moved', shown: multiplier(216) }, '$10 back moved'],
    ['void', { voidReason: 'gap' }, '$10 back no price'],
    ['void', { voidReason: 'no_revision' }, '$10 back no quote'],
    ['void', { voidReason: 'operator' }, '$10 back called off'],
  ] as const)('a bet %s %j reads %s', (status, over, text) =>
    expect(badgeOf({ ...betOf(status), ...over })).toBe(text),
  );

  test.each([
    [216, 203, 'down from 2.16, pays $20.30'],
    [216, 231, 'up from 2.16, pays $23.10'],
    [216, 216, '>pays $21.60'],
  ] as const)('an open bet of %d that is locked at %d tells it', (shown, locked, text) =>
    expect(
      String(<OpenItem bets={[betOf('locked', { shown: multiplier(shown), locked: multiplier(locked) })]} />),
    ).toContain(text),
  );

  test('a bet that came back as moved tells both numbers among the results', () => {
    const moved = {
      ...betOf('void', { voidReason: 'moved', shown: multiplier(216) }),
      movedTo: multiplier(140),
    };
    expect(String(<ResultItem bet={moved} />)).toContain('moved: 2.16 → 1.40, below your guard');
  });
});

test('the price line of the first paint crosses no gap, and ends at the last price', () => {
  const points = [
    [0, 7_604_000],
    [1000, 7_604_000],
    [4001, 7_604_500],
    [5000, 7_604_500],
  ].map(([ms, price]) => [START - 10_000 + ms!, price!] as const);
  const path = /<path d="([^"]*)"/.exec(
    String(<PriceLine points={points} at={START} gapMs={3000} place={placeOf(board)} />),
  )![1]!;
  expect(path.match(/[ML]\d+/g)).toEqual(['M15000', 'L16000', 'M19001', 'L20000']);
});

test('a board that sells nothing is drawn so from the first paint', () => {
  const boardOf = (closed: boolean): string =>
    String(
      <BoardView
        board={board}
        points={[]}
        bets={[]}
        at={START}
        gapMs={3000}
        closed={closed}
        zoom={closed ? 100 : 75}
        betsPerCellMax={5}
        tapsPerSignatureMax={16}
        wins={null}
      />,
    );
  expect(boardOf(true)).toMatch(/id="grid" class="grid [^"]*closed"/);
  expect(boardOf(false)).not.toMatch(/id="grid" class="grid [^"]*closed"/);
});

test.each([
  ['75', 'class="board z75"', true],
  ['210', 'class="board z210"', true],
  ['100', 'class="board"', false],
  ['72', 'class="board"', false],
  ['500', 'class="board"', false],
  ['"><script>', 'class="board"', false],
] as const)('a board of the size %s has the %s from the first paint', (kept, section, isShown) => {
  const html = String(
    <BoardView
      betsPerCellMax={5}
      tapsPerSignatureMax={16}
      board={board}
      points={[]}
      bets={[]}
      at={START}
      gapMs={3000}
      closed={false}
      zoom={zoomOf(kept)}
      wins={null}
    />,
  );
  expect(html).toContain(`<section ${section}`);
  expect(/id="zoom"[^>]* hidden/.test(html)).toBe(!isShown);
  if (isShown) expect(placeCss()).toContain(`.z${kept}{--zoom:${Number(kept) / 100}}`);
});

test(
  'bets of a window whose bands had another height before a restart are not shown on the cells of the ' +
    'new ones',
  () => {
    const bet = betOf('locked', {
      cell: { startMs: START, windowMs: 5000, low: cents(7_602_000), high: cents(7_604_000) },
    });
    expect(String(<BoardColumns board={board} bets={[bet]} at={START} />)).not.toContain('class="bet');
    expect(
      String(
        <BoardColumns
          board={board}
          bets={[{ ...bet, cell: { ...bet.cell, high: cents(7_603_000) } }]}
          at={START}
        />,
      ),
    ).toContain('class="bet');
  },
);

describe('a path that plays', () => {
  const watched = (status: BetStatus, over: Partial<Bet> = {}): string =>
    String(<Watch bet={betOf(status, over)} receipt={{ ...receipt, maxGapMs: 3000 }} own />);
  const cell = { startMs: START, windowMs: 5000, low: cents(7_604_250), high: cents(7_605_000) };

  test('tells what was missed, in the picture, in words, and at its end', () => {
    const html = watched('lost', { cell });
    expect(html).toMatch(/<g class="miss">.*>missed by \$0\.50<\/text>/s);
    expect(html).toContain('It came nearest at 08:00:00.2 UTC and missed by $0.50."');
    expect(html).toContain('data-end="Missed by $0.50. – $10.00"');
    expect(html).not.toContain('class="touch"');
  });

  test('marks the touch, and measures nothing', () => {
    const html = watched('won');
    expect(html).toContain('class="touch"');
    expect(html).toContain('data-end="Won: the price touched the band. + $13.10"');
    expect(html).not.toContain('class="miss"');
  });

  test('begins with the price that the window opens with, however old it is', () => {
    const html = watched('won', { closedTick: 2, cell: { ...cell, startMs: START + 150, windowMs: 1000 } });
    expect(html).toMatch(/data-opens="50" .*data-points="0 7603500 [\d.]+ 0 100 7604200 [\d.]+ 1"/);
    expect(html).toContain('class="touch"');
  });

  test('of a bet that is open there is none yet', () => {
    expect(watched('locked')).not.toContain('data-player');
    expect(watched('locked')).toContain('can be watched when it is decided');
  });

  test('where no prices were recorded it says so', () =>
    expect(
      String(<Watch bet={betOf('void')} receipt={{ ...receipt, ticks: [], maxGapMs: 3000 }} own />),
    ).toContain('No prices were recorded in this window'));
});

describe('the picture of the path', () => {
  const tick = (
    seq: number,
    at: number,
    price: number,
    sources: Readonly<Record<string, number>> = { a: price, b: price },
  ) => ({
    seq,
    at: START + at,
    price: cents(price),
    sources: Object.entries(sources).map(([venue, quote]) => ({ venue, price: cents(quote) })),
  });
  /** Lines and beginnings of lines. */
  const drawn = (rule: 1 | 2, maxGapMs: number, ...path: ReturnType<typeof tick>[]): string =>
    /class="price-path" d="([^"]*)"/
      .exec(
        String(
          <PathPicture
            bet={betOf('lost', { rule })}
            plan={planPath(betOf('lost', { rule }), path, maxGapMs)}
            words=""
          />,
        ),
      )![1]!
      .replace(/[^ML]/g, '');

  test('is torn where the terms of the bet see a gap', () => {
    const path = [tick(1, 0, 7_603_000), tick(2, 1500, 7_603_100)];
    expect([drawn(2, 3000, ...path), drawn(2, 1500, ...path), drawn(2, 1000, ...path)]).toEqual([
      'ML',
      'ML',
      'MM',
    ]);
    expect(drawn(2, 6000, tick(1, 0, 7_603_000), tick(2, 4500, 7_603_100))).toBe('ML');
  });

  test('leads in no line through a band that only the coming and going of venues crossed', () => {
    const path = [tick(1, 0, 7_603_000), tick(2, 100, 7_606_000, { b: 7_603_000, c: 7_609_000 })];
    expect([drawn(1, 3000, ...path), drawn(2, 3000, ...path)]).toEqual(['ML', 'MM']);
  });
});

test.each([
  ['all rows, where all are for sale', 16, ''],
  ['all rows, where nothing is: that is a pause', 0, ''],
  ['11 rows, where 9 are for sale', 9, 'most11'],
  ['9 rows, where 7 are for sale', 7, 'most9'],
  ['7 rows, where 5 or 6 are for sale', 6, 'most7'],
  ['5 rows, where 4 are for sale', 4, 'most5'],
  ['no fewer than 5 rows', 1, 'most5'],
] as const)('the board shows %s', (_, sold, expected) => {
  const [band, low, rows] = [1000, 7_592_000, 17];
  const columns = Array.from({ length: 12 }, (_, i) => ({
    start: START + i * 5000,
    band,
    low: cents(low),
    locked: i < 2,
    // Around the middle row, and far columns are no help to those in sight.
    multipliers: Array.from({ length: rows }, (_, row) =>
      i > 6 || Math.abs(row - 8) * 2 < sold || (sold > 0 && sold % 2 === 0 && row - 8 === sold / 2)
        ? multiplier(200)
        : null,
    ),
  }));
  const place = { windowMs: 5000, origin: START, anchor: low + 8.5 * band, band };
  expect(rowsPlace({ columns }, place)).toBe(expected);
});

test('every band of the ladder stands on whole units around the usual one', () => {
  for (const [usual, other] of [
    [1000, 2000],
    [1000, 2500],
    [2500, 2000],
    [2000, 5000],
    [5000, 2000],
    [2500, 1000],
  ]) {
    const columns = [usual, usual, other].map((band, i) => ({
      start: START + i * 5000,
      band: band!,
      low: cents(76_000_00),
      locked: false,
      multipliers: [multiplier(200)],
    }));
    const place = placeOf({ ...board, columns });
    expect(place.band).toBe(usual!);
    expect(((other! / place.band) * 20) % 1).toBe(0);
  }
});

describe('all cells', () => {
  test('say what was promised and paid, how sure that is, and that it is not known yet', () => {
    const page = textOf(
      <AllCells
        {...cellsOf([
          { from: 500, to: 1000, ...FIGURES, earned: 'provisional' },
          { from: 1000, to: 2501, ...NO_FIGURES, earned: 'closed', closedBecause: 'unproven' },
        ])}
      />,
    );
    for (const text of [
      '5–10×',
      '94.0',
      '92.5',
      '−1.5 ± 1.2',
      'not proven',
      'the last 7 days',
      '10–15 s',
      '14:00',
    ])
      expect(page).toContain(text);
    expect(page).toContain('10–25× takes no bets: none of its cells has been decided yet.');
    expect(String(<AllCells {...NO_CELLS} />)).toContain('within ten minutes');
  });

  test('are told by board, the default one first and the others folded', () => {
    const of = (earned: 'provisional' | 'closed', windowMs: number, name: string) => ({
      ...cellsOf([{ from: 500, to: 1000, ...FIGURES, earned }]),
      windowMs,
      name,
    });
    const [quick, normal] = [of('closed', 2000, 'quick'), of('provisional', 5000, 'normal')];
    const html = String(<AllCells {...normal} boards={[quick, normal]} />);
    const [open, folded] = [textOf(html.split('<summary>The')[0]!), textOf(html.split('<summary>The')[1]!)];
    expect(open).toContain('The normal board, windows of 5\u00a0s:');
    expect(open).toContain('not proven');
    expect(folded).toContain('quick board, windows of 2\u00a0s');
    expect(String(<AllCells {...normal} boards={[normal]} />)).not.toContain('board, windows');
  });
});

test.each([
  [
    1000,
    'overpays',
    0.05,
    0.011,
    'its cells would pay +5.0 ± 1.1 points more than they promise, which is not chance',
  ],
  [1000, 'unproven', 0.01, 0.062, 'what its cells pay is known to ± 6.2 points, and ± 5.0 are needed'],
  [250, 'unproven', 0.01, 0.091, 'what its cells pay is known to ± 9.1 points, and ± 8.0 are needed'],
  [1000, 'unproven', 1.45, null, 'there is less than two hours of data'],
  [
    1000,
    'overpays',
    0.3,
    null,
    'its cells have paid 30.0 points more than they promise, by less than two hours of data',
  ],
] as const)('the page says why %d is closed: %s, %d ± %d', (from, closedBecause, d, h, reason) => {
  const evidence = { ...FIGURES, d, h };
  const bucket = { from, to: 2501, ...NO_FIGURES, earned: 'closed' as const, closedBecause, evidence };
  const page = textOf(<AllCells {...cellsOf([bucket])} />);
  expect(page).toContain(`${from / 100}–25× takes no bets: ${reason}.`);
});

test('by one block of five minutes the page shows no interval, and does not speak of an hour', () => {
  const one = { ...FIGURES, d: 1.4485, h: null };
  const range = { from: 1000, to: 2501, ...one, earned: 'closed', closedBecause: 'unproven' } as const;
  const of = (to: number): string =>
    textOf(
      <AllCells
        {...{ from: START, to: START + to, all: one, buckets: [{ ...range, evidence: one }] }}
        leads={[{ belowMs: null, ...one }]}
        hours={[{ hour: 14, ...one }]}
      />,
    );
  const page = of(300_000);
  expect(page).not.toContain('±');
  expect(page).toContain('the last 5 minutes');
  expect(page.match(/less than two hours of data/g)).toHaveLength(5);
  expect(of(3_600_000)).toContain('the last hour');
});

describe('words for others', () => {
  test('a public page speaks of traders, not to them', () => {
    const refusals = Object.fromEntries(REJECTIONS.map(([code]) => [code, 1])) as never;
    const page = String(
      <FairnessPage
        currency="PLAY"
        buckets={[]}
        promised={() => 0.9}
        cells={NO_CELLS}
        headStarts={HEAD_STARTS}
        voids={Object.fromEntries(Object.keys(VOID_REASONS).map((reason) => [reason, 1]))}
        counters={{ ...counters, refusals }}
      />,
    );
    expect(page.match(/<dt>[^<]*\byour?\b[^<]*/gi) ?? []).toEqual([]);
    expect(page).toContain('They had reached the daily loss limit that they set.');
  });

  test.each([
    [true, ['Your signed order', 'your guard', 'Your stake came back.']],
    [false, ['Their signed order', 'their guard', 'The stake came back.']],
  ] as const)('a receipt read by its owner: %p', (own, texts) => {
    const page = String(
      <ReceiptPage
        bet={betOf('void', { voidReason: 'moved' })}
        receipt={receipt}
        own={own}
        origin="https://taps.example"
      />,
    );
    for (const text of texts) expect(page).toContain(text);
    expect(/\b(your|their)\b/i.exec(page.replace(own ? /\byour\b/gi : /\btheir\b/gi, ''))).toBeNull();
  });

  test('a receipt shows the terms that made its number, and no input that had no part in it', () => {
    const buckets = GATE_BUCKETS.map(() => ({ trust: 'provisional' as const, halfWidth: 0.2 }));
    const quote = {
      ...{ model: 2, revision: 3, at: START, tickSeq: 9, spot: 7_604_400, v10: 1, vf: 0.3, cw: 0.65 },
      ...{ scaleBp: 0.8, drift: 1, learned: { version: 7, corrections: [], buckets }, leadMs: 6_000 },
      ...{ edge: 0.05 + 0.1, margin: 0.004, haircut: 0, capHundredths: 500, headline: START, tickMs: 100 },
      ...{ probability: 0.584705, multiplier: multiplier(137) },
    };
    const shown = { ...receipt, shown: { ...quote, tick: null } } as unknown as Receipt;
    const page = (of: Receipt): string =>
      textOf(<ReceiptPage bet={betOf('won')} receipt={of} own origin="https://taps.example" />);
    const text = page(shown);
    for (const row of [
      /Edge\D*0\.23\s*–/,
      /Margin\D*0\.008\s*–/,
      /of it around news\D*0\.1\s*–/,
      /Range of multipliers[^–]*not proven\s*–/,
    ])
      expect(text).toMatch(row);
    expect(text).not.toMatch(/of it for a burst|v10, bp|vf, bp|cw\d|\d\.\d{12}/);
    const byFormula = { ...quote, model: 1, learned: undefined, scaleBp: undefined, tick: null };
    const old = page({ ...receipt, shown: byFormula } as unknown as Receipt);
    expect(old).toMatch(/Edge\D*0\.15\s*–/);
    expect(old).toMatch(/v10, bp.*cw\D*0\.65/);
    expect(old).not.toMatch(/Scale, |Range of multipliers/);
  });

  test('a row of the history names its window where the table has no room for a column of it', () =>
    expect(
      textOf(<HistoryPage status="closed" bets={[betOf('lost')]} cursor={null} archived={null} signedIn />),
    ).toMatch(/not touched in its window\s*5\s+s window of \d+ [A-Z][a-z]{2}, \d\d:\d\d:\d\d UTC/));
});

describe('exchanges ahead of the price', () => {
  const NONE = { count: 0, p50: null, p90: null, p99: null };
  const measuring = { ...HEAD_STARTS, state: 'measuring', proposedHoldMs: null, headStarts: 12 } as const;
  test.each<[string, HeadStartFigures, said: readonly string[], unsaid: readonly string[]]>([
    [
      'before it is known',
      { ...measuring, remainingMs: 7_200_000, ahead: NONE },
      ['12 of 300 moves', 'about 2 h', 'Real money is accepted once'],
      ['0.00', 'In 99 of 100'],
    ],
    ['before anything is known', { ...measuring, headStarts: 0 }, ['0 of 300 moves'], ['At the pace']],
    ['a hold that is short', HEAD_STARTS, ['0.41\u00a0s', '0.51\u00a0s', 'shorter, 0.40\u00a0s'], []],
    ['a hold that will do', { ...HEAD_STARTS, holdMs: 600 }, ['It is 0.60\u00a0s'], ['shorter']],
    ['simulated prices', { ...HEAD_STARTS, state: 'not-needed' }, ['one source'], ['<table', 'Real money']],
  ])('%s', (_, figures, said, unsaid) => {
    const html = String(<HeadStarts figures={figures} />);
    for (const words of said) expect(html).toContain(words);
    for (const words of unsaid) expect(html).not.toContain(words);
  });
});

test('several bets on a cell add up, on the cell and in the list of open ones; refunded ones do not count', () => {
  const stakes = [dollars(10), dollars(5)] as const;
  const many = (status: 'placed' | 'locked' | 'won' | 'lost', ...more: ShownBet[]): ShownBet[] => [
    ...stakes.map((stake, i) => ({
      ...betOf(status, { stake, shown: multiplier(200), locked: multiplier(i === 0 ? 210 : 300) }),
      id: `b${i}`,
      payout: status === 'won' ? micros(stake * (i === 0 ? 2.1 : 3)) : micros(0),
    })),
    ...more,
  ];
  const refunded = { ...betOf('void'), id: 'back' };
  const badgeOf = (bets: readonly ShownBet[], fresh = false): string =>
    textOf(<BetBadge bets={bets} fresh={fresh} />);
  expect(badgeOf(many('locked'))).toBe('$15 2.40× ×2');
  expect(badgeOf(many('won'))).toBe('+21 2.40× ×2');
  expect(badgeOf(many('lost'))).toBe('$15 missed ×2');
  expect(badgeOf(many('locked', refunded))).toBe('$15 2.40× ×2');
  expect(String(<BetBadge bets={many('locked', refunded)} />)).toMatch(/data-bet="b0 b1 back" data-bets="2"/);
  expect(String(<BetBadge bets={many('won')} fresh />)).toContain('data-came="+ $21.00"');
  // One that is still held, or not yet paid, says so for all.
  expect(String(<BetBadge bets={[...many('locked'), betOf('placed')]} />)).toContain('class="bet placed');
  expect(String(<BetBadge bets={[many('won')[0]!, many('locked')[1]!]} />)).toContain('class="bet locked');
  expect(textOf(<OpenItem bets={many('locked')} />)).toMatch(
    /2 bets, \$15.*pays \$36\.00.*\$10 × 2\.10, \$5 × 3\.00/,
  );
  expect(String(<OpenBetItems bets={many('locked')} />).match(/<li/g)).toHaveLength(1);
});

import { describe, expect, test } from 'bun:test';
import { returnsChart } from './chart.ts';
import { htmlReport } from './page.ts';
import type { Report, Run } from './report.ts';
import { BUCKETS, Returns } from './returns.ts';
import { markdownReport, textReport } from './tables.ts';

const HOSTILE = '<img src=x onerror="a">&|';
const returns = new Returns();
for (let block = 0; block < 8; block++) returns.add(block * 300_000, 200, block % 2 ? 2 : 0, 0.93);

const run: Run = {
  lock: 'on',
  holdMs: 400,
  tickMs: 100,
  steps: 10,
  ticks: 9,
  revisions: 5,
  pauses: { shock: 1 },
  tapsFrom: 0,
  endedAt: 0,
  interrupted: false,
  bets: 8,
  mismatches: 0,
  examples: [],
  invariants: [],
  timing: { playSeconds: 1, playProcessorSeconds: 1, auditSeconds: 1, ticksPerSecond: 10, betsPerSecond: 8 },
  traders: [
    {
      trader: 'random',
      looks: 9,
      passes: 1,
      taps: 8,
      accepted: 8,
      refusals: { halted: 1 },
      bets: 8,
      won: 4,
      lost: 4,
      open: 0,
      voids: { moved: 2 },
      movedShare: 0.25,
      staked: 8e6,
      paid: 8e6,
      overall: returns.overall(1),
      buckets: returns.byBucket(1),
    },
  ],
};
const report = (more: Partial<Run> = {}): Report => ({
  recording: { file: HOSTILE, rows: 3, minutes: 1 },
  options: {
    traders: [],
    locks: ['on'],
    holdMs: 400,
    tapsPerSecond: 1,
    tapFrom: null,
    watchFrozen: false,
    scalePrice: 1,
    limitMinutes: null,
    ledger: 'full',
    seed: 1,
  },
  runs: [{ ...run, ...more }],
});

describe('reports', () => {
  test('what came from outside is escaped', () => {
    expect(htmlReport(report({ examples: [{ betId: HOSTILE, what: HOSTILE }] }))).not.toContain('<img');
  });

  test('a mismatch, and a broken invariant, are told in every form', () => {
    for (const unsound of [
      { mismatches: 1, examples: [{ betId: 'b1', what: 'paid 3, computed 2' }] },
      { invariants: ['conservation: PLAY adds up to 1'] },
    ]) {
      for (const render of [textReport, markdownReport, htmlReport]) {
        expect(render(report(unsound))).toContain('FAILED: ');
        expect(render(report(unsound))).toMatch(/paid 3, computed 2|PLAY adds up to 1/);
      }
    }
    for (const render of [textReport, markdownReport, htmlReport])
      expect(render(report())).not.toContain('FAILED: ');
  });

  test('a replay without bets says so in one sentence instead of in tables of zeros', () => {
    for (const render of [textReport, markdownReport, htmlReport]) {
      const text = render(report({ bets: 0 }));
      expect(text).toContain('No bets were placed.');
      expect(text).toContain('Nothing was judged');
      expect(text).not.toContain('95 % interval');
    }
  });

  test('the chart has a bar with its figures for each bucket that has bets, and a whisker where there is an interval', () => {
    const series = { name: 'realised', tone: 'on', buckets: run.traders[0]!.buckets } as const;
    const chart = returnsChart('a title', [series]);
    expect(chart.match(/<rect /g)).toHaveLength(1);
    expect(chart.match(/class="whisker"/g)).toHaveLength(1);
    expect(chart).toContain('realised, 1.5–2.5×: 1.000 (');
    for (const { label } of BUCKETS) expect(chart).toContain(`${label}×</text>`);
    expect(returnsChart('none', [])).not.toContain('NaN');
  });
});

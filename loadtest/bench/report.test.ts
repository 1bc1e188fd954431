import { expect, test } from 'bun:test';
import { pageOf } from './page.ts';
import type { Report } from './report.ts';
import { textOf } from './table.ts';

const REPORT: Report = {
  taps: { postgres: { rate: null, ratio: null, skipped: '<no> "server" & no reason' } },
  resolution: [{ open: 1000, closing: 10, msPerTick: 0.0123, msMin: 0.01, msMax: 0.5 }],
  fanout: [{ sockets: 5000, hz: 4, cpuPercent: 21, referenceCpuPercent: 14, bytesPerSecondPerSocket: 3700, p50Ms: 4, p99Ms: 9, referenceP99Ms: 8, lost: 0 }],
  quotes: null, login: null, start: null, memory: null, soak: null, growth: null,
  run: { at: '2027-01-01T00:00:00Z', bun: '1.4.5', cores: 2, cpu: 'A <fast> one', quick: true, seconds: 12 },
};

test('the text shows every figure, and that a quick run is not to be quoted', () => {
  const text = textOf(REPORT);
  for (const part of ['0.0123 (0.01–0.5)', '5,000', '3,700', 'not to be quoted']) expect(text).toContain(part);
});

test('the page escapes what comes from the machine and draws a bar for each figure', () => {
  const page = pageOf(REPORT);
  expect(page).toContain('A &#60;fast&#62; one');
  expect(page).not.toContain('<fast>');
  expect(page.match(/class="ours"/g)).toHaveLength(3);
  expect(page.match(/class="reference"/g)).toHaveLength(2);
});

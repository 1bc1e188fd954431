import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { FACTOR_ONE, STAGES, UNCORRECTED } from './corrections.ts';
import { meanOf, PRIOR_CORRECTIONS, PRIOR_TAPES, priorOf, tapesApartFrom } from './prior.ts';

const HOUR_MS = 3_600_000;
const everywhere = (factor: number) => UNCORRECTED.map((factors) => factors.map(() => factor));
const tapeOf = (market: string, factor: number) => ({
  ...PRIOR_TAPES[0]!,
  market,
  factors: everywhere(factor),
});

test.each(PRIOR_TAPES)('$name says where it is from, and has a factor for each class', (tape) => {
  expect(tape.source).toMatch(/^github\.com\/\S+, commit [0-9a-f]{8}, .+; licence of that repository: \S+$/);
  expect(tape.sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(tape.to - tape.from).toBeGreaterThan(6 * HOUR_MS);
  expect(tape.factors.map(({ length }) => length)).toEqual(STAGES.map(({ classes }) => classes));
  const factors = tape.factors.flat();
  expect(factors.every((factor) => Number.isInteger(factor))).toBe(true);
  expect(Math.min(...factors)).toBeGreaterThan(0.4 * FACTOR_ONE);
  expect(Math.max(...factors)).toBeLessThan(2.5 * FACTOR_ONE);
});

test('the prior is that of model 2: another one would be another model', () => {
  const text = PRIOR_CORRECTIONS.map((factors) => factors.join(' ')).join('\n');
  expect(Bun.hash.crc32(text).toString(16)).toBe('8464accb');
});

test('docs/odds.md has its factors', async () => {
  const odds = await Bun.file(join(import.meta.dir, '../../../docs/odds.md')).text();
  for (const factors of PRIOR_CORRECTIONS) expect(odds).toContain(factors.join(' '));
});

test('each market counts once, and each of its tapes for as much', () => {
  const tapes = [tapeOf('one', 60_000), tapeOf('other', 70_000), tapeOf('other', 80_001)];
  expect(priorOf(tapes)).toEqual(everywhere(67_501));
  expect(priorOf([])).toEqual(UNCORRECTED);
  expect(meanOf([everywhere(1), everywhere(2)])).toEqual(everywhere(2));
});

test('a recording is measured by tapes of other times alone', () => {
  for (const own of PRIOR_TAPES) {
    const { from, to } = own;
    const others = PRIOR_TAPES.filter(({ name }) => name !== own.name);
    expect(tapesApartFrom(from, to)).toEqual(others);
    expect(tapesApartFrom(to, to + 12 * HOUR_MS)).toEqual(others);
    expect(tapesApartFrom(to + 1, to + HOUR_MS)).toContain(own);
  }
});

/** What a run of tests came to. */
export interface Totals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const NOTHING: Totals = { passed: 0, failed: 0, skipped: 0 };
export const ONE_FAILURE: Totals = { passed: 0, failed: 1, skipped: 0 };

export const added = (a: Totals, b: Totals): Totals => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
});

/** `12 passed, 0 failed`, and `, 3 skipped` where some were: the last line of a test run. */
export const totalsLine = ({ passed, failed, skipped }: Totals): string =>
  `${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`;

/**
 * Totals of a JUnit report. A run that ended badly without a failed test — a file that does not load, a
 * crash, a missing report — counts as one failure.
 */
export function totalsOf(junit: string, exitCode: number): Totals {
  const head = /<testsuites\b[^>]*>/.exec(junit)?.[0];
  const count = (name: string): number =>
    Number(new RegExp(`\\b${name}="(\\d+)"`).exec(head ?? '')?.[1] ?? 0);
  const [failed, skipped] = [count('failures') + count('errors'), count('skipped')];
  const passed = Math.max(0, count('tests') - failed - skipped);
  return { passed, failed: failed === 0 && (exitCode !== 0 || !head) ? 1 : failed, skipped };
}

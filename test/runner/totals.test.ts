import { expect, test } from 'bun:test';
import { added, NOTHING, ONE_FAILURE, totalsLine, totalsOf } from './totals.ts';

const report = (attributes: string): string =>
  `<?xml version="1.0"?>\n<testsuites name="bun test" ${attributes} time="1">\n<testsuite tests="99" ` +
  'failures="99"/></testsuites>';

test.each([
  ['all passed', report('tests="97" assertions="258" failures="0" skipped="0"'), 0, '97 passed, 0 failed'],
  ['some of each', report('tests="10" failures="2" skipped="3"'), 1, '5 passed, 2 failed, 3 skipped'],
  [
    'passed, but the run ended badly',
    report('tests="10" failures="0" skipped="0"'),
    1,
    '10 passed, 1 failed',
  ],
  ['killed before the report', '', 137, '0 passed, 1 failed'],
  ['no report though it ended well', '', 0, '0 passed, 1 failed'],
])('%s', (_, junit, exitCode, line) => expect(totalsLine(totalsOf(junit, exitCode))).toBe(line));

test('totals add up', () =>
  expect(added(added(NOTHING, { passed: 3, failed: 0, skipped: 2 }), ONE_FAILURE)).toEqual({
    passed: 3,
    failed: 1,
    skipped: 2,
  }));

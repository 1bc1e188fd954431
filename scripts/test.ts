/**
 * Sets up and runs every test: checks of the source, suites, coverage. The last line is the count. See
 * --help.
 */
import { join, relative, resolve } from 'node:path';
import {
  coveredFiles,
  coverageReport,
  COVERAGE_PERCENT_MIN,
  percentOf,
  type Coverage,
} from '../test/runner/coverage.ts';
import { end, givenAlone } from './command-line/alone.ts';
import { EXIT } from './command-line/exit-codes.ts';
import { audit, auditText, graveOf } from '../test/runner/audit.ts';
import { CHECKS, runChecks, verdictText } from '../test/runner/checks.ts';
import { runSuite, seconds } from '../test/runner/run.ts';
import { SUITES, testFiles, type Suite } from '../test/runner/suites.ts';
import { Supply } from '../test/runner/supply.ts';
import { added, NOTHING, ONE_FAILURE, totalsLine, type Totals } from '../test/runner/totals.ts';

const ROOT = join(import.meta.dir, '..');

/** What was asked for; help and wrong words end the process. */
const { words, options } = givenAlone('bun run test', {
  about:
    'Checks format, lint, types, secrets and style rules, asks the registry for known vulnerabilities of ' +
    'the locked packages (if it can be ' +
    'reached), runs the suites one after the other, most of them two files at a time, and requires a line ' +
    'coverage of ' +
    `${COVERAGE_PERCENT_MIN} %.`,
  words: {
    path: {
      about:
        'a test file, or a folder of them: these alone, each with the tools and the time limit of its suite',
      mayBeMissing: true,
    },
  },
  options: {
    only: {
      value: '<suite>',
      choices: SUITES.map(({ name }) => name),
      about: `one suite, without checks and coverage: ${SUITES.map(({ name }) => name).join(', ')}`,
    },
    name: { value: '<words>', about: 'of the files at <path>, the tests whose names have these words' },
  },
  notes: `What a suite needs is fetched in the background while the first tests run, where that is possible (as root on
Debian, with pip or with Go); elsewhere the suite is left out, with the reason. A slow line is waited for; what
stands still for five minutes is begun again where it stopped, three times at most. With CI=true a failed
installation is a failure.

${SUITES.map(({ name, about }) => `  ${name.padEnd(10)} ${about}`).join('\n')}

It is what "npm test" runs. The last line reads "N passed, N failed", with ", N skipped" where some were.`,
  examples: ['', '--only unit', 'server/feed/venue.test.ts', "server/feed --name 'crossed'"],
  exits: { 0: 'nothing failed', 1: 'something failed' },
  json: false,
});

async function main(): Promise<number> {
  const whole = options.only === undefined && words.path === undefined;
  const files = (await testFiles(ROOT)).filter(isMeant);
  if (files.length === 0)
    end(`There is no test at ${words.path}; expected a file that ends in .test.ts, or a folder.`, EXIT.usage);
  const suites = SUITES.filter(
    ({ name, owns }) => (options.only === undefined || name === options.only) && files.some(owns),
  );
  const startedMs = performance.now();
  const supply = new Supply(
    suites.flatMap(({ needs }) => needs),
    ROOT,
  );
  const times: string[] = [];
  const coverage: Coverage = new Map();
  let totals = NOTHING;
  if (whole) totals = added(totals, await checkSource());
  for (const suite of suites)
    totals = added(totals, await setUpAndRun(suite, files.filter(suite.owns), coverage, supply, times));
  if (whole) totals = added(totals, await checkCoverage(coverage));
  console.log(`times: ${times.join(', ')}; ${seconds(startedMs)} s in all`);
  return say(`\n${totalsLine(totals)}`, totals.failed === 0 ? 0 : 1);
}

/** @param path of a test file, from the root. */
function isMeant(path: string): boolean {
  if (words.path === undefined) return true;
  const asked = relative(ROOT, resolve(words.path));
  return asked === '' || path === asked || path.startsWith(`${asked}/`);
}

async function checkSource(): Promise<Totals> {
  const failed = await runChecks(ROOT, CHECKS, (verdict) => console.log(verdictText(verdict)));
  const startedMs = performance.now();
  const found = await audit(ROOT);
  console.log(`${auditText(found)} (${seconds(startedMs)} s)`);
  return { ...NOTHING, failed: failed + ('known' in found ? graveOf(found.known).length : 0) };
}

async function setUpAndRun(
  suite: Suite,
  files: readonly string[],
  coverage: Coverage,
  supply: Supply,
  times: string[],
): Promise<Totals> {
  if (files.length === 0) return NOTHING;
  const askedMs = performance.now();
  for (const tool of suite.needs) {
    const state = await supply.state(tool);
    if ('found' in state) continue;
    const failed = state.broken && process.env.CI === 'true';
    console.log(`${suite.name}: ${failed ? 'FAILED' : `skipped, ${files.length} files`}: ${state.missing}`);
    return failed ? ONE_FAILURE : { ...NOTHING, skipped: files.length };
  }
  const waited = seconds(askedMs);
  console.log(`${suite.name}: ${files.length} files …`);
  const startedMs = performance.now();
  const totals = await runSuite(suite, files, ROOT, coverage, options.name);
  console.log(`${suite.name}: ${totalsLine(totals)} (${seconds(startedMs)} s)`);
  times.push(
    `${suite.name} ${seconds(startedMs)} s${Number(waited) < 1 ? '' : ` after ${waited} s of waiting`}`,
  );
  return totals;
}

async function checkCoverage(coverage: Coverage): Promise<Totals> {
  const files = await coveredFiles(coverage, ROOT);
  const enough = percentOf(files) >= COVERAGE_PERCENT_MIN;
  console.log(`${coverageReport(files)}${enough ? '' : '\ncoverage: TOO LOW'}`);
  return enough ? NOTHING : ONE_FAILURE;
}

function say(text: string, exitCode: number): number {
  console.log(text);
  return exitCode;
}

process.exit(await main());

import {
  CHROMEDRIVER,
  CHROMIUM,
  FAKETIME,
  FIREFOX,
  K6,
  OPENSSL,
  OPERATIONS,
  PIP,
  PYGOBJECT,
  REDIS,
  STRACE,
  VERSITYGW,
  WEBKIT_DRIVER,
  WEBKIT_WINDOW,
  XVFB,
  type Tool,
} from './tools.ts';

/** A group of test files that run in one child, each file by itself. */
export interface Suite {
  readonly name: string;
  readonly about: string;
  readonly needs: readonly Tool[];
  /**
   * How many of its files run side by side where the machine has as many cores. One where lateness is
   * measured: what runs beside would be measured too.
   */
  readonly sideBySide: number;
  /**
   * After this it hangs, is ended and counts as failed: some three times what it takes on two quiet cores,
   * for there are slower and busier machines.
   */
  readonly minutesMax: number;
  /** For one test, where it sets none of its own. */
  readonly testSecondsMax: number;
  readonly owns: (path: string) => boolean;
}

const isBrowserTest = (path: string): boolean => path.includes('.browser.test.');
const isChromiumTest = (path: string): boolean => path.includes('chromium.engine.test.');
const isFirefoxTest = (path: string): boolean => path.includes('firefox.engine.test.');
const isWebkitTest = (path: string): boolean => path.includes('webkit.engine.test.');
/** What asserts how late something is. */
const isLatenessTest = (path: string): boolean => /(?:flood|edges|edge-apart)\.fault\.test\./.test(path);
const isFaultTest = (path: string): boolean => path.includes('.fault.test.') && !isLatenessTest(path);
const isLoadTest = (path: string): boolean => path.includes('.k6.test.');
const isBucketTest = (path: string): boolean => path.includes('.s3.test.');
const isProgramsTest = (path: string): boolean => path.includes('.programs.test.');
const isStoryTest = (path: string): boolean => path.includes('.story.test.');
const isDeployTest = (path: string): boolean => path.startsWith('deploy/') && !isStoryTest(path);

export const SUITES: readonly Suite[] = [
  {
    name: 'unit',
    about: 'rules, store, feeds, pages and scripts',
    needs: [],
    sideBySide: 2,
    minutesMax: 20,
    testSecondsMax: 120,
    owns: (path) =>
      !isBrowserTest(path) &&
      !isChromiumTest(path) &&
      !isFirefoxTest(path) &&
      !isWebkitTest(path) &&
      !isFaultTest(path) &&
      !isLatenessTest(path) &&
      !isLoadTest(path) &&
      !isBucketTest(path) &&
      !isProgramsTest(path) &&
      !isStoryTest(path) &&
      !isDeployTest(path),
  },
  {
    name: 'browser',
    about: 'the page in a headless Chromium',
    needs: [CHROMIUM],
    sideBySide: 2,
    minutesMax: 14,
    testSecondsMax: 300,
    owns: isBrowserTest,
  },
  {
    name: 'chromium',
    about: 'the main story of a trader in Chromium',
    needs: [CHROMIUM, CHROMEDRIVER],
    sideBySide: 1,
    minutesMax: 2,
    testSecondsMax: 90,
    owns: isChromiumTest,
  },
  {
    name: 'firefox',
    about: 'the main story of a trader in Firefox',
    needs: [FIREFOX],
    sideBySide: 1,
    minutesMax: 2,
    testSecondsMax: 90,
    owns: isFirefoxTest,
  },
  {
    name: 'webkit',
    about: 'the main story of a trader in WebKitGTK, the engine of Safari, in a window of a phone',
    needs: [XVFB, WEBKIT_DRIVER, PYGOBJECT, WEBKIT_WINDOW],
    sideBySide: 1,
    minutesMax: 2,
    testSecondsMax: 90,
    owns: isWebkitTest,
  },
  {
    name: 'faults',
    about: 'kills, cuts of power, failing and full disks, a clock that jumps, a Redis that goes',
    needs: [STRACE, REDIS, FAKETIME],
    sideBySide: 2,
    minutesMax: 9,
    testSecondsMax: 300,
    owns: isFaultTest,
  },
  {
    name: 'lateness',
    about: 'how late ticks and answers are under floods and while edges fail, with nothing else beside it',
    needs: [],
    sideBySide: 1,
    minutesMax: 8,
    testSecondsMax: 180,
    owns: isLatenessTest,
  },
  {
    name: 'load',
    about: 'the load scripts in the real k6',
    needs: [K6],
    sideBySide: 1,
    minutesMax: 3,
    testSecondsMax: 180,
    owns: isLoadTest,
  },
  {
    name: 's3',
    about: 'backups and the archive on a real S3 server',
    needs: [VERSITYGW],
    sideBySide: 2,
    minutesMax: 3,
    testSecondsMax: 180,
    owns: isBucketTest,
  },
  {
    name: 'programs',
    about: 'what needs programs of others: clients in Node, Python and Go, pip, openssl',
    needs: [PIP, OPENSSL],
    sideBySide: 2,
    minutesMax: 4,
    testSecondsMax: 120,
    owns: isProgramsTest,
  },
  {
    name: 'deploy',
    about:
      'units, proxy, Redis, alerts and installation with the real programs, ' +
      'and all of it on a Debian that boots',
    needs: OPERATIONS,
    sideBySide: 2,
    minutesMax: 13,
    testSecondsMax: 180,
    owns: isDeployTest,
  },
  {
    name: 'stories',
    about: 'the runbook as a house lives through it: two Debians that boot, a bucket, exchanges and a trader',
    needs: [...OPERATIONS, VERSITYGW],
    sideBySide: 2,
    minutesMax: 15,
    testSecondsMax: 240,
    owns: isStoryTest,
  },
];

export async function testFiles(root: string): Promise<string[]> {
  const files = await Array.fromAsync(
    new Bun.Glob('{server,views,scripts,static,loadtest,deploy,test}/**/*.test.{ts,tsx}').scan(root),
  );
  return files.sort();
}

/** What Lighthouse says of the pages. See --help. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { end, givenAlone } from '../../scripts/command-line/alone.ts';
import { EXIT } from '../../scripts/command-line/exit-codes.ts';
import { CHROMIUM, findTool } from '../../test/runner/tools.ts';
import { PHONE, Stage, Theatre } from '../../test/stage/browser-stage.ts';
import { bet } from '../../test/stage/board-tap.ts';
import { practise } from '../../test/stage/visit.ts';
import { boundTable, holds, type Bound } from './bound.ts';

const VERSION = '13.5.0';
const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'] as const;
const FOR_STRANGERS = ['/', '/rules', '/fairness', '/signin'];

interface Audit {
  readonly title: string;
  readonly score: number | null;
}
interface Report {
  readonly categories: Readonly<
    Record<
      string,
      {
        readonly score: number | null;
        readonly auditRefs: readonly { readonly id: string; readonly weight: number }[];
      }
    >
  >;
  readonly audits: Readonly<Record<string, Audit>>;
}

const { options } = givenAlone('bun loadtest/page/lighthouse.ts', {
  about:
    `Asks Lighthouse ${VERSION}, which is fetched with npm for it, about the pages of a house of its own, ` +
    'as on a phone: the board, the rules, fairness and sign-in as a stranger sees them, then the board, ' +
    'the account and a receipt as a trader does. Performance says something on a quiet machine alone.',
  options: {
    only: { value: '<path>', about: 'a page for strangers' },
    without: {
      value: '<category>',
      choices: CATEGORIES,
      about: 'leaves one out: performance, where the machine is busy',
    },
    json: { value: '<file>', about: 'writes the scores there, and what cost points' },
  },
  examples: ['', '--only /rules', '--without performance --json lighthouse.json'],
  exits: { 0: '100 everywhere', 1: 'less somewhere, or there is no Chromium' },
  json: false,
});
const chromium = findTool(CHROMIUM) ?? end('No Chromium was found.', EXIT.wrong);
const categories = CATEGORIES.filter((name) => name !== options.without);

const stage = new Stage([{ seconds: 600, price: 76_010 }], true);
const theatre = new Theatre();
const folder = mkdtempSync(join(tmpdir(), 'tapgrid-lighthouse-'));
const bounds: Bound[] = [];
const costs: Record<string, string[]> = {};
try {
  await stage.start();
  for (const path of options.only === undefined ? FOR_STRANGERS : [options.only]) await ask(path, null);
  if (options.only === undefined) {
    const { cookie, receipt } = await trader();
    for (const path of ['/', '/account', receipt]) await ask(path, cookie);
  }
} finally {
  await theatre.end();
  await stage.end();
  rmSync(folder, { recursive: true, force: true });
}
console.log(boundTable(bounds));
if (options.json !== undefined)
  await Bun.write(options.json, `${JSON.stringify({ bounds, costs }, null, 2)}\n`);
process.exit(bounds.every(holds) ? EXIT.ok : EXIT.wrong);

/** A session of somebody who has played, and a receipt of theirs. */
async function trader(): Promise<{ cookie: string; receipt: string }> {
  const context = await theatre.context(PHONE);
  const { page } = await practise(context, stage.origin);
  await bet(page, 0, 0);
  const link = page.locator('#result-list a[href^="/bets/"]').first();
  await link.waitFor({ state: 'attached' });
  const receipt = (await link.getAttribute('href'))!;
  const cookies = await context.cookies();
  await context.close();
  return { cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; '), receipt };
}

async function ask(path: string, cookie: string | null): Promise<void> {
  const page = `${path.replace(/[0-9a-f-]{32,}/, '…')}${cookie === null ? '' : ' of a trader'}`;
  console.log(`${page} …`);
  // A trader's own pages are kept from search engines.
  const looked = categories.filter((name) => name !== 'seo' || cookie === null);
  const out = join(folder, 'report.json');
  const child = Bun.spawn(
    [
      process.execPath,
      'x',
      `lighthouse@${VERSION}`,
      stage.origin + path,
      '--output=json',
      `--output-path=${out}`,
      '--quiet',
      `--only-categories=${looked.join(',')}`,
      '--chrome-flags=--headless --no-sandbox --disable-gpu --disable-dev-shm-usage',
      ...(cookie === null ? [] : [`--extra-headers=${JSON.stringify({ Cookie: cookie })}`]),
    ],
    { env: { ...process.env, CHROME_PATH: chromium }, stdin: 'ignore', stdout: 'ignore', stderr: 'inherit' },
  );
  if ((await child.exited) !== 0) end(`Lighthouse ended with ${child.exitCode}.`, EXIT.wrong);
  const report = (await Bun.file(out).json()) as Report;
  for (const name of looked) {
    const { score, auditRefs } = report.categories[name]!;
    bounds.push({ name: `${page}: ${name}`, unit: '', value: 100 * (score ?? Number.NaN), atLeast: 100 });
    const lost = auditRefs.filter(({ id, weight }) => weight > 0 && (report.audits[id]?.score ?? 1) < 1);
    if (lost.length > 0)
      costs[`${page}: ${name}`] = lost.map(({ id }) => `${id}: ${report.audits[id]?.title}`);
  }
}

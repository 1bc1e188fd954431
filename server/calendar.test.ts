import { afterAll, afterEach, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tapgrid } from '../test/stage/command.ts';
import { expectWhole, Houses, listen, trader, until } from '../test/stage/houses.ts';
import { HEADLINE_CAP, HEADLINE_EDGE } from './game/headline.ts';

/** The whole server in this process: news is announced, cells are sold on its terms, and it is removed. */

const root = mkdtempSync(join(tmpdir(), 'tapgrid-calendar-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const houses = new Houses(root, { WINDOW_MS: '1000', COLUMNS_AHEAD: '9' });
afterEach(() => houses.stop());

test('traders see news beforehand, around it cells have its terms, and receipts recompute', async () => {
  const env = houses.settings();
  let origin = await houses.start(env);
  const calendar = (line: string, ...more: string[]) =>
    tapgrid(['calendar', ...line.split(' '), ...more], { env });
  const get = async (path: string): Promise<any> => (await fetch(`${origin}${path}`)).json();
  const offered = async (): Promise<number[]> =>
    (await get('/api/v1/grid')).columns.flatMap(({ multipliers }: any) => multipliers);
  const ada = await trader(origin);
  const stream = listen(origin, '/api/v1/stream');
  const page = listen(origin, '/live', { origin });
  const reason = ['--reason', 'for this test'];

  expect((await calendar('list')).out).toBe('No news is expected.\n');
  expect((await get('/api/v1/grid')).headline).toBeNull();
  const before = (await ada.taken(0)).results[0].betId;
  await until(async () => (await offered()).some((one) => one > HEADLINE_CAP));
  // An hour ahead nothing is announced yet, within one it is, and its terms do not apply.
  const later = Math.ceil(Date.now() / 60_000) * 60_000 + 30 * 60_000;
  expect((await calendar('add +3h', 'Rates', ...reason)).code).toBe(0);
  expect((await get('/api/v1/grid')).headline).toBeNull();
  const time = new Date(later).toISOString().replace(':00.000Z', 'Z');
  expect((await calendar(`add ${time}`, 'US <prices> | 20 %', ...reason)).out).toContain(
    'News calendar: + US <prices> | 20 % ',
  );
  const notice = {
    at: later,
    name: 'US <prices> | 20 %',
    from: later - 300_000,
    until: later + 900_000,
    running: false,
  };
  expect((await get('/api/v1/grid')).headline).toEqual(notice);
  const health = await fetch('http://tapgrid/healthz', { unix: join(env['DATA_DIR']!, 'operations.sock') });
  expect(((await health.json()) as any).headline).toEqual(notice);
  expect((await get('/api/v1/calendar')).headlines.map(({ name }: any) => name)).toEqual([
    'US <prices> | 20 %',
    'Rates',
  ]);
  expect(await (await fetch(`${origin}/rules`)).text()).toContain('US &lt;prices&gt; | 20 %');
  await until(() => stream.frames.includes(JSON.stringify({ type: 'headline', headline: notice })));
  await until(() => page.frames.some((frame) => /hx-target="#headline".*US &lt;prices&gt;/.test(frame)));
  expect((await get('/api/v1/revisions')).revisions.at(-1)).not.toHaveProperty('headline');

  // It is an operator's action in the books, and outlives a restart.
  await houses.stop();
  origin = await houses.start({ ...env, PORT: new URL(origin).port });
  expect((await get('/api/v1/grid')).headline).toEqual(notice);
  expect((await calendar('remove +1h', ...reason)).error).toContain('The calendar has no news at');
  expect((await calendar(`remove ${time}`, ...reason)).code).toBe(0);

  // Near enough, its terms apply to what is sold from now on.
  expect((await calendar('add +3m', 'Fed', '--json', ...reason)).code).toBe(0);
  const { at } = (await get('/api/v1/grid')).headline;
  const around = async (): Promise<any> =>
    (await get('/api/v1/revisions')).revisions.find(({ headline }: any) => headline === at);
  await until(async () => (await around()) !== undefined);
  const revision = await around();
  expect(revision.capHundredths).toBe(HEADLINE_CAP);
  expect(revision.edge).toBeGreaterThanOrEqual(0.05 + HEADLINE_EDGE);
  await until(async () => Math.max(...(await offered())) <= HEADLINE_CAP);
  const bea = await trader(origin);
  const inIt = (await bea.taken(0)).results[0].betId;
  const receiptOf = (id: string): string => `${origin}/api/v1/bets/${id}/receipt`;
  await until(async () => (await (await fetch(receiptOf(inIt))).json()).locked?.headline === at);
  for (const id of [before, inIt]) {
    await until(async () => (await (await fetch(receiptOf(id))).json()).closedAt !== null);
    // What the house has not written down yet stays open: exit code 3.
    await until(async () => {
      const { code, out } = await tapgrid(['verify-receipt', receiptOf(id), '--against', origin]);
      expect(out.match(/^FAIL.*$/gm)).toBeNull();
      return code === 0;
    });
  }

  // A file is the calendar: what is wrong is named by its line, what is over left out, twice is once.
  const file = join(root, 'calendar.csv');
  const at2 = new Date(Date.now() + 86_400_000).toISOString().slice(0, 16);
  writeFileSync(file, `# ours\ntime,name\n2020-01-01T00:00Z,old\n${at2}Z,"Jobs, US"\nsoon,x\n${at2}Z,\n`);
  expect((await calendar(`import ${file}`, ...reason)).error).toMatch(
    /^line 5: "soon" is not a time.*\nline 6: An entry of the calendar needs/m,
  );
  writeFileSync(file, `time,name,source\n2020-01-01T00:00Z,old,x\n${at2}Z,"Jobs, US",y\n`);
  expect((await calendar(`import ${file} --replace --check`)).out).toMatch(
    /^\+ .* Jobs, US .*\n- .* Fed .*\n- .* Rates/,
  );
  expect((await calendar(`import ${file} --replace`)).code).toBe(2);
  expect((await calendar(`import ${file} --replace`, ...reason)).code).toBe(0);
  expect((await calendar(`import ${file} --replace`, ...reason)).out).toContain(
    'The calendar is up to date.',
  );
  await until(async () => (await offered()).some((one) => one > HEADLINE_CAP));
  await houses.stop();
  expect(JSON.parse((await calendar('list --json')).out)).toMatchObject([
    { name: 'Jobs, US', running: false },
  ]);
  await expectWhole(env);
}, 60_000);

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startHouse, type WatchedHouse } from './house.ts';
import { freePort } from '../../test/stage/free-port.ts';

/**
 * A real Prometheus with our files, fed by a real server that is played on: every panel's query and every
 * rule is asked of it.
 */

const folder = mkdtempSync(join(tmpdir(), 'tapgrid-prometheus-'));
let port: number;
const here = (name: string): string => join(import.meta.dir, name);

interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string }[];
}
const panels: readonly Panel[] = (await Bun.file(here('grafana/dashboards/tapgrid.json')).json()).panels;
const queries = panels.flatMap(({ title, targets = [] }) =>
  targets.map(({ expr }) => [title, expr] as const),
);

/**
 * What a house that is well has nothing to say to: causes, faults of venues, and what takes hours to come.
 */
const SILENT_IN_HEALTH = [
  // Its prices are simulated: no exchange speaks.
  'tapgrid_hold_proposed_seconds',
  'tapgrid_head_start_seconds',
  'tapgrid_venue_head_starts',
  'tapgrid_venue_behind_seconds',
  'tapgrid_venue_tick_age_seconds',
  'tapgrid_venue_delay_seconds',
  'tapgrid_cells_return_ratio{figure=~"quoted|realised"}',
  'tapgrid_cells_return_ratio{figure=~"d|h"}',
  'tapgrid_cells_lead_return_ratio{figure=~"d|h"}',
  'tapgrid_cells_hour_return_ratio{figure="d"}',
  'tapgrid_breaker_cause',
  'sum by (venue, kind) (rate(tapgrid_venue_faults_total[5m])) * 60 > 0',
  'sum by (reason) (increase(tapgrid_bets_void_total[1h]))',
];

let house: WatchedHouse;
let prometheus: Bun.Subprocess;
beforeAll(async () => {
  house = await startHouse(folder);
  house.play(2);
  await house.runJobs();
  const config = (await Bun.file(here('prometheus.yml')).text())
    .replace('/etc/prometheus/tapgrid-rules.yml', here('rules.yml'))
    .replace('127.0.0.1:9464', `127.0.0.1:${house.operations}`)
    // Those who watch are not all here.
    .replace(/ {2}- job_name: (?:prometheus|alertmanager)\n.*\n/g, '')
    .replace('scrape_interval: 10s', 'scrape_interval: 1s')
    .replace('evaluation_interval: 10s', 'evaluation_interval: 1s')
    // Nobody is to be told of a drill.
    .replace(/\nalerting:[\s\S]*$/, '\n');
  await Bun.write(join(folder, 'prometheus.yml'), config);
  port = freePort();
  const words = [
    `--config.file=${join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(folder, 'series')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--log.level=error',
  ];
  prometheus = Bun.spawn(['prometheus', ...words], { stdin: 'ignore', stdout: 'ignore', stderr: 'inherit' });
}, 180_000);
afterAll(async () => {
  prometheus?.kill('SIGTERM');
  await prometheus?.exited;
  await house?.stop();
  rmSync(folder, { recursive: true, force: true });
}, 180_000);

/** Null while it is starting: first nobody is there, then it says 503. */
async function ask(path: string): Promise<any> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/${path}`).catch(() => null);
  return answer === null || answer.status === 503 ? null : answer.json();
}
const query = (expr: string): Promise<any> =>
  ask(`query?query=${encodeURIComponent(expr.replaceAll('$__rate_interval', '30s'))}`);

async function until<Found>(what: string, look: () => Promise<Found | null>): Promise<Found> {
  let found: Found | null = null;
  for (let tries = 0; found === null; tries++) {
    if (tries > 1_200) throw new Error(`waited in vain: ${what}`);
    found = await look();
    if (found === null) await Bun.sleep(100);
  }
  return found;
}

test('the server is scraped without a fault', async () => {
  const [target] = await until('a scrape', async () => {
    const targets: any[] = (await ask('targets'))?.data?.activeTargets ?? [];
    return targets.length > 0 && targets.every(({ health }) => health === 'up') ? targets : null;
  });
  expect(target).toMatchObject({ health: 'up', lastError: '', labels: { job: 'tapgrid' } });
}, 180_000);

describe('panels', () => {
  test.each(queries)(
    '%s: %s',
    async (_, expr) => {
      const answer = await until('something to see', async () => {
        const said = await query(expr);
        return said?.status === 'error' ||
          said?.data?.result.length > 0 ||
          (said !== null && SILENT_IN_HEALTH.includes(expr))
          ? said
          : null;
      });
      expect([answer.status, answer.error ?? null, answer.warnings ?? null]).toEqual(['success', null, null]);
    },
    180_000,
  );

  test('those that may say nothing are panels of the dashboard', () => {
    const asked = queries.map(([, expr]) => expr);
    for (const expr of SILENT_IN_HEALTH) expect(asked).toContain(expr);
  });

  test('a wrong query would be seen', async () =>
    expect((await query('sum by (tapgrid_sockets')).status).toBe('error'));
});

test('every rule is evaluated without a fault', async () => {
  const rules: any[] = await until('evaluations', async () => {
    const all: any[] = ((await ask('rules'))?.data?.groups ?? []).flatMap(({ rules }: any) => rules);
    return all.length > 0 && all.every(({ health }) => health !== 'unknown') ? all : null;
  });
  expect(rules.length).toBeGreaterThan(25);
  expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
}, 180_000);

test('of a house that is well no alert finds anything, but for the one that is always on', async () => {
  const rules: any[] = ((await ask('rules'))?.data?.groups ?? []).flatMap(({ rules }: any) => rules);
  const found: string[] = [];
  for (const { name, query: expr, type } of rules)
    if (type === 'alerting' && (await query(expr)).data.result.length > 0) found.push(name);
  // The stage of the tests plays on simulated prices.
  expect(found.sort()).toEqual(['TapgridPricesSimulated', 'TapgridWatchdog']);
}, 180_000);

test('an alert goes off when the server is gone', async () => {
  // The shortest wait is that of a restart; what waits a minute is pending at once.
  await house.stop();
  const alert = await until(
    'the alert',
    async () =>
      ((await ask('alerts'))?.data?.alerts ?? []).find(
        ({ labels }: any) => labels.alertname === 'TapgridDown',
      ) ?? null,
  );
  expect(alert.annotations.runbook_url).toEndWith('docs/runbook.md#tapgriddown');
}, 180_000);

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JOBS, JOB_METRICS, METRICS } from '../../server/http/metric-names.ts';
import { startHouse } from './house.ts';

const ROOT = join(import.meta.dir, '../..');
const folder = mkdtempSync(join(tmpdir(), 'tapgrid-monitoring-'));
const here = (name: string): string => join(import.meta.dir, name);
const promtool = (...words: string[]) => {
  const { exitCode, stdout, stderr } = Bun.spawnSync(['promtool', ...words], { cwd: import.meta.dir });
  return { exitCode, text: `${stdout}${stderr}` };
};
const yaml = async (name: string): Promise<any> => Bun.YAML.parse(await Bun.file(here(name)).text());
/** Made of others by a rule of ours. */
const RECORDED = /\btapgrid:\w+/g;
const dashboard = (): Promise<any> => Bun.file(here('grafana/dashboards/tapgrid.json')).json();

/** Minutes, days (looked at every ten minutes only), the budget of a month, and a life without problems. */
const TESTS = ['rules.test.yml', 'rules-days.test.yml', 'rules-budget.test.yml', 'rules-life.test.yml'];

interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly runbook_url: string };
}
const rules: (Alert & { readonly record?: string })[] = (await yaml('rules.yml')).groups.flatMap(
  ({ rules }: any) => rules,
);
const alerts: readonly Alert[] = rules.filter(({ record }) => record === undefined);
/** It is on for as long as there is somebody to be on. */
const ALWAYS_ON = 'TapgridWatchdog';
const queries: string[] = (await dashboard()).panels.flatMap(({ targets = [] }: any) =>
  targets.map(({ expr }: any) => expr),
);

let output: string;
beforeAll(async () => {
  const house = await startHouse(folder);
  try {
    await house.runJobs();
    await house.read('/');
    output = await house.look('/metrics');
  } finally {
    await house.stop();
  }
}, 180_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the output is well formed for Prometheus', () => {
  const { exitCode, stderr } = Bun.spawnSync(['promtool', 'check', 'metrics'], {
    stdin: Buffer.from(output),
  });
  // A gauge of what was staked so far goes down when history is archived, so it is no counter whatever its
  // name may be taken for.
  expect([exitCode, stderr.toString()]).toEqual([0, '']);
});

describe('rules', () => {
  test('have no fault', () => expect(promtool('check', 'rules', 'rules.yml')).toMatchObject({ exitCode: 0 }));
  test(
    'fire when they should and are silent before',
    () => expect(promtool('test', 'rules', ...TESTS)).toMatchObject({ exitCode: 0 }),
    120_000,
  );
  test('a rule that would not fire is noticed', async () => {
    copyFileSync(here('rules.test.yml'), join(folder, 'rules.test.yml'));
    await Bun.write(
      join(folder, 'rules.yml'),
      (await Bun.file(here('rules.yml')).text()).replace(
        'tapgrid_disk_used_ratio > 0.85',
        'tapgrid_disk_used_ratio > 0.95',
      ),
    );
    const { exitCode, text } = promtool('test', 'rules', join(folder, 'rules.test.yml'));
    expect([exitCode, text.match(/name: (\w+),/)?.[1]]).toEqual([1, 'TapgridDiskFull']);
  }, 120_000);

  test('each is tested both ways', async () => {
    const looks = (await Promise.all(TESTS.map(yaml))).flatMap(({ tests }) =>
      tests.flatMap(({ alert_rule_test }: any) => alert_rule_test),
    );
    const fires = (name: string, on: boolean) =>
      looks.some(({ alertname, exp_alerts }: any) => alertname === name && exp_alerts.length > 0 === on);
    for (const { alert } of alerts)
      expect([alert, fires(alert, true), fires(alert, false) || alert === ALWAYS_ON]).toEqual([
        alert,
        true,
        true,
      ]);
    const known = new Set(alerts.map(({ alert }) => alert));
    expect(looks.filter(({ alertname }: any) => !known.has(alertname))).toEqual([]);
  });

  test('each has its chapter in the runbook, and no chapter is of an alert that is gone', async () => {
    const runbook = await Bun.file(join(ROOT, 'docs/runbook.md')).text();
    const chapters = [...runbook.matchAll(/^### (Tapgrid\w+)$/gm)].map((match) => match[1]!);
    expect(chapters.sort()).toEqual(alerts.map(({ alert }) => alert).sort());
    for (const { alert, annotations } of alerts)
      expect(annotations.runbook_url).toBe(
        `file:///opt/tapgrid/current/docs/runbook.md#${alert.toLowerCase()}`,
      );
  });

  test('every severity is one that a receiver can be made for', () =>
    expect([...new Set(alerts.map(({ labels }) => labels.severity))].sort()).toEqual([
      'critical',
      'none',
      'warning',
    ]));
});

describe('what is asked for is there', () => {
  const namesIn = (expression: string): string[] =>
    [...new Set(expression.match(/\b(?:tapgrid|process)_\w+/g) ?? [])].map((name) =>
      name.replace(/_(bucket|sum|count)$/, (part, _, offset) =>
        name.slice(0, offset) in METRICS ? '' : part,
      ),
    );
  const offered = (): Set<string> =>
    new Set([...output.matchAll(/^# TYPE (\w+)/gm)].map((match) => match[1]!));

  test('the server offers what its table says, and the jobs what they report', () =>
    expect([...offered()].sort()).toEqual([...Object.keys(METRICS), ...JOB_METRICS].sort()));
  test.each(alerts.map(({ alert, expr }) => [alert, expr]))('%s', (_, expr) => {
    for (const name of namesIn(expr!)) expect(offered()).toContain(name);
  });
  test.each(queries)('%s', (expr) => {
    expect(namesIn(expr).length + (expr.match(RECORDED)?.length ?? 0)).toBeGreaterThan(0);
    for (const name of namesIn(expr)) expect(offered()).toContain(name);
  });

  test('labels that are asked for by value are those that the server gives', () => {
    const asked = [...alerts.map(({ expr }) => expr), ...queries].flatMap((expr) => [
      ...expr.matchAll(/(tapgrid_(?:breaker_state|job_last_success_timestamp_seconds))\{(\w+)="(\w+)"\}/g),
    ]);
    expect(asked.length).toBeGreaterThan(4);
    // Nothing was old enough for the archive, which is absent until it has run.
    for (const [, name, label, value] of asked.filter(([, , , value]) => value !== 'archive'))
      expect(output).toContain(`${name}{${label}="${value}"} `);
    for (const job of JOBS) expect(asked.map(([, , , value]) => value)).toContain(job);
  });

  test('every metric is looked at by somebody', () => {
    const looked = new Set([...rules.map(({ expr }) => expr), ...queries].flatMap(namesIn));
    expect(Object.keys(METRICS).filter((name) => !looked.has(name))).toEqual(['tapgrid_build_info']);
  });
});

test('what a rule of ours records is what is asked for', () => {
  const asked = [...rules.map(({ expr }) => expr), ...queries].flatMap((expr) => expr.match(RECORDED) ?? []);
  expect([...new Set(asked)]).toEqual(rules.flatMap(({ record }) => record ?? []));
});

describe('Prometheus and Grafana take the files', () => {
  test('the queries of the dashboard are right', async () => {
    const rules = queries.map((expr, index) => ({
      record: `panel:query${index}`,
      expr: expr.replaceAll('$__rate_interval', '1m'),
    }));
    await Bun.write(join(folder, 'panels.yml'), JSON.stringify({ groups: [{ name: 'panels', rules }] }));
    expect(promtool('check', 'rules', join(folder, 'panels.yml'))).toMatchObject({ exitCode: 0 });
  });

  test('the configuration of Prometheus', async () => {
    await Bun.write(
      join(folder, 'prometheus.yml'),
      (await Bun.file(here('prometheus.yml')).text()).replace(
        '/etc/prometheus/tapgrid-rules.yml',
        here('rules.yml'),
      ),
    );
    expect(promtool('check', 'config', join(folder, 'prometheus.yml'))).toMatchObject({ exitCode: 0 });
  });

  test('every panel has a place of its own, a title, and the source that is provisioned', async () => {
    const [source] = (await yaml('grafana/provisioning/datasources/tapgrid.yml')).datasources;
    const { panels } = await dashboard();
    expect(new Set(panels.map(({ id }: any) => id)).size).toBe(panels.length);
    expect(new Set(panels.map(({ gridPos: { x, y } }: any) => `${x}/${y}`)).size).toBe(panels.length);
    for (const { type, title, datasource } of panels)
      expect([title.length > 0, type === 'row' || datasource.uid === source.uid]).toEqual([true, true]);
    expect((await yaml('grafana/provisioning/dashboards/tapgrid.yml')).providers[0].options.path).toBe(
      '/etc/grafana/dashboards',
    );
  });
});

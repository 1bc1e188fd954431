import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../test/stage/free-port.ts';

/** A real Alertmanager with the file as it is shipped, and receivers that write down who was told. */

const FILE = join(import.meta.dir, 'alertmanager.yml');
const amtool = (...words: string[]) => {
  const { exitCode, stdout } = Bun.spawnSync(['amtool', ...words]);
  return { exitCode, text: `${stdout}` };
};
const yaml = async (name: string): Promise<any> =>
  Bun.YAML.parse(await Bun.file(join(import.meta.dir, name)).text());
const alerts: string[] = (await yaml('rules.yml')).groups
  .flatMap(({ rules }: any) => rules)
  .flatMap(({ alert }: any) => alert ?? []);

test('the file is right as it is, and with the receivers filled in that it proposes', async () => {
  expect(amtool('check-config', FILE)).toMatchObject({ exitCode: 0 });
  const folder = mkdtempSync(join(tmpdir(), 'tapgrid-alertmanager-'));
  const filled = (await Bun.file(FILE).text()).replace(
    /^( *)# (?=[ ]*(global|smtp_|\w+_configs|- |\w+: ))/gm,
    '$1',
  );
  await Bun.write(join(folder, 'alertmanager.yml'), filled);
  expect(filled).toContain('\n    webhook_configs:\n');
  expect(amtool('check-config', join(folder, 'alertmanager.yml'))).toMatchObject({ exitCode: 0 });
  rmSync(folder, { recursive: true });
});

test.each([
  ['severity=critical alertname=TapgridDown', 'page'],
  ['severity=warning alertname=TapgridVenueDown', 'mail'],
  ['severity=none alertname=TapgridWatchdog', 'dead-mans-switch'],
])('%s reaches %s', (labels, receiver) =>
  expect(amtool('config', 'routes', 'test', `--config.file=${FILE}`, ...labels.split(' '))).toEqual({
    exitCode: 0,
    text: `${receiver}\n`,
  }),
);

test('every alert that is named there is one of the rules', async () => {
  const { inhibit_rules: rules } = await yaml('alertmanager.yml');
  const named = JSON.stringify(rules).match(/Tapgrid\w+(?:\.\*)?/g)!;
  expect(named.length).toBeGreaterThan(30);
  for (const name of named)
    expect([name, alerts.some((alert) => new RegExp(`^${name}$`).test(alert))]).toEqual([name, true]);
});

describe('the cause is told and not its consequences', () => {
  let url: string;
  let server: Bun.Subprocess;
  const folder = mkdtempSync(join(tmpdir(), 'tapgrid-alertmanager-'));
  beforeAll(async () => {
    const port = freePort();
    url = `http://127.0.0.1:${port}`;
    server = Bun.spawn(
      [
        Bun.which('prometheus-alertmanager') ?? 'alertmanager',
        `--config.file=${FILE}`,
        `--storage.path=${folder}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--cluster.listen-address=',
        '--log.level=error',
      ],
      { stdin: 'ignore', stdout: 'ignore', stderr: 'inherit' },
    );
    const isReady = () =>
      fetch(`${url}/-/ready`).then(
        ({ ok }) => ok,
        () => false,
      );
    for (let tries = 0; !(await isReady()) && tries < 600; tries++) await Bun.sleep(50);
  }, 60_000);
  afterAll(async () => {
    server?.kill('SIGTERM');
    await server?.exited;
    rmSync(folder, { recursive: true });
  });

  /** Of these alerts, those that somebody is told of. */
  async function heard(names: readonly string[]): Promise<string[]> {
    const at = Date.now();
    const body = names.map((name) => ({
      labels: { alertname: name, severity: 'critical' },
      startsAt: new Date(at - 60_000).toISOString(),
      endsAt: new Date(at + 600_000).toISOString(),
    }));
    await fetch(`${url}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    // Consequences are held back when a notification is due, which is what this question goes by.
    let found: any[] = [];
    for (let tries = 0; tries < 1_800; tries++) {
      found = (await (await fetch(`${url}/api/v2/alerts`)).json()) as any[];
      if (found.length >= names.length && found.every(({ status }) => status.state !== 'unprocessed')) break;
      await Bun.sleep(50);
    }
    const active = found.filter(({ status }) => status.inhibitedBy.length === 0);
    const over = body.map((alert) => ({ ...alert, endsAt: new Date(at - 1).toISOString() }));
    await fetch(`${url}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(over),
    });
    return active.map(({ labels }) => labels.alertname).sort();
  }

  test.each([
    [
      'TapgridClockOff',
      ['TapgridPriceStale', 'TapgridVenueDown', 'TapgridHalted', 'TapgridBudgetBurningFast'],
    ],
    ['TapgridPriceStale', ['TapgridHalted', 'TapgridVenueDown', 'TapgridVoids']],
    ['TapgridDiskEmergency', ['TapgridDiskFull', 'TapgridDiskFilling', 'TapgridHalted']],
    ['TapgridRestarting', ['TapgridDown', 'TapgridCrashed']],
    ['TapgridRedisAway', ['TapgridDegraded']],
  ])(
    '%s',
    async (cause, consequences) => expect(await heard([cause, ...consequences])).toEqual([cause]),
    60_000,
  );

  test(
    'what has nothing to do with each other is told',
    async () =>
      expect(await heard(['TapgridPriceStale', 'TapgridBackupOld'])).toEqual([
        'TapgridBackupOld',
        'TapgridPriceStale',
      ]),
    60_000,
  );
});

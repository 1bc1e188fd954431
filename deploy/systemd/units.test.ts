import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConfigKey } from '../../server/config-key.ts';
import { CONFIG_KEYS } from '../../server/config-keys.ts';

const EXPOSURE_MAX = 2.0;
const UNITS = [
  'tapgrid.service',
  'tapgrid-edge@.service',
  'tapgrid-backup.service',
  'tapgrid-integrity.service',
  'tapgrid-archive.service',
  'tapgrid-tail.service',
  'tapgrid-probe.service',
] as const;
const TIMERS = [
  'tapgrid-backup.timer',
  'tapgrid-integrity.timer',
  'tapgrid-archive.timer',
  'tapgrid-probe.timer',
] as const;
const textOf = (name: string): Promise<string> => Bun.file(join(import.meta.dir, name)).text();

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'tapgrid-units-'));
  const units = join(root, 'etc/systemd/system');
  mkdirSync(units, { recursive: true });
  cpSync('/lib/systemd/system', join(root, 'lib/systemd/system'), {
    recursive: true,
    verbatimSymlinks: true,
  });
  for (const name of [...UNITS, ...TIMERS]) cpSync(join(import.meta.dir, name), join(units, name));
  for (const folder of ['tapgrid.service.d', 'tapgrid-.service.d', 'tapgrid-edge@.service.d'])
    cpSync(join(import.meta.dir, 'sandbox.conf'), join(units, folder, '10-sandbox.conf'));
  for (const program of ['/opt/tapgrid/current/tapgrid', '/usr/bin/install', '/bin/sh', '/bin/ln']) {
    mkdirSync(join(root, program, '..'), { recursive: true });
    writeFileSync(join(root, program), '#!/bin/sh\n');
    chmodSync(join(root, program), 0o755);
  }
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function analyze(...words: string[]): { exitCode: number; text: string } {
  const { exitCode, stdout, stderr } = Bun.spawnSync(
    ['systemd-analyze', '--no-pager', ...words, `--root=${root}`],
    { env: { ...process.env, SYSTEMD_COLORS: '0' } },
  );
  return { exitCode, text: `${stdout}${stderr}` };
}

describe('systemd takes the units', () => {
  test.each([...UNITS, ...TIMERS])('%s has no fault', (unit) => {
    const { text } = analyze('verify', '--man=no', unit);
    expect(text.split('\n').filter((line) => line.includes('tapgrid'))).toEqual([]);
  });

  test('a fault would be seen', () => {
    writeFileSync(
      join(root, 'etc/systemd/system/tapgrid-broken.service'),
      '[Service]\nType=notfy\nExecStart=/opt/tapgrid/nothing\n',
    );
    expect(analyze('verify', '--man=no', 'tapgrid-broken.service').text).toContain('notfy');
  });
});

describe('what a unit is exposed to', () => {
  test.each(UNITS)('%s', (unit) => {
    const { exitCode, text } = analyze(
      'security',
      '--offline=true',
      `--threshold=${EXPOSURE_MAX * 10}`,
      unit,
    );
    expect([exitCode, Number(/exposure level for \S+: ([\d.]+)/.exec(text)?.[1]) <= EXPOSURE_MAX]).toEqual([
      0,
      true,
    ]);
  });

  test('without the sandbox a unit would be over the bound', () => {
    rmSync(join(root, 'etc/systemd/system/tapgrid-.service.d'), { recursive: true });
    expect(
      analyze('security', '--offline=true', `--threshold=${EXPOSURE_MAX * 10}`, 'tapgrid-backup.service')
        .exitCode,
    ).not.toBe(0);
  });

  test('the compiler is left working', async () =>
    expect(await textOf('sandbox.conf')).not.toMatch(/^MemoryDenyWriteExecute/m));
});

test.each([
  [
    'tapgrid.service',
    [
      'Type=notify',
      'WatchdogSec=30',
      'Restart=on-failure',
      'RestartForceExitStatus=70',
      'Environment=SETTINGS_FILE=/etc/tapgrid/tapgrid.env',
      'Environment=ROLE=engine',
      'ExecStart=/opt/tapgrid/current/tapgrid start',
    ],
  ],
  [
    'tapgrid-edge@.service',
    [
      'Type=notify',
      'WatchdogSec=2',
      'WatchdogSignal=SIGKILL',
      'Restart=always',
      'StartLimitIntervalSec=0',
      'Environment=ROLE=edge',
      'Environment=SETTINGS_FILE=/etc/tapgrid/tapgrid.env',
      'WantedBy=tapgrid.service',
    ],
  ],
  ['tapgrid-backup.service', ['Type=oneshot', 'ExecStart=/opt/tapgrid/current/tapgrid backup run']],
  [
    'tapgrid-integrity.service',
    [
      'Type=oneshot',
      'ExecStart=/opt/tapgrid/current/tapgrid verify-ledger --metrics /var/lib/tapgrid/jobs/integrity.prom',
    ],
  ],
  ['tapgrid-tail.service', ['Restart=always', 'ExecStart=/opt/tapgrid/current/tapgrid backup tail']],
  ['tapgrid-archive.service', ['Type=oneshot', 'ExecStart=/opt/tapgrid/current/tapgrid archive run']],
] as const)('%s says what the server relies on', async (unit, lines) => {
  const text = (await textOf(unit)).split('\n');
  for (const line of lines) expect(text).toContain(line);
  expect(text.filter((line) => /^(Environment|ExecStart).*(SECRET|PASSWORD|redis:\/\/)/i.test(line))).toEqual(
    [],
  );
});

test('an edge outlives every restart of the engine: nothing of the engine is handed on to it', async () => {
  const text = await textOf('tapgrid-edge@.service');
  expect(text).not.toMatch(/^(Requires|BindsTo|PartOf|Requisite|StopPropagatedFrom)=/m);
  expect(text).toMatch(/^After=.*\btapgrid\.service$/m);
  // The folder of a unit goes with it: what one makes there, another must not need to stay.
  expect(text).toMatch(/^RuntimeDirectory=tapgrid-edge-%i$/m);
});

describe('secrets', () => {
  const secretsOf = async (unit: string): Promise<string[]> =>
    [
      ...(await textOf(unit)).matchAll(/^LoadCredential=tapgrid_(\w+):\/etc\/tapgrid\/credentials\/\1$/gm),
    ].map(([, name]) => name!);
  const BUCKET = ['BACKUP_S3_KEY_ID', 'BACKUP_S3_SECRET'];

  test('the server is given every secret that there is a setting for, and its operators’ token', async () => {
    const keys: ConfigKey<unknown>[] = Object.values(CONFIG_KEYS);
    const secrets = keys.filter(({ secret }) => secret).map(({ env }) => env);
    expect((await secretsOf('tapgrid.service')).sort()).toEqual([...secrets, 'OPERATOR_TOKEN'].sort());
  });

  test('an edge is given what the engine has, but for the token of operators', async () => {
    const engine = await secretsOf('tapgrid.service');
    expect(await secretsOf('tapgrid-edge@.service')).toEqual(
      engine.filter((name) => name !== 'OPERATOR_TOKEN'),
    );
  });

  test.each([
    ['tapgrid-backup.service', BUCKET],
    ['tapgrid-tail.service', BUCKET],
    ['tapgrid-archive.service', BUCKET],
    ['tapgrid-integrity.service', []],
    ['tapgrid-probe.service', []],
  ])('%s is given %j and no other', async (unit, names) => expect(await secretsOf(unit)).toEqual(names));

  test('one that is not there is empty, and keeps no unit from starting', async () => {
    for (const unit of UNITS)
      for (const name of await secretsOf(unit))
        expect(await textOf(unit)).toContain(`\nSetCredential=tapgrid_${name}:\\n\n`);
  });
});

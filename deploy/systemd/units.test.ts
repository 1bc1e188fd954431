import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const EXPOSURE_MAX = 2.0;
const UNITS = [
  'tapgrid.service',
  'tapgrid-backup.service',
  'tapgrid-integrity.service',
  'tapgrid-archive.service',
  'tapgrid-tail.service',
] as const;
const TIMERS = ['tapgrid-backup.timer', 'tapgrid-integrity.timer', 'tapgrid-archive.timer'] as const;
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
  for (const folder of ['tapgrid.service.d', 'tapgrid-.service.d'])
    cpSync(join(import.meta.dir, 'sandbox.conf'), join(units, folder, '10-sandbox.conf'));
  for (const program of ['/opt/tapgrid/bun/current/bun', '/usr/bin/install', '/bin/sh']) {
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
      'LoadCredential=tapgrid:/etc/tapgrid/credentials',
      'ExecStart=/opt/tapgrid/bun/current/bun server/main.ts',
    ],
  ],
  [
    'tapgrid-backup.service',
    ['Type=oneshot', 'ExecStart=/opt/tapgrid/bun/current/bun scripts/backup.ts run'],
  ],
  [
    'tapgrid-integrity.service',
    [
      'Type=oneshot',
      'ExecStart=/opt/tapgrid/bun/current/bun scripts/verify-ledger.ts --metrics /var/lib/tapgrid/jobs/integrity.prom',
    ],
  ],
  [
    'tapgrid-tail.service',
    ['Restart=always', 'ExecStart=/opt/tapgrid/bun/current/bun scripts/backup.ts tail'],
  ],
  [
    'tapgrid-archive.service',
    ['Type=oneshot', 'ExecStart=/opt/tapgrid/bun/current/bun scripts/archive.ts run'],
  ],
] as const)('%s says what the server relies on', async (unit, lines) => {
  const text = (await textOf(unit)).split('\n');
  for (const line of lines) expect(text).toContain(line);
  expect(text.filter((line) => /^(Environment|ExecStart).*(SECRET|PASSWORD|redis:\/\/)/i.test(line))).toEqual(
    [],
  );
});

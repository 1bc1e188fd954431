import { messageOf } from '../../server/ports/failure.ts';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { cpus, release, totalmem, uptime } from 'node:os';
import { join } from 'node:path';
import { operationsPlace } from '../../server/compose/places.ts';
import { backupFolder } from '../../server/compose/backups.ts';
import { listSettings } from '../../server/config-listing.ts';
import type { Config, Environment } from '../../server/config.ts';
import { BUILD } from '../../server/ports/build.ts';
import { diskBytes } from '../../server/upkeep/disk.ts';
import { safely } from '../doctor/check.ts';
import type { Asks } from '../doctor/units.ts';

const LOOK_MS_MAX = 5_000;
const JOURNAL_LINES = 2_000;
const FILES_LISTED_MAX = 500;
const MACHINE = '/etc/tapgrid/machine.conf';
const UNITS = ['tapgrid*', 'nginx*', 'redis*', 'prometheus*', 'chrony*', 'systemd-timesyncd*'];

/** What runs here, and on what. */
export const about = (ask: Asks, at: Date): string =>
  lines({
    made: at.toISOString(),
    tapgrid: BUILD.version,
    commit: BUILD.commit ?? 'unbuilt',
    built: BUILD.builtAt ?? 'never',
    bun: Bun.version,
    system: /^PRETTY_NAME="?([^"\n]*)/m.exec(readText('/etc/os-release') ?? '')?.[1] ?? 'unknown',
    kernel: release(),
    processors: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
    memory: `${(totalmem() / 1024 ** 3).toFixed(1)} GiB`,
    up: `${Math.round(uptime() / 3600)} h`,
    clock: ask(['timedatectl', 'show'])?.trim().replaceAll('\n', ' ') ?? 'not known',
  });

/** What this machine was told to be, and which files a release put where. */
export const installed = (list: string): string =>
  [MACHINE, list].map((path) => `${path}\n${readText(path) ?? 'is not there'}\n`).join('\n');

/** Every setting as it counts, by group; what is a default is marked, a secret is not there. */
export function settings(env: Environment): string {
  let group = '';
  return listSettings(env)
    .map((one) => {
      const heading = one.group === group ? '' : `${group === '' ? '' : '\n'}${one.group}\n`;
      group = one.group;
      return `${heading}  ${one.key}=${one.value ?? ''}    (${one.from})\n`;
    })
    .join('');
}

export const units = (ask: Asks): string =>
  [
    ask(['systemctl', 'list-units', '--all', '--no-pager', '--plain', ...UNITS]),
    ask(['systemctl', 'list-timers', '--all', '--no-pager', 'tapgrid*', 'certbot*']),
    ask(['systemctl', 'show', 'tapgrid.service', 'tapgrid-*.service', '--no-pager']),
  ]
    .map((text) => text ?? 'systemd does not answer\n')
    .join('\n');

/** The newest lines of the server and of its jobs, oldest first. */
export const journal = (ask: Asks): string =>
  ask(['journalctl', '-u', 'tapgrid*', '-n', `${JOURNAL_LINES}`, '-o', 'short-iso', '--no-pager']) ??
  'the journal cannot be read: run this as root, or in the group systemd-journal\n';

/** Of the journal, what the breaker said: when the house was not well, and why. */
export const healthLog = (text: string): string =>
  text
    .split('\n')
    .filter((line) => line.includes('"health":{'))
    .map((line) => `${line}\n`)
    .join('') || 'the journal has no change of health\n';

export const metrics = (config: Config): Promise<string> => look(config, '/metrics');
export const health = (config: Config): Promise<string> => look(config, '/healthz');

async function look(config: Config, path: string): Promise<string> {
  const place = operationsPlace(config);
  return fetch(`http://${place.startsWith('/') ? 'operations' : place}${path}`, {
    ...(place.startsWith('/') && { unix: place }),
    signal: AbortSignal.timeout(LOOK_MS_MAX),
  }).then(
    (answer) => answer.text(),
    (cause: Error) => `no answer on ${place}: ${cause.message}\n`,
  );
}

/** How large what is, and what is free, of the books and of their backups. */
export const sizes = (config: Config): string =>
  [config.dataDir, backupFolder(config)]
    .filter((folder, index, all) => all.indexOf(folder) === index)
    .map(sizesOf)
    .join('\n');

function sizesOf(folder: string): string {
  try {
    const { usedBytes, totalBytes } = diskBytes(folder);
    const files = listed(folder);
    const shown = files.slice(0, FILES_LISTED_MAX);
    return [
      `${folder}: ${usedBytes} of ${totalBytes} bytes of its disk are used`,
      ...shown.map(
        ({ name, bytes, mode, changed }) => `${mode}  ${String(bytes).padStart(14)}  ${changed}  ${name}`,
      ),
      ...(files.length > shown.length ? [`and ${files.length - shown.length} more`] : []),
      '',
    ].join('\n');
  } catch (cause) {
    return `${folder}: ${messageOf(cause)}\n`;
  }
}

const listed = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .flatMap((name) => {
      const found = statSync(join(folder, name), { throwIfNoEntry: false });
      if (found === undefined) return [];
      const [mode, changed] = [(found.mode & 0o777).toString(8), found.mtime.toISOString()];
      return [{ name, bytes: found.isDirectory() ? 0 : found.size, mode, changed }];
    });

const lines = (values: Readonly<Record<string, string>>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name.padEnd(12)}${value}\n`)
    .join('');

const readText = (path: string): string | null => safely(() => readFileSync(path, 'utf8'));

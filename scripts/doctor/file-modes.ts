import { chmodSync, existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Config, Environment } from '../../server/config.ts';
import { CONFIG_KEYS } from '../../server/config-keys.ts';
import { readSettingsFile } from '../../server/config-file.ts';
import { backupFolder } from '../../server/compose/backups.ts';
import { PROBE_FILE } from '../probe/trader.ts';
import { safely, well, wrong, type Check, type Fix } from './check.ts';

/** Where provision.sh puts secrets, one file a key; only root looks in. */
export const CREDENTIALS_FOLDER = '/etc/tapgrid/credentials';

const GROUP_AND_OTHERS = 0o077;
const OTHERS = 0o007;
/** Anybody who may write it decides who operates the house; the server reads it by its group. */
const OTHERS_AND_WRITING = 0o027;

interface Guarded {
  readonly path: string;
  /** Bits of the mode that nobody may have. */
  readonly never: number;
  readonly what: string;
}

/** Whether anybody but the server and root can read secrets, or the books' backups. */
export function secrets(config: Config, env: Environment, credentials: string): Check {
  const open = guarded(config, env, credentials).filter(({ path, never }) => {
    const mode = safely(() => statSync(path).mode);
    return mode !== null && (mode & never) !== 0;
  });
  if (open.length === 0) return well('secrets', 'only the owner can read them');
  const says = open.map(({ path, what }) => `${what} (${path}, mode ${modeOf(path)})`).join(', ');
  const todo = open.map(({ path, never }) => `chmod ${narrowed(path, never)} ${path}`).join(' && ');
  return wrong(
    'secrets',
    `other users can read or change ${says}`,
    `${todo}, then replace what may have been read or changed.`,
    {
      says: todo,
      carryOut: () => open.forEach(({ path, never }) => chmodSync(path, statSync(path).mode & ~never)),
    },
  );
}

export const modeFix = (path: string, never: number): Fix => ({
  says: `chmod ${narrowed(path, never)} ${path}`,
  carryOut: () => chmodSync(path, statSync(path).mode & ~never & 0o777),
});

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);
const narrowed = (path: string, never: number): string => (statSync(path).mode & 0o777 & ~never).toString(8);

function guarded(config: Config, env: Environment, credentials: string): Guarded[] {
  const files = safely(() => readdirSync(credentials)) ?? [];
  const { operatorTokenFile, operatorsFile, dataDir } = config;
  return [
    { path: credentials, never: GROUP_AND_OTHERS, what: 'the folder of secrets' },
    ...files.map((name) => ({ path: join(credentials, name), never: GROUP_AND_OTHERS, what: name })),
    ...settingsFile(env),
    ...(operatorTokenFile === null
      ? []
      : [{ path: operatorTokenFile, never: OTHERS, what: 'the operator’s token' }]),
    ...(operatorsFile === null
      ? []
      : [{ path: operatorsFile, never: OTHERS_AND_WRITING, what: 'who operates' }]),
    { path: join(dataDir, PROBE_FILE), never: GROUP_AND_OTHERS, what: 'the key of the probe' },
    { path: backupFolder(config), never: OTHERS, what: 'the backups' },
  ];
}

/** A file of settings is no secret, unless there is one in it; nobody else may write into it. */
function settingsFile({ SETTINGS_FILE: path }: Environment): Guarded[] {
  if (!path || !existsSync(path)) return [];
  const values = safely(() => readSettingsFile(path).values) ?? {};
  const holds = Object.values(CONFIG_KEYS).filter(({ secret, env }) => secret && values[env]);
  const what = holds.length === 0 ? 'the settings' : holds.map(({ env }) => env).join(' and ');
  return [{ path, never: holds.length === 0 ? 0o002 : OTHERS, what }];
}

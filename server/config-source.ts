import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConfigKey } from './config-key.ts';
import { strangers } from './config-names.ts';
import type { ConfigError, Environment } from './config.ts';
import { readSettingsFile } from './config-file.ts';

/**
 * The settings of a process: its environment, overridden by the file that SETTINGS_FILE names, without the
 * names that SETTINGS_WITHHELD lists. Both variables are set by the parent process and are not settings
 * themselves.
 */
export function withSettingsFile(given: Environment): {
  readonly env: Environment;
  readonly errors: readonly ConfigError[];
  readonly hints: readonly string[];
} {
  const { SETTINGS_FILE: path, SETTINGS_WITHHELD: withheld = '', ...own } = given;
  const env: Record<string, string | undefined> = own;
  const errors: ConfigError[] = [];
  const hints: string[] = [];
  if (path) {
    try {
      const { values, wrong, hints: fileHints } = readSettingsFile(path);
      Object.assign(env, values);
      if (Object.keys(values).length === 0 && wrong.length === 0) errors.push(emptyError(path));
      for (const { line, text } of wrong) errors.push(lineError(`line ${line} of ${path}`, text));
      hints.push(
        ...fileHints.map((hint) => `${path}, ${hint}`),
        ...strangers(Object.keys(values)).map((hint) => `${path}: ${hint}`),
      );
    } catch (cause) {
      errors.push({
        key: 'SETTINGS_FILE',
        given: JSON.stringify(path),
        bounds: `a file readable by this user (${(cause as NodeJS.ErrnoException).code ?? cause})`,
        example: 'SETTINGS_FILE=/etc/tapgrid/tapgrid.env',
      });
    }
  }
  for (const name of withheld.split(/[\s,]+/)) delete env[name];
  return { env, errors, hints };
}

/**
 * With the defaults instead, a house would go into service under another address, without its operators and
 * its backups.
 */
const emptyError = (path: string): ConfigError => ({
  key: 'SETTINGS_FILE',
  given: JSON.stringify(path),
  bounds: 'a file with settings, but this one has none: was it emptied by a full disk? Write them again',
  example: 'PUBLIC_ORIGIN=https://taps.example in that file',
});

const lineError = (key: string, text: string): ConfigError => ({
  key,
  // It may be a secret.
  given: JSON.stringify(text.length > 12 ? `${text.slice(0, 12)}…` : text),
  bounds: 'KEY=value, or a comment that begins with #',
  example: 'FEED=live',
});

/**
 * How the unit file names the folder of secrets: systemd puts the file REDIS_URL of it at
 * `$CREDENTIALS_DIRECTORY/tapgrid_REDIS_URL`.
 */
const CREDENTIAL_PREFIX = 'tapgrid_';

/**
 * A secret that the service manager handed over as a file, without its last line break; empty where there is
 * none.
 */
export function credential(env: Environment, key: ConfigKey<unknown>): string {
  if (!key.secret || !env.CREDENTIALS_DIRECTORY) return '';
  try {
    return readFileSync(join(env.CREDENTIALS_DIRECTORY, `${CREDENTIAL_PREFIX}${key.env}`), 'utf8').replace(
      /\r?\n$/,
      '',
    );
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw cause;
  }
}

/**
 * Where the service manager put a secret that is expected as a file; null where it did not, or an empty one.
 */
export function credentialFile(env: Environment, name: string): string | null {
  const path = env.CREDENTIALS_DIRECTORY
    ? join(env.CREDENTIALS_DIRECTORY, `${CREDENTIAL_PREFIX}${name}`)
    : null;
  return path !== null && existsSync(path) && readFileSync(path, 'utf8').trim() !== '' ? path : null;
}

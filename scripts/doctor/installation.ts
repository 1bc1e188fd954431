import { messageOf } from '../../server/ports/failure.ts';
import { readFileSync } from 'node:fs';
import { engines } from '../../package.json';
import type { Config } from '../../server/config.ts';
import { OPERATOR_TOKEN_LENGTH_MIN } from '../../server/identity/operator-sessions.ts';
import { sqliteVersion } from '../../server/store/inspection.ts';
import { safely, warn, well, wrong, type Check } from './check.ts';

/** What runs here, and what it was told. */

export const bun = (): Check =>
  Bun.version === engines.bun
    ? well('bun', Bun.version)
    : warn(
        'bun',
        `${Bun.version}, tried with ${engines.bun}`,
        'Install the version that package.json names.',
      );

export function sqlite(): Check {
  try {
    return well('sqlite', sqliteVersion());
  } catch (cause) {
    return wrong('sqlite', messageOf(cause), 'Install the Bun version that package.json names.');
  }
}

export const settings = (hints: readonly string[]): readonly Check[] =>
  hints.length === 0
    ? [well('settings', 'every value is within its bounds')]
    : hints.map((hint) => warn('settings', hint, 'Correct the name, or take the variable away.'));

export const origin = ({ publicOrigin }: Config): Check =>
  publicOrigin.startsWith('https:')
    ? well('origin', publicOrigin)
    : warn(
        'origin',
        `${publicOrigin} is for this machine alone`,
        'Set PUBLIC_ORIGIN to the https address that traders open.',
      );

export function token({ operatorTokenFile: path }: Config): Check {
  if (path === null)
    return warn(
      'token',
      'there is no operator’s page',
      'Put a random token of 24 characters or more into a file, and its path into OPERATOR_TOKEN_FILE.',
    );
  const text = safely(() => readFileSync(path, 'utf8').trim());
  if (text === null)
    return wrong(
      'token',
      `${path} cannot be read`,
      'Check OPERATOR_TOKEN_FILE and the permissions of the file.',
    );
  return text.length < OPERATOR_TOKEN_LENGTH_MIN
    ? wrong('token', `the token in ${path} is too short`, 'openssl rand -base64 24')
    : well('token', path);
}

import { messageOf } from '../../server/ports/failure.ts';
import { readFileSync } from 'node:fs';
import { engines } from '../../package.json';
import type { Config } from '../../server/config.ts';
import { OPERATOR_TOKEN_LENGTH_MIN, readOperators } from '../../server/identity/operators.ts';
import { sqliteVersion } from '../../server/store/inspection.ts';
import { safely, warn, well, wrong, type Check } from './check.ts';

/** What runs here, and what it was told. */

export const bun = (): Check =>
  Bun.version === engines.bun
    ? well('bun', Bun.version)
    : warn(
        'bun',
        `${Bun.version}; tested with ${engines.bun}`,
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
    ? [well('settings', 'all values are valid')]
    : hints.map((hint) => warn('settings', hint, 'Correct the name, or remove the variable.'));

export const origin = ({ publicOrigin }: Config): Check =>
  publicOrigin.startsWith('https:')
    ? well('origin', publicOrigin)
    : warn(
        'origin',
        `${publicOrigin} is only reachable from this machine`,
        'Set PUBLIC_ORIGIN to the https address that traders open.',
      );

export function token({ operatorTokenFile: path, operatorsFile }: Config): Check {
  if (operatorsFile !== null) return operators(operatorsFile, path);
  if (path === null)
    return warn(
      'token',
      'the operator’s page is off',
      'Set OPERATORS_FILE, and give each operator a token: tapgrid operators add.',
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
    : warn(
        'token',
        'all operators share one token, so nobody can approve as a second person',
        'Set OPERATORS_FILE, give each operator their own (tapgrid operators add), and remove ' +
          'OPERATOR_TOKEN.',
      );
}

const operatorsText = (count: number): string => (count === 1 ? '1 operator' : `${count} operators`);

function operators(file: string, shared: string | null): Check {
  const names = safely(() => readOperators(readFileSync(file, 'utf8')).map(({ name }) => name));
  if (names === null)
    return wrong('token', `${file} cannot be read (OPERATORS_FILE)`, 'tapgrid operators list says why.');
  if (shared !== null)
    return warn(
      'token',
      `${operatorsText(names.length)} with tokens of their own, but one shared token is left`,
      'Remove OPERATOR_TOKEN: its actions carry no name.',
    );
  return names.length === 0
    ? warn('token', `${file} lists no operators`, 'Create a token with tapgrid operators add.')
    : well('token', `${operatorsText(names.length)} in ${file}`);
}

import { CONFIG_GROUPS } from './config-keys.ts';
import type { ConfigKey } from './config-key.ts';
import type { ConfigError } from './config.ts';

/** What the process ends with. */
export const EXIT_CODES = { stopped: 0, refused: 1, misused: 2, houseElsewhere: 3, broken: 70 } as const;

/** The last line of {@link configErrorText}, which says nothing of what is wrong. */
export const SETTINGS_HINT = 'List every setting with: tapgrid start --help, or npm start -- --help';

/** The errors as a person reads them on a terminal: key, value, bounds and example, one line each. */
export const configErrorText = (errors: readonly ConfigError[]): string =>
  [
    errors.length === 1 ? 'One setting is wrong:' : `${errors.length} settings are wrong:`,
    ...errors.map(
      ({ key, given, bounds, example }) => `  ${key} is ${given}; expected ${bounds}. Example: ${example}`,
    ),
    SETTINGS_HINT,
  ].join('\n');

/** The markdown table of all keys, one table per group. */
export const configTable = (): string =>
  GROUPS.map(([title, keys]) => [`**${title}**`, '', ...TABLE_HEAD, ...keys.map(tableRow)].join('\n')).join(
    '\n\n',
  );

/** What `--help` prints: usage, every key with default and bounds, examples, exit codes. */
export const helpText = (): string =>
  [
    'Tapgrid: BTC tap-trading on one machine.',
    '',
    'Usage: npm start [-- --help]    or    bun run start [--help]',
    '',
    settingsText(),
    'Examples:',
    '  npm start                                      live prices, or simulated ones if no exchange answers',
    '  FEED=walk:7 PORT=0 npm start                   simulated prices, any free port',
    "  FEED='replay:ticks.csv.gz?loop' npm start      recorded prices, again and again",
    '  PUBLIC_ORIGIN=https://taps.example npm start   behind a proxy that speaks TLS',
    '',
    'Exit codes:',
    `  ${EXIT_CODES.stopped}   stopped on request`,
    `  ${EXIT_CODES.refused}   not started: the port or the data folder is in use, ` +
      'or the books cannot be opened',
    `  ${EXIT_CODES.misused}   not started: a setting or the command line is wrong`,
    `  ${EXIT_CODES.houseElsewhere}   not started: no books here, but backups or traces ` +
      'of a house, or a place that does not answer',
    `  ${EXIT_CODES.broken}  stopped because the outcome of a database ` +
      'commit is unknown; the next start finds out',
    '',
  ].join('\n');

/** Every key with default and bounds, by group. */
export const settingsText = (): string =>
  [
    'Settings come from the file named by SETTINGS_FILE, with KEY=value lines, and otherwise from the ' +
      'environment,',
    "by the rules of systemd's EnvironmentFile. Secrets may be files in $CREDENTIALS_DIRECTORY. " +
      'An empty value counts as not given.',
    '',
    ...GROUPS.flatMap(([title, keys]) => [`${title}:`, ...keys.map(helpEntry), '']),
  ].join('\n');

type Key = ConfigKey<unknown>;
const GROUPS: readonly (readonly [string, readonly Key[]])[] = Object.entries(CONFIG_GROUPS).map(
  ([title, keys]) => [title, Object.values<Key>(keys)],
);

const TABLE_HEAD = ['| key | default | bounds | what it does |', '|---|---|---|---|'];

function tableRow(key: Key): string {
  const fallback = key.fallback ? `\`${key.fallback}\`${unitAfter(key)}` : 'unset';
  const row = `| \`${key.env}\` | ${fallback} | ${key.value.bounds} | ${key.about} |`;
  return row.replaceAll('<', '&lt;');
}

const helpEntry = (key: Key): string =>
  [
    `  ${key.env} (${key.fallback ? `${key.fallback}${unitAfter(key)}` : 'unset'})`,
    `      ${key.about}`,
    `      Expected ${key.value.bounds}; for example ${key.env}=${key.example}`,
  ].join('\n');

const unitAfter = (key: Key): string => (key.value.unit ? ` ${key.value.unit}` : '');

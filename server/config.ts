import { CONFIG_KEYS } from './config-keys.ts';
import { listSettings, type Setting } from './config-listing.ts';
import { formerSettings, misspellings } from './config-names.ts';
import { credential, credentialFile, withSettingsFile } from './config-source.ts';
import { VALUE_LENGTH_MAX } from './config-value.ts';
import type { ConfigKey } from './config-key.ts';
import { RELATIONS } from './config-relations.ts';

/** The name of a setting in the configuration. */
export type Property = keyof typeof CONFIG_KEYS;
type ValueOf<K> = K extends ConfigKey<infer V> ? V : never;
type Values = { readonly [P in Property]: ValueOf<(typeof CONFIG_KEYS)[P]> };

/**
 * Every setting, checked and deeply frozen. Units stand at the end of the names; money is in micro-dollars.
 */
export type Config = Omit<Values, 'publicOrigin'> & {
  /** As given, or `http://localhost:<port>`; see {@link withPort} for port 0. */
  readonly publicOrigin: string;
};

/**
 * One wrong value: its key, the value as it may be shown, what is right in words, and `KEY=value` that would
 * be right, with the other keys where it is about their relation.
 */
export interface ConfigError {
  readonly key: string;
  readonly given: string;
  readonly bounds: string;
  readonly example: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * `hints` are sentences on names in the environment that look like a misspelled key, or were one: warnings,
 * not errors.
 */
export type LoadedConfig = ({ readonly ok: Config } | { readonly errors: readonly ConfigError[] }) & {
  readonly hints: readonly string[];
};

/**
 * Reads every key, from the environment and from the file that SETTINGS_FILE names, then the relations
 * between them; an empty value counts as not given. All errors are reported at once.
 */
export function loadConfig(given: Environment = process.env): LoadedConfig {
  const values: Partial<Record<Property, unknown>> = {};
  const { env, errors: unread, hints: fileHints } = withSettingsFile(given);
  const errors = [...unread];
  for (const property of PROPERTIES) {
    const key: ConfigKey<unknown> = CONFIG_KEYS[property];
    const given =
      env[key.env] || (key.anyCase && env[key.env.toLowerCase()]) || credential(env, key) || key.fallback;
    const value = given.length > VALUE_LENGTH_MAX ? undefined : key.value.parse(given);
    if (value === undefined) errors.push(errorOf(key, given, key.value.bounds));
    else values[property] = value;
  }
  // A house of before there were boards says how long the windows of its only one are.
  if (!env[CONFIG_KEYS.windows.env] && typeof values.windowMs === 'number')
    values.windows = [values.windowMs];
  for (const { property, others, broken, bounds } of RELATIONS) {
    // One mistake is reported once: a relation with a key whose own text is wrong is not checked.
    if ([property, ...others].some((name) => values[name] === undefined) || !broken(values as Config))
      continue;
    const key = CONFIG_KEYS[property];
    const [own, ...theirs] = [property, ...others].map(rightText);
    errors.push({
      ...errorOf(key, env[key.env] || key.fallback, bounds),
      example: `${own} with ${theirs.join(' ')}`,
    });
  }
  const names = Object.keys(env);
  const hints = [...fileHints, ...formerSettings(names), ...misspellings(names)];
  if (errors.length) return { errors, hints };
  values.operatorTokenFile ??= credentialFile(env, 'OPERATOR_TOKEN');
  values.publicOrigin ??= derivedOrigin(values.port as number);
  return { ok: deeplyFrozen(values) as Config, hints };
}

/**
 * The same configuration once a listener on port 0 knows its port; a derived origin follows it, a given one
 * stays.
 */
export const withPort = (config: Config, port: number): Config =>
  deeplyFrozen({
    ...config,
    port,
    publicOrigin: config.publicOrigin === derivedOrigin(0) ? derivedOrigin(port) : config.publicOrigin,
  });

/** Every setting as it counts, for people to read: no secret is among the values. */
export const shownSettings = (env: Environment = process.env): readonly Setting[] => listSettings(env);

/**
 * What the service manager says of itself: where it listens, and how long it waits for a sign of life. Not
 * settings: systemd sets them.
 */
export interface Supervision {
  readonly notifySocket: string | null;
  readonly watchdogMs: number | null;
}

/**
 * Reads NOTIFY_SOCKET and WATCHDOG_USEC, see sd_watchdog_enabled(3): a watchdog that is meant for another
 * process is none.
 */
export function loadSupervision(env: Environment = process.env, pid = process.pid): Supervision {
  const usec =
    /^[1-9]\d{0,14}$/.test(env.WATCHDOG_USEC ?? '') && (env.WATCHDOG_PID || `${pid}`) === `${pid}`
      ? Number(env.WATCHDOG_USEC)
      : null;
  return { notifySocket: env.NOTIFY_SOCKET || null, watchdogMs: usec === null ? null : usec / 1000 };
}

/**
 * The environment for a process that this one starts with settings of its own: what counts here, from
 * wherever it came, and over it `settings` by the names of their keys. The service manager talks to this
 * process alone.
 */
export function environmentWith(
  settings: Readonly<Record<string, string>>,
  given: Environment = process.env,
): Environment {
  const { NOTIFY_SOCKET: _, WATCHDOG_USEC: __, WATCHDOG_PID: ___, ...env } = withSettingsFile(given).env;
  return { ...env, ...settings };
}

const PROPERTIES = Object.keys(CONFIG_KEYS) as Property[];

const derivedOrigin = (port: number): string => `http://localhost${port === 80 ? '' : `:${port}`}`;

/** Characters of a wrong value that are shown back. */
const SHOWN_LENGTH_MAX = 120;

function errorOf(key: ConfigKey<unknown>, given: string, bounds: string): ConfigError {
  const shown = given.length > SHOWN_LENGTH_MAX ? `${given.slice(0, SHOWN_LENGTH_MAX)}…` : given;
  return {
    key: key.env,
    given: given === '' ? 'unset' : key.secret ? '(not shown)' : JSON.stringify(shown),
    bounds,
    example: `${key.env}=${key.example}`,
  };
}

/** Defaults hold every relation; where a key has none, its example does. */
function rightText(property: Property): string {
  const { env, fallback, example } = CONFIG_KEYS[property];
  return `${env}=${fallback || example}`;
}

function deeplyFrozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const part of Object.values(value)) deeplyFrozen(part);
  return Object.freeze(value);
}

import type { ConfigKey } from './config-key.ts';
import { BOARD } from './config/board.ts';
import { CONFIG_GROUPS } from './config-keys.ts';
import { credential, withSettingsFile } from './config-source.ts';
import type { Environment } from './config.ts';

/** One setting as it counts. */
export interface Setting {
  /** The heading under which documents list it. */
  readonly group: string;
  readonly key: string;
  /** As it was written; null where nothing is set. Of a secret only that there is one. */
  readonly value: string | null;
  readonly from: 'default' | 'environment' | 'file' | 'credential';
}

const SECRET_SET = '(set)';

/**
 * All settings in the order of the documents, whether they are right or not; no secret is among their values.
 */
export function listSettings(given: Environment): Setting[] {
  const settings = KEYS.map(([group, key]) => settingOf(group, key, given));
  const only = settings.find(({ key, value }) => key === BOARD.windowMs.env && value !== null);
  // The default does not count beside it.
  return settings.map((one) =>
    only !== undefined && one.key === BOARD.windows.env && one.from === 'default'
      ? { ...one, value: only.value }
      : one,
  );
}

/** The texts of all secrets that are set, of which none may be shown. */
export const secretTexts = (given: Environment): string[] =>
  KEYS.flatMap(([, key]) => (key.secret ? textsOf(key, given).filter((text) => text !== '') : []));

const KEYS: readonly (readonly [group: string, key: ConfigKey<unknown>])[] = Object.entries(
  CONFIG_GROUPS,
).flatMap(([group, keys]) => Object.values<ConfigKey<unknown>>(keys).map((key) => [group, key] as const));

/** Of the environment, of the file, of the service manager. */
function textsOf(key: ConfigKey<unknown>, given: Environment): [string, string, string] {
  const own = (from: Environment): string =>
    from[key.env] || (key.anyCase && from[key.env.toLowerCase()]) || '';
  return [own(given), own(withSettingsFile(given).env), credential(given, key)];
}

function settingOf(group: string, key: ConfigKey<unknown>, given: Environment): Setting {
  const [environment, merged, handed] = textsOf(key, given);
  const from =
    merged !== ''
      ? merged === environment
        ? 'environment'
        : 'file'
      : handed !== ''
        ? 'credential'
        : 'default';
  const value = merged || handed || key.fallback;
  return { group, key: key.env, value: value === '' ? null : key.secret ? SECRET_SET : value, from };
}

import type { ConfigKey } from '../../server/config-key.ts';
import { CONFIG_GROUPS } from '../../server/config-keys.ts';
import { credential, withSettingsFile } from '../../server/config-source.ts';
import type { Environment } from '../../server/config.ts';
import { command } from '../command-line/command.ts';
import { EXIT } from '../command-line/exit-codes.ts';
import { misused } from '../command-line/failure.ts';

/** One setting as it counts. */
interface Setting {
  readonly key: string;
  /** As it was written; null where nothing is set. Of a secret only whether there is one. */
  readonly value: string | null;
  readonly from: 'default' | 'environment' | 'file' | 'credential';
}

export const settings = command({
  about:
    'Shows every setting as it counts, and where it comes from: the file that SETTINGS_FILE names, the ' +
    'environment, the credentials, or its default. A secret is never shown.',
  words: { key: { mayBeMissing: true, about: 'one setting, of which the value alone is written' } },
  examples: ['settings', 'settings DATA_DIR', 'settings --json'],
  exits: { 0: 'shown', 2: 'a setting is wrong, or there is none of that name' },
  async run({ words: { key } }, shell) {
    // What is wrong is refused as it is at the start of the server.
    shell.config();
    const all = KEYS.map((one) => settingOf(one, shell.env));
    if (key === undefined) return { exit: EXIT.ok, report: all, text: all.map(lineOf).join('') };
    const found = all.find((one) => one.key === key);
    if (found === undefined) throw misused('unknown_setting', `There is no setting ${key}.`);
    return { exit: EXIT.ok, report: found, text: `${found.value ?? ''}\n` };
  },
});

const KEYS: readonly ConfigKey<unknown>[] = Object.values(CONFIG_GROUPS).flatMap((group) =>
  Object.values<ConfigKey<unknown>>(group),
);

function settingOf(key: ConfigKey<unknown>, given: Environment): Setting {
  const { env } = withSettingsFile(given);
  const own = (from: Environment) => from[key.env] || (key.anyCase && from[key.env.toLowerCase()]) || '';
  const [set, secret] = [own(env), credential(env, key)];
  const from =
    set !== '' ? (set === own(given) ? 'environment' : 'file') : secret !== '' ? 'credential' : 'default';
  const value = set || secret || key.fallback;
  return { key: key.env, value: value === '' ? null : key.secret ? '(set)' : value, from };
}

const lineOf = ({ key, value, from }: Setting): string =>
  `${key}=${value ?? ''}${from === 'default' ? '' : `    (${from})`}\n`;

import { listSettings, type Setting } from '../../server/config-listing.ts';
import { command } from '../command-line/command.ts';
import { EXIT } from '../command-line/exit-codes.ts';
import { misused } from '../command-line/failure.ts';

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
    const all = listSettings(shell.env);
    if (key === undefined) return { exit: EXIT.ok, report: all, text: all.map(lineOf).join('') };
    const found = all.find((one) => one.key === key);
    if (found === undefined) throw misused('unknown_setting', `There is no setting ${key}.`);
    return { exit: EXIT.ok, report: found, text: `${found.value ?? ''}\n` };
  },
});

const lineOf = ({ key, value, from }: Setting): string =>
  `${key}=${value ?? ''}${from === 'default' ? '' : `    (${from})`}\n`;

import { listSettings, type Setting } from '../../server/config-listing.ts';
import { command } from '../command-line/command.ts';
import { EXIT } from '../command-line/exit-codes.ts';
import { misused } from '../command-line/failure.ts';

export const settings = command({
  about:
    'Shows the effective value of every setting and where it comes from: the file named by SETTINGS_FILE, ' +
    'the environment, the credentials, or the default. Secrets are never shown.',
  words: { key: { mayBeMissing: true, about: 'print only the value of this setting' } },
  examples: ['settings', 'settings DATA_DIR', 'settings --json'],
  exits: { 0: 'shown', 2: 'a setting is wrong, or the name is unknown' },
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

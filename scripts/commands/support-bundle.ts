import { messageOf } from '../../server/ports/failure.ts';
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { command } from '../command-line/command.ts';
import { EXIT } from '../command-line/exit-codes.ts';
import { CommandFailure } from '../command-line/failure.ts';
import { bundle } from '../support/bundle.ts';

const OWNER_ALONE = 0o600;

export const supportBundle = command({
  about:
    'Puts what a helper asks for first into one zip file: versions, what the ' +
    'doctor says, settings, states of ' +
    'units, the end of the journal, health and its changes, metrics, sizes. Secrets are taken out.',
  options: {
    out: { value: '<path>', about: 'where it goes; default: tapgrid-support-<time>.zip in this folder' },
  },
  notes: 'The journal holds ids of accounts and addresses of wallets. As root it is whole.',
  examples: ['support-bundle', 'support-bundle --out /root/support.zip'],
  exits: { 0: 'written', 1: 'it could not be written' },
  async run({ options }, shell) {
    const at = new Date();
    const path = resolve(options.out ?? `tapgrid-support-${at.toISOString().replace(/[-:]|\.\d+/g, '')}.zip`);
    const { bytes, names } = await bundle(shell.env, at, {}, (part, what) =>
      shell.progress('gathering', part, what),
    );
    try {
      writeFileSync(path, bytes, { flag: 'wx', mode: OWNER_ALONE });
    } catch (cause) {
      throw new CommandFailure('not_written', `${path}: ${messageOf(cause)}`);
    }
    const report = { path, bytes: bytes.length, files: names };
    return {
      exit: EXIT.ok,
      report,
      text: `${path}, ${(bytes.length / 1024).toFixed(0)} KiB: ${names.join(', ')}\n`,
    };
  },
});

import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { command } from '../command-line/command.ts';
import { EXIT } from '../command-line/exit-codes.ts';
import { failingAs } from '../command-line/failure.ts';
import { bundle } from '../support/bundle.ts';

const OWNER_ALONE = 0o600;

export const supportBundle = command({
  about:
    "Collects what support asks for first in one zip file: versions, the doctor's report, settings, " +
    'states of units, the end of the journal, health and its changes, metrics, sizes. It contains no ' +
    'secrets.',
  options: {
    out: { value: '<path>', about: 'the file to write; default: tapgrid-support-<time>.zip in this folder' },
  },
  notes: 'The journal contains account ids and wallet addresses. Run it as root to include everything.',
  examples: ['support-bundle', 'support-bundle --out /root/support.zip'],
  exits: { 0: 'written', 1: 'it could not be written' },
  async run({ options }, shell) {
    const at = new Date();
    const path = resolve(options.out ?? `tapgrid-support-${at.toISOString().replace(/[-:]|\.\d+/g, '')}.zip`);
    let report = { path, bytes: 0, files: [] as readonly string[] };
    await written(path, () => writeFileSync(path, '', { flag: 'wx', mode: OWNER_ALONE }));
    for await (const { bytes, names, part } of bundle(shell.env, at)) {
      await written(path, () => writeFileSync(path, bytes));
      report = { path, bytes: bytes.length, files: names };
      shell.progress('gathering', part, names.at(-1));
    }
    const size = (report.bytes / 1024).toFixed(0);
    return { exit: EXIT.ok, report, text: `${path}, ${size} KiB: ${report.files.join(', ')}\n` };
  },
});

const written = (path: string, write: () => void): Promise<void> =>
  failingAs('not_written', `${path} cannot be written`, async () => write());

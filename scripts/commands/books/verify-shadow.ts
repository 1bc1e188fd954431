import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { openCopyHistory, openHistory } from '../../../server/store/open-history.ts';
import { DATABASE_FILE } from '../../../server/store/store.ts';
import { command } from '../../command-line/command.ts';
import { EXIT, exitOf } from '../../command-line/exit-codes.ts';
import { failingAs } from '../../command-line/failure.ts';
import { rebuildShadow } from '../../shadow-book/rebuild.ts';
import { shadowText } from '../../shadow-book/print.ts';

export const verifyShadow = command({
  about:
    'Works the shadow book out again from ticks and revisions, compares it with what is written down, and ' +
    'shows what all cells really paid. The server may be running.',
  options: {
    file: {
      value: '<path>',
      about: 'a file other than tapgrid.db in DATA_DIR; one in use needs its -wal and -shm beside it',
    },
    days: {
      value: '<days>',
      whole: [1, 3_650],
      fallback: '7',
      about: 'how many days back from the newest block',
    },
  },
  notes: `The shadow book counts every cell of one revision in eight seconds, sold or not, and what came of it. Blocks
whose ticks are archived are not worked out again; tapgrid archive verify proves their hashes.`,
  examples: ['verify-shadow', 'verify-shadow --days 1 --file /var/lib/tapgrid/restored/tapgrid.db'],
  exits: {
    0: 'every block is what its ticks and revisions say',
    1: 'a block is not',
    2: 'the command line or a setting is wrong, or the file cannot be read; nothing was checked',
  },
  async run({ options }, shell) {
    const own = options.file === undefined;
    const file =
      options.file === undefined ? join(shell.config().dataDir, DATABASE_FILE) : resolve(options.file);
    return failingAs(
      'not_checked',
      `${file} cannot be checked`,
      async () => {
        if (!existsSync(file)) throw new Error('no such file; expected the database of a house, tapgrid.db');
        const history = existsSync(`${file}-wal`) || own ? openHistory(file) : openCopyHistory(file);
        try {
          const report = await rebuildShadow(history, options.days, (part) => shell.progress('blocks', part));
          return {
            exit: exitOf(report.faults.length === 0),
            report: { file, ...report },
            text: shadowText(report),
          };
        } finally {
          history.close();
        }
      },
      EXIT.usage,
    );
  },
});

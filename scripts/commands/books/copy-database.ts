import { copyHere } from '../../../server/store/copy-here.ts';
import { command } from '../../command-line/command.ts';
import { EXIT } from '../../command-line/exit-codes.ts';
import { failingAs } from '../../command-line/failure.ts';

export const copyDatabase = command({
  about:
    'Copies a database, even one in use, as of one moment and at low priority, and flushes the copy. ' +
    'Backups run this themselves; it checks nothing.',
  words: { source: { about: 'the file' }, target: { about: 'the copy; must not exist yet' } },
  examples: ['copy-database tapgrid.db copy.db'],
  exits: { 0: 'copied', 1: 'not copied' },
  run: ({ words: { source, target } }) =>
    failingAs('copy_failed', 'Not copied', async () => {
      copyHere(source, target);
      return { exit: EXIT.ok, report: { source, target }, text: '' };
    }),
});

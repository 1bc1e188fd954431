import { openStore, hasBooks } from '../../server/store/store.ts';
import { storeOptions } from '../../server/compose/books.ts';
import { messageOf } from '../../server/ports/failure.ts';
import type { ObjectStore } from '../../server/upkeep/backup/object-store.ts';
import { admit } from '../../server/upkeep/houses/admission.ts';
import { backupHouse, type BackupHouse } from '../backup/house.ts';
import { command } from '../command-line/command.ts';
import { EXIT } from '../command-line/exit-codes.ts';
import { CommandFailure, failingAs } from '../command-line/failure.ts';

export const newHouse = command({
  about:
    'Creates the books of a new house in DATA_DIR even though a house exists elsewhere, which a start of ' +
    'the server refuses. They do not contain the accounts, balances and bets of the other house.',
  notes: `If BACKUP_DIR or the bucket holds backups of the other house, those of the new one may be stored beside
them from then on; the two are kept apart. The first start of a fresh installation does not need this.`,
  examples: ['new-house'],
  exits: { 0: 'created: start the server', 1: 'books exist already, or they cannot be created' },
  run: (_, shell) => {
    const config = shell.config();
    return failingAs('not_made', 'No house was created', async () => {
      if (hasBooks(config.dataDir))
        throw new CommandFailure('books_exist', `${config.dataDir} (DATA_DIR) already has books.`);
      const store = await openStore(storeOptions(config, Date.now()));
      const house = store.books.house();
      await store.close();
      const stores = await letIn(backupHouse(config));
      return {
        exit: EXIT.ok,
        report: { house, dataDir: config.dataDir, stores },
        text: `house ${house} in ${config.dataDir}\n${stores.map(({ text }) => `${text}\n`).join('')}`,
      };
    });
  },
});

interface LetIn {
  readonly store: string;
  /** Null where the place cannot be asked. */
  readonly beside: readonly string[] | null;
  readonly text: string;
}

/** Lets the new house in beside what is there already. */
async function letIn({ local, remote, hold }: BackupHouse): Promise<LetIn[]> {
  const own = hold();
  try {
    const stores: LetIn[] = [];
    for (const store of [local, remote]) if (store !== null) stores.push(await letInto(store));
    return stores;
  } finally {
    own.close();
  }

  async function letInto(store: ObjectStore): Promise<LetIn> {
    try {
      const beside = await admit(store, own, { adopt: true, at: Date.now() });
      const text =
        'its backups go to ' +
        `${store.name}${beside.length === 0 ? '' : `, beside those of ${beside.join(' and ')}`}`;
      return { store: store.name, beside, text };
    } catch (cause) {
      const text =
        `${store.name} does not answer (${messageOf(cause)}); if it holds ` +
        'another house, "tapgrid backup run --adopt" adds this one';
      return { store: store.name, beside: null, text };
    }
  }
}

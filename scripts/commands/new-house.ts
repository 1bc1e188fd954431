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
    'Makes the books of a new house in DATA_DIR although a house is elsewhere, where a start of the server ' +
    'refuses to. Accounts, balances and bets of that other house are not in them.',
  notes: `Where backups of the other house lie in BACKUP_DIR or in the bucket, those of the new one may stand
beside them from then on; each is kept for itself. The first start of a fresh installation needs none of this.`,
  examples: ['new-house'],
  exits: { 0: 'made: start the server', 1: 'there are books already, or they cannot be made' },
  run: (_, shell) => {
    const config = shell.config();
    return failingAs('not_made', 'No house was made', async () => {
      if (hasBooks(config.dataDir))
        throw new CommandFailure('books_exist', `There are books in ${config.dataDir} (DATA_DIR) already.`);
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
        `${store.name} cannot be asked (${messageOf(cause)}); if another house is there, ` +
        '"tapgrid backup run --adopt" lets this one in';
      return { store: store.name, beside: null, text };
    }
  }
}

import { join } from 'node:path';
import type { Config } from '../config.ts';
import type { Engine } from '../engine/engine.ts';
import type { OperatorBooks } from '../ports/operator.ts';
import { DATABASE_FILE } from '../store/store.ts';
import { SqliteTail } from '../store/tail-source.ts';
import { DirectoryStore } from '../upkeep/backup/directory-store.ts';
import { lackingOf, seenHeads, type SeenHead } from '../upkeep/backup/seen-heads.ts';
import type { Log } from '../upkeep/log.ts';
import { notedHead } from '../upkeep/noted-head.ts';
import { ownOf } from '../upkeep/backup/tail-shipper.ts';
import { onlyOthersIn } from '../upkeep/houses/admission.ts';
import type { OwnBooks } from '../upkeep/houses/ownership.ts';
import { backupFolder } from './backups.ts';

/** Who halts a house whose books stand behind; no person. */
const OPERATOR = 'start check';
/** Halts that are looked through for one that an operator has answered. */
const ACTIONS_MAX = 200;

type Places = Pick<Config, 'dataDir' | 'backupDir'>;

/**
 * The heads of its ledger that a house's own backups and the note beside its database have seen. Books of
 * before houses had ids have none: the start of the server gives them theirs.
 * @param unreadable told when the backups cannot be read: then it is the note alone
 * @throws Error when the books cannot be opened.
 */
export const headsSeen = (places: Places, unreadable?: Unreadable): Promise<SeenHead[]> =>
  withBooks(places.dataDir, [], async (own) => (await look(places, own, unreadable)).seen);

/**
 * Where the ledger stands behind, or beside, what was seen of it, or where all that stands around it is
 * another house's; null where nothing is amiss. @throws as {@link headsSeen}
 */
export const lackingBooks = (places: Places, unreadable?: Unreadable): Promise<string | null> =>
  withBooks(places.dataDir, null, async (own) => {
    const noted = notedHead(places.dataDir);
    if (noted?.house !== undefined && noted.house !== own.house)
      return `The books are of house ${own.house}, but ${noted.source} is of house ${noted.house}.`;
    const { seen, others } = await look(places, own, unreadable);
    return others === null
      ? lackingOf(seen, own)
      : `The books are of house ${own.house}, but ${backupFolder(places)} has ${others}.`;
  });

type Unreadable = (cause: unknown, backups: string) => void;

async function withBooks<Value>(
  dataDir: string,
  unnamed: Value,
  read: (own: OwnBooks) => Promise<Value>,
): Promise<Value> {
  const books = new SqliteTail(join(dataDir, DATABASE_FILE));
  try {
    const head = books.begin();
    books.end();
    return head.house === null ? unnamed : await read(ownOf(books, head));
  } finally {
    books.close();
  }
}

async function look(
  places: Places,
  own: OwnBooks,
  unreadable: Unreadable = () => {},
): Promise<{ seen: SeenHead[]; others: string | null }> {
  const noted = notedHead(places.dataDir);
  const backups = new DirectoryStore(backupFolder(places));
  const heads = noted === null ? [] : [noted];
  try {
    return { seen: [...(await seenHeads(backups, own)), ...heads], others: await onlyOthersIn(backups, own) };
  } catch (cause) {
    unreadable(cause, backups.name);
    return { seen: heads, others: null };
  }
}

interface Parts {
  readonly config: Config;
  readonly engine: Engine;
  readonly operatorBooks: OperatorBooks;
  readonly now: () => number;
  readonly log: Log;
}

/**
 * Halts a house whose books lack what their backups have seen, as an operator would: nothing is sold until
 * one has looked and resumed. What was resumed once is not halted again for the same head.
 */
export async function haltWhereBooksLack({ config, engine, operatorBooks, now, log }: Parts): Promise<void> {
  const lacking = await lackingBooks(config, (cause, backups) => {
    // Backups that cannot be read keep no house closed.
    log.warn(
      { err: cause, backups },
      'cannot read the backups: the end of the books is only compared with the note beside them',
    );
  });
  if (lacking === null) return;
  log.error(
    { lacking },
    'THE BOOKS STAND BEHIND: no taps are taken until an operator has checked, see the runbook',
  );
  const mark = /batch \d+ \([0-9a-f]+\)|(?<=, and .*)house [0-9a-f]{32}/.exec(lacking)![0];
  if (
    operatorBooks
      .actions(null, ACTIONS_MAX)
      .rows.some(({ what, reason }) => what === 'halt' && reason.includes(mark))
  )
    return;
  const reason = `${lacking} Runbook: "The books stand behind".`;
  engine.hand.halt = reason;
  await engine.batcher.priority({
    kind: 'operate',
    order: { id: Bun.randomUUIDv7(), operator: OPERATOR, approvedBy: null, reason, deed: { what: 'halt' } },
    at: now(),
  });
}

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

/** Who halts a house whose books stand behind; no person. */
const OPERATOR = 'start check';
/** Halts that are looked through for one that an operator has answered. */
const ACTIONS_MAX = 200;

type Places = Pick<Config, 'dataDir' | 'backupDir'>;

/**
 * The heads of its ledger that a house's own backups and the note beside its database have seen.
 * @param unreadable told when the backups cannot be read: then it is the note alone
 */
export async function headsSeen(
  { dataDir, backupDir }: Places,
  unreadable: (cause: unknown, backups: string) => void = () => {},
): Promise<SeenHead[]> {
  const noted = notedHead(dataDir);
  const backups = new DirectoryStore(backupDir ?? join(dataDir, 'backups'));
  const backedUp = await seenHeads(backups).catch((cause: unknown) => {
    unreadable(cause, backups.name);
    return [];
  });
  return [...backedUp, ...(noted === null ? [] : [noted])];
}

/**
 * Where the ledger stands behind, or beside, what was seen of it; null where it does not. @throws Error when
 * the books cannot be opened.
 */
export async function lackingBooks(
  places: Places,
  unreadable?: Parameters<typeof headsSeen>[1],
): Promise<string | null> {
  const seen = await headsSeen(places, unreadable);
  const books = new SqliteTail(join(places.dataDir, DATABASE_FILE));
  try {
    const { ledger } = books.begin();
    books.end();
    return lackingOf(seen, ledger.batch, (batch) => books.hashOf(batch));
  } finally {
    books.close();
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
 * one has looked and resumed. What was resumed
 * once is not halted again for the same head.
 */
export async function haltWhereBooksLack({ config, engine, operatorBooks, now, log }: Parts): Promise<void> {
  const lacking = await lackingBooks(config, (cause, backups) => {
    // Backups that cannot be read keep no house closed.
    log.warn(
      { err: cause, backups },
      'the backups cannot be read: the end of the books is held against the note beside them alone',
    );
  });
  if (lacking === null) return;
  log.error(
    { lacking },
    'THE BOOKS STAND BEHIND: nothing is sold until an operator has looked, see the runbook',
  );
  const mark = /batch \d+ \([0-9a-f]+\)/.exec(lacking)![0];
  if (
    operatorBooks
      .actions(null, ACTIONS_MAX)
      .rows.some(({ what, reason }) => what === 'halt' && reason.includes(mark))
  )
    return;
  const reason = `${lacking} Runbook: "The books stand behind".`;
  engine.operatorHalt = reason;
  await engine.batcher.house({
    kind: 'operate',
    order: { id: Bun.randomUUIDv7(), operator: OPERATOR, approvedBy: null, reason, deed: { what: 'halt' } },
    at: now(),
  });
}

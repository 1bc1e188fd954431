import { join } from 'node:path';
import type { Config } from './config.ts';
import type { Engine } from './engine/engine.ts';
import type { OperatorBooks } from './ports/operator.ts';
import { DATABASE_FILE, type Store } from './store/store.ts';
import { SqliteTail } from './store/tail-source.ts';
import { DirectoryStore } from './upkeep/backup/directory-store.ts';
import { seenHeads, type SeenHead } from './upkeep/backup/seen-heads.ts';
import type { Log } from './upkeep/log.ts';
import { notedHead } from './upkeep/noted-head.ts';

/** Who halts a house whose books stand behind; no person. */
const OPERATOR = 'start check';
/** Halts that are looked through for one that an operator has answered. */
const ACTIONS_MAX = 200;
const HASH_SHOWN = 16;

/** How the books differ from what was seen of them, in a sentence; null where they do not. */
function complaintOf(seen: SeenHead, end: number, hashOf: (batch: number) => string | null): string | null {
  const head = `batch ${seen.batch} (${seen.hash.slice(0, HASH_SHOWN)})`;
  if (seen.batch > end) return `The books end at batch ${end}: ${seen.batch - end} ${seen.batch - end === 1 ? 'batch is' : 'batches are'} missing up to ${head}, which ${seen.source} has seen.`;
  // Batches that were archived are not there any more, and were there to be archived.
  const hash = hashOf(seen.batch);
  return hash !== null && hash !== seen.hash ? `The books have another history than ${seen.source} has seen: ${head}.` : null;
}

/** Where the ledger stands behind, or beside, what its own backups have seen; the gravest first. Backups that cannot be read keep no house closed. */
async function lackingBooks({ dataDir, backupDir }: Pick<Config, 'dataDir' | 'backupDir'>, end: number, log: Parts['log']): Promise<string | null> {
  const noted = notedHead(dataDir);
  const backups = new DirectoryStore(backupDir ?? join(dataDir, 'backups'));
  const backedUp = await seenHeads(backups).catch((cause: unknown) => {
    log.warn({ err: cause, backups: backups.name }, 'the backups cannot be read: the end of the books is held against the note beside them alone');
    return [];
  });
  const seen = [...backedUp, ...(noted === null ? [] : [noted])];
  const books = new SqliteTail(join(dataDir, DATABASE_FILE));
  try {
    return seen.toSorted((a, b) => b.batch - a.batch).map((head) => complaintOf(head, end, (batch) => books.hashOf(batch))).find((complaint) => complaint !== null) ?? null;
  } finally {
    books.close();
  }
}

interface Parts {
  readonly config: Config;
  readonly store: Store;
  readonly engine: Engine;
  readonly operatorBooks: OperatorBooks;
  readonly now: () => number;
  readonly log: Log;
}

/**
 * Halts a house whose books lack what their backups have seen, as an operator would: nothing is sold until one has looked and resumed. What was resumed
 * once is not halted again for the same head.
 */
export async function haltWhereBooksLack({ config, store, engine, operatorBooks, now, log }: Parts): Promise<void> {
  const lacking = await lackingBooks(config, store.books.chain().ledger.batch, log);
  if (lacking === null) return;
  log.error({ lacking }, 'THE BOOKS STAND BEHIND: nothing is sold until an operator has looked, see the runbook');
  const mark = /batch \d+ \([0-9a-f]+\)/.exec(lacking)![0];
  if (operatorBooks.actions(null, ACTIONS_MAX).rows.some(({ what, reason }) => what === 'halt' && reason.includes(mark))) return;
  const reason = `${lacking} Runbook: "The books stand behind".`;
  engine.operatorHalt = reason;
  await engine.batcher.house({ kind: 'operate', order: { id: Bun.randomUUIDv7(), operator: OPERATOR, approvedBy: null, reason, deed: { what: 'halt' } }, at: now() });
}

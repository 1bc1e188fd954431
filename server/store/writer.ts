import type { Database } from 'bun:sqlite';
import type { ExposureCaps } from '../game/exposure.ts';
import type { Currency, Micros } from '../game/money.ts';
import { Failure } from '../ports/failure.ts';
import type { Commit, LedgerPort, Operation } from '../ports/ledger.ts';
import { unpacked, type CrossingCommit } from './crossing.ts';
import { openWriterDatabase, type WriterOptions } from './database.ts';
import { nameHouse } from './house-id.ts';
import { SqliteLedger } from './ledger.ts';
import { MIGRATIONS } from './migrations.ts';
import { migrate } from './migrator.ts';

export interface LedgerOptions extends WriterOptions {
  /** The database file; made when it is not there. */
  readonly path: string;
  readonly caps: ExposureCaps;
  /** First money of the house. */
  readonly bankrolls: Readonly<Record<Currency, Micros>>;
  /** Now, UTC epoch ms: stamps migrations and the first money. */
  readonly at: number;
}

/**
 * Messages cross as JSON text: a batch of orders copied as objects costs both threads more than twice as
 * much. All of them are plain data, and what JSON cannot say (a number that is none) arrives as null, which
 * the ledger refuses as it refuses the number.
 */
export type ToWriter =
  | { readonly open: LedgerOptions }
  | { readonly commit: readonly Operation[]; readonly at: number }
  | { readonly close: true };
export type FromWriter =
  | { readonly commit: CrossingCommit }
  | { readonly done: true }
  | { readonly failed: string };

/** Opens, migrates, names and funds. @throws Error when the file cannot be used. */
export function openLedger({ path, caps, bankrolls, at, ...options }: LedgerOptions): {
  readonly db: Database;
  readonly ledger: SqliteLedger;
} {
  const db = openWriterDatabase(path, options);
  try {
    migrate(db, MIGRATIONS, at);
    nameHouse(db);
    const ledger = new SqliteLedger(db, caps);
    ledger.ensureBankrolls(bankrolls, at);
    return { db, ledger };
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Moves the WAL into the database file and closes. */
export function closeLedger(db: Database): void {
  db.run('PRAGMA wal_checkpoint(TRUNCATE)');
  db.close();
}

/** The port on the caller's own thread: for simulations, where nothing else waits while a commit runs. */
export function openLedgerInProcess(options: LedgerOptions): LedgerPort {
  const { db, ledger } = openLedger(options);
  return {
    commitBatch: async (operations, at) => ledger.commit(operations, at),
    close: async () => closeLedger(db),
  };
}

/**
 * The port with its connection in a Worker, so that a flush to disk never stalls the sockets. Calls are
 * carried out in the order in which they are made.
 * @throws Error when the file cannot be used. Calls reject with `commit_unknown` once one has failed or
 *   the Worker has died.
 */
export async function openWriter(options: LedgerOptions): Promise<LedgerPort> {
  const writer = new WorkerLedger();
  await writer.open(options);
  return writer;
}

interface Waiting {
  readonly resolve: (answer: FromWriter) => void;
  readonly reject: (error: Error) => void;
}

class WorkerLedger implements LedgerPort {
  readonly #worker = new Worker(new URL('./writer-worker.ts', import.meta.url));
  /** Calls without an answer; the writer answers in order. */
  readonly #waiting: Waiting[] = [];
  #failure: Failure | null = null;
  #ended = false;

  constructor() {
    this.#worker.onmessage = ({ data }: MessageEvent<string>) =>
      this.#waiting.shift()?.resolve(JSON.parse(data) as FromWriter);
    this.#worker.onerror = ({ message }) => this.#end(`the writer failed: ${message}`);
    this.#worker.addEventListener('close', () => this.#end('the writer has ended'));
  }

  async open(options: LedgerOptions): Promise<void> {
    const answer = await this.#ask({ open: options });
    if (!('failed' in answer)) return;
    this.#end(answer.failed);
    throw new Error(answer.failed);
  }

  async commitBatch(operations: readonly Operation[], at: number): Promise<Commit> {
    if (this.#failure !== null)
      throw new Failure('commit_unknown', this.#failure.message, { cause: this.#failure });
    const answer = await this.#ask({ commit: operations, at });
    if ('commit' in answer) return unpacked(answer.commit, operations);
    this.#failure ??= new Failure(
      'commit_unknown',
      'failed' in answer ? answer.failed : 'the writer did not answer with a commit',
    );
    throw this.#failure;
  }

  /** Also after a failed batch: the connection is closed by the thread that has it. */
  async close(): Promise<void> {
    if (this.#ended) return;
    try {
      const answer = await this.#ask({ close: true });
      if ('failed' in answer) throw new Error(`the writer did not close: ${answer.failed}`);
    } finally {
      this.#end('the ledger is closed');
    }
  }

  #ask(message: ToWriter): Promise<FromWriter> {
    return new Promise((resolve, reject) => {
      // A message that is not plain data throws here, before anything waits for its answer.
      this.#worker.postMessage(JSON.stringify(message));
      this.#waiting.push({ resolve, reject });
    });
  }

  #end(message: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#failure ??= new Failure('commit_unknown', message);
    for (const { reject } of this.#waiting.splice(0)) reject(this.#failure);
    this.#worker.terminate();
  }
}

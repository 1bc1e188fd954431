import { SQL } from 'bun';
import { join } from 'node:path';

const ACCOUNTS = 2_000;
const COLUMNS = 1_000_000_000;
const WARM_UP_BATCHES = 10;
const SIGNED_TEXT = 'x'.repeat(210);
const SIGNATURE = 'y'.repeat(86);
/** Bets of one statement. */
export const BETS_A_BATCH = 256;

/**
 * Bets per second by one writer as our own is: each batch is one statement over arrays and one commit, which
 * also locks the bets of the batch before; the next one is made meanwhile.
 * @param socket of the server, whose tables `postgres-schema.sql` has made.
 */
export async function measureBatches(socket: string, user: string, seconds: number): Promise<number> {
  const text = await Bun.file(join(import.meta.dir, 'postgres-batch.sql')).text();
  const options = {
    adapter: 'postgres',
    path: socket,
    username: user,
    database: 'postgres',
    max: 1,
  } as const;
  const first = new SQL(options);
  // Plans of fresh tables are several times as slow, and a session keeps them.
  await first.unsafe('ANALYZE');
  await first.close();
  const sql = new SQL(options);
  try {
    let placed = '';
    let next = batch();
    const send = async (): Promise<void> => {
      const answer = sql.unsafe(text, [...next, `{${placed}}`]).execute();
      next = batch();
      [{ seqs: placed }] = (await answer) as [{ readonly seqs: string }];
    };
    for (let n = 0; n < WARM_UP_BATCHES; n++) await send();
    const began = performance.now();
    let batches = 0;
    while (performance.now() - began < seconds * 1_000) {
      await send();
      batches += 1;
    }
    return (batches * BETS_A_BATCH) / ((performance.now() - began) / 1_000);
  } finally {
    await sql.close();
  }
}

/** Arrays as PostgreSQL reads them: ids, accounts, nonces, columns, signed texts, signatures. */
function batch(): string[] {
  const values = (of: () => string | number): string =>
    `{${Array.from({ length: BETS_A_BATCH }, of).join(',')}}`;
  const upTo = (max: number) => () => 1 + Math.floor(Math.random() * max);
  return [
    values(() => Bun.randomUUIDv7()),
    values(upTo(ACCOUNTS)),
    values(() => crypto.randomUUID()),
    values(upTo(COLUMNS)),
    values(() => SIGNED_TEXT),
    values(() => SIGNATURE),
  ];
}

import { Database } from 'bun:sqlite';
import { closeSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';

const TRIES_MAX = 10;
const CHECKPOINTS = 3;
const REST_MS = 500;
const ORDER = 'tapgrid-tap-v';

/**
 * Noise over one page of live books that has the text of an old order, until a reader comes upon it: a page
 * may also stand in the write-ahead log, or be written once more from the memory of the server.
 */
export async function damageOnePage(path: string): Promise<void> {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    await damage(path);
    if (isDamaged(path)) return;
  }
  throw new Error('what was damaged does not stay so');
}

async function damage(path: string): Promise<void> {
  const live = new Database(path, { readwrite: true, create: false });
  // What stands in the write-ahead log would hide it.
  for (let count = 0; count < CHECKPOINTS; count++, await Bun.sleep(REST_MS))
    live.run('PRAGMA wal_checkpoint(PASSIVE)');
  live.close();
  const bytes = readFileSync(path);
  const size = bytes.readUInt16BE(16);
  const noise = crypto.getRandomValues(new Uint8Array(size));
  for (let at = bytes.indexOf(ORDER); at >= 0; at = bytes.indexOf(ORDER, at + size)) {
    const start = Math.floor(at / size) * size;
    if (!isMissed(bytes, noise, start, `${path}-tried`)) continue;
    const file = openSync(path, 'r+');
    writeSync(file, noise, 0, size, start);
    closeSync(file);
    return;
  }
  throw new Error('no page with an order is in use');
}

/** Whether the page is in use: what was deleted lies about in pages that are not. */
function isMissed(bytes: Buffer, noise: Uint8Array, start: number, path: string): boolean {
  const tried = Buffer.from(bytes);
  tried.set(noise, start);
  writeFileSync(path, tried);
  try {
    return isDamaged(path);
  } finally {
    for (const end of ['', '-wal', '-shm']) rmSync(`${path}${end}`, { force: true });
  }
}

/** By the word of a reader who comes now. */
function isDamaged(path: string): boolean {
  const db = new Database(path, { readwrite: true });
  try {
    return db.query<{ quick_check: string }, []>('PRAGMA quick_check(1)').get()?.quick_check !== 'ok';
  } catch {
    return true;
  } finally {
    db.close();
  }
}

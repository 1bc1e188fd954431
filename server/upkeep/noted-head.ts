import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRecord, isWhole } from '../game/outside-value.ts';
import type { SeenHead } from './backup/seen-heads.ts';

/** Beside the database: what a write-ahead log that is cut takes away is missed by it. */
export const NOTED_HEAD_FILE = 'noted-head.json';
const NOTE_EVERY_MS = 5_000;

export interface HeadNotes {
  /** From now on; until then the last note may still be unread. */
  begin(): void;
  /** Ends them, with a last note where they have begun. */
  stop(): void;
}

/**
 * Writes down every 5 s which house this is and where the ledger chain ended a moment ago; never more than is
 * durable.
 * @param mayNote false once the books are not where they were: what stands there then is not for this house
 *   to write to
 * @param failed told once when it cannot be written
 */
export function headNotes(
  dataDir: string,
  house: string,
  head: () => { readonly batch: number; readonly hash: string },
  mayNote: () => boolean,
  failed: (cause: unknown) => void,
): HeadNotes {
  const path = join(dataDir, NOTED_HEAD_FILE);
  let [noted, isBroken] = [0, false];
  let timer: Timer | null = null;
  const note = (): void => {
    if (!mayNote()) return;
    const { batch, hash } = head();
    if (batch === noted) return;
    try {
      writeFileSync(`${path}.unfinished`, JSON.stringify({ batch, hash, house }), { mode: 0o600 });
      renameSync(`${path}.unfinished`, path);
      [noted, isBroken] = [batch, false];
    } catch (cause) {
      if (!isBroken) failed(cause);
      isBroken = true;
    }
  };
  return {
    begin: () => {
      timer = setInterval(note, NOTE_EVERY_MS);
      timer.unref();
    },
    stop: () => {
      if (timer === null) return;
      clearInterval(timer);
      note();
    },
  };
}

/** The head that was noted last; null where there is none, or none that can be read. */
export function notedHead(dataDir: string): SeenHead | null {
  try {
    const noted: unknown = JSON.parse(readFileSync(join(dataDir, NOTED_HEAD_FILE), 'utf8'));
    if (!isRecord(noted)) return null;
    const { batch, hash, house } = noted;
    if (!isWhole(batch) || typeof hash !== 'string' || !/^[0-9a-f]{64}$/.test(hash)) return null;
    const source = `the note beside the database (${NOTED_HEAD_FILE})`;
    return { batch, hash, source, ...(typeof house === 'string' && { house }) };
  } catch {
    return null;
  }
}

import { Failure } from '../ports/failure.ts';
/** The list that a cursor belongs to: in another one its position means something else. */
export type CursorList = 'statement' | 'open' | 'closed' | 'actions' | 'refusals';

const CURSOR = /^[A-Za-z0-9_-]{1,64}$/;
const POSITION = /^v2:[a-z]+:([1-9]\d{0,15}):[A-Za-z0-9_-]{8}$/;

/** Opaque text for "the rows of that list below this position", with a sum that no altered one has. */
export function writeCursor(list: CursorList, position: number): string {
  const text = `v2:${list}:${position}`;
  return Buffer.from(
    `${text}:${new Bun.CryptoHasher('sha256').update(text).digest('base64url').slice(0, 8)}`,
  ).toString('base64url');
}

/**
 * @returns the position, or the highest there is without a cursor. @throws Failure `bad_cursor` for any text
 * that {@link writeCursor} does not write for that list.
 */
export function readCursor(list: CursorList, cursor: string | null): number {
  if (cursor === null) return Number.MAX_SAFE_INTEGER;
  const match = CURSOR.test(cursor) ? POSITION.exec(Buffer.from(cursor, 'base64url').toString()) : null;
  const position = Number(match?.[1]);
  if (!Number.isSafeInteger(position) || writeCursor(list, position) !== cursor)
    throw new Failure('bad_cursor', 'that cursor does not belong to this list');
  return position;
}

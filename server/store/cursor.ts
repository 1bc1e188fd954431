/** A cursor that this server did not write. Edges answer it with `bad_request`. */
export class BadCursor extends Error {
  override readonly name = 'BadCursor';
}

const CURSOR = /^[A-Za-z0-9_-]{1,26}$/;
const POSITION = /^v1:([1-9]\d{0,15})$/;

/** Opaque text for "the rows below this position". */
export const writeCursor = (position: number): string => Buffer.from(`v1:${position}`).toString('base64url');

/** @returns the position, or the highest there is without a cursor. @throws BadCursor for any text that {@link writeCursor} does not write. */
export function readCursor(cursor: string | null): number {
  if (cursor === null) return Number.MAX_SAFE_INTEGER;
  const match = CURSOR.test(cursor) ? POSITION.exec(Buffer.from(cursor, 'base64url').toString()) : null;
  const position = Number(match?.[1]);
  if (!Number.isSafeInteger(position) || writeCursor(position) !== cursor) throw new BadCursor('that cursor is not one of ours');
  return position;
}

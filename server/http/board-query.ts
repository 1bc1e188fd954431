import { Type } from '@sinclair/typebox';
import { namedBoards } from '../game/boards.ts';

/** Names and lengths are short. */
export const BoardQuery = Type.String({
  minLength: 1,
  maxLength: 20,
  description: 'Name of a board, or the length of its columns in ms',
});

/** @param windows lengths of the windows of the boards that there are, ms. */
export function unknownBoard(windows: readonly number[]) {
  const known = namedBoards(windows).flatMap(({ windowMs, name }) => [name, windowMs]);
  return {
    code: 'unknown_board' as const,
    message: `There is no such board. Expected one of ${known.join(', ')}.`,
  };
}

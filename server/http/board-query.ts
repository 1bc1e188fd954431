import { Type } from '@sinclair/typebox';
import { boardsExpected } from '../game/boards.ts';

/** Names and lengths are short. */
export const BoardQuery = Type.String({
  minLength: 1,
  maxLength: 20,
  description: 'Name of a board, or the length of its columns in ms',
});

/** @param windows lengths of the windows of the boards that there are, ms. */
export const unknownBoard = (windows: readonly number[]) => ({
  code: 'unknown_board' as const,
  message: boardsExpected(windows),
});

import { Type } from '@sinclair/typebox';
import { boardNamed, defaultWindow } from '../../game/boards.ts';
import { PRIOR } from '../../game/learned/learned-after.ts';
import { learnedFor } from '../../game/learned/learned-boards.ts';
import type { Books } from '../../ports/books.ts';
import { LearnedShape } from '../../ports/receipt-shape.ts';
import { BoardQuery, unknownBoard } from '../board-query.ts';
import { endpoint } from '../endpoint.ts';
import { ok, publicFor } from '../reply.ts';
import { count, orNull } from '../shape.ts';

/** What was learned never changes; the newest is another one every five minutes. */
const CACHE_SECONDS = 300;
const NEWEST_CACHE_SECONDS = 5;

export const learned = endpoint({
  method: 'GET',
  path: '/api/v1/learned',
  title: 'Read what odds model 2 has learned',
  about:
    'The factors and the state of each range of multipliers by the end of a block of the shadow book: what ' +
    'the revisions that name this `version` were priced by. Without it the newest; 0 is the prior. ' +
    'null if there is no such block. `board` as in `GET /api/v1/grid`: each board has learned for itself.',
  access: 'open',
  query: Type.Object({
    version: Type.Optional(count('the number of a block')),
    board: Type.Optional(BoardQuery),
  }),
  answers: {
    200: {
      about: 'What was learned',
      schema: Type.Object({ learned: orNull(LearnedShape) }),
      example: { learned: { ...PRIOR, buckets: [...PRIOR.buckets] } },
    },
  },
  refusals: ['unknown_board'],
  run: ({ deps: { books, rules }, query: { version, board } }) => {
    const windowMs = board === undefined ? defaultWindow(rules.windows) : windowCalled(rules.windows, board);
    if (windowMs === null) return unknownBoard(rules.windows);
    const block = version ?? books.lastShadow()?.block ?? PRIOR.version;
    const found = isThere(books, block) ? learnedFor(books.learned(block), windowMs) : null;
    return ok(
      { learned: found },
      publicFor(version !== undefined && found !== null ? CACHE_SECONDS : NEWEST_CACHE_SECONDS),
    );
  },
});

const isThere = (books: Books, block: number): boolean =>
  block === PRIOR.version || books.shadowAfter(block - 1, 1)[0]?.block === block;

/** Also of a board that the house had once: what was known of it does not change. */
const windowCalled = (windows: readonly number[], board: string): number | null =>
  boardNamed(windows, board)?.windowMs ?? (/^[1-9]\d{2,5}$/.test(board) ? Number(board) : null);

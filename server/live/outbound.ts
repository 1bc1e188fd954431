import type { Bet } from '../game/bet.ts';
import { cellId } from '../game/grid.ts';
import type { Micros } from '../game/money.ts';
import { rejection, type RejectionCode } from '../game/rejection.ts';
import type { HeadlineNotice } from '../game/headline.ts';
import type { Announced } from '../game/maintenance.ts';
import type { Restriction } from '../game/restriction.ts';
import type { Tick } from '../game/tick.ts';
import type { Crowd } from '../ports/crowd.ts';
import type { Board, BoardColumn } from '../ports/events.ts';
import type { Fault } from '../ports/fields.ts';
import type { OrderAnswer } from '../ports/house.ts';
import type { ColumnDiff } from './grid-diff.ts';
import { CELLS_PER_FRAME_MAX, FRAME_BYTES_WANTED } from './limits.ts';

/**
 * All JSON that goes out, each with its encoding. Pages get arrays and short names, programs get objects with
 * the names of the API. Public frames are numbered without holes; a board that is too large for one frame
 * comes in several, of which only the last names the revision.
 */
export const pageFrames = {
  /** A sign of life and the server's time; not numbered. */
  heartbeat: (at: number): string => `["h",${at}]`,

  /** Cells that several have bets on, of all boards; all others are none. Not numbered. */
  wanted: ({ wanted }: Crowd): string => `["w",[${wanted.map(({ cell, want }) => `["${cell}",${want}]`)}]]`,

  tick: (seq: number, { at, price }: Tick): string => `["t",${seq},${at},${price}]`,

  /**
   * `["g", seq, revision, at, pause, first, [[index, low, row, value, row, value, …], …]]`: a column is named
   * by how many windows it is after `first`, and `low` is 0 while it is what it was. The frame comes five
   * times a second to everybody, so it is short.
   */
  grid: (
    nextSeq: () => number,
    { revision, columns, windowMs }: Board,
    diffs: readonly ColumnDiff[],
  ): string[] => {
    const first = columns[0]?.start ?? 0;
    return inParts(
      diffs,
      ({ column, hasMoved, changes }) =>
        `[${[(column.start - first) / windowMs, hasMoved ? column.low : 0, ...changes].join()}]`,
    ).map(
      (part, i, { length }) =>
        `["g",${nextSeq()},${i === length - 1 ? revision.revision : 'null'},${revision.at},${JSON.stringify(revision.pause)},${first},[${part}]]`,
    );
  },

  snapshot: (seq: number, { revision, tick, columns, windowMs, rows }: Board): string[] =>
    inParts(
      columns,
      ({ start, band, low, multipliers }) =>
        `[${start},${band},${low},[${multipliers.map((value) => value ?? 0).join()}]]`,
    ).map(
      (part) =>
        `{"type":"snapshot","seq":${seq},"revision":${revision.revision},"at":${revision.at},"grid":[${windowMs},${rows}],"pause":${JSON.stringify(revision.pause)},"tick":[${tick.seq},${tick.at},${tick.price}],"columns":[${part}]}`,
    ),

  /** The state is complete: whose it is, and which cells carry a bet. */
  settled: (sessionId: string | null, cells: readonly string[]): string[] => {
    const frames: string[] = [];
    for (let i = 0; i === 0 || i < cells.length; i += CELLS_PER_FRAME_MAX)
      frames.push(
        JSON.stringify({
          type: 'settled',
          session: sessionId,
          cells: cells.slice(i, i + CELLS_PER_FRAME_MAX),
          more: i + CELLS_PER_FRAME_MAX < cells.length,
        }),
      );
    return frames;
  },
} as const;

export const streamFrames = {
  hello: (
    seq: number,
    facts: { readonly windowMs: number; readonly simulated: boolean; readonly accountId: string | null },
  ): string => JSON.stringify({ type: 'hello', seq, ...facts }),

  /** Null where none is announced any more. */
  maintenance: (announced: Announced | null): string =>
    JSON.stringify({ type: 'maintenance', maintenance: announced }),

  /** Null where none is near any more. */
  headline: (notice: HeadlineNotice | null): string => JSON.stringify({ type: 'headline', headline: notice }),

  restriction: (restriction: Restriction): string => JSON.stringify({ type: 'restriction', ...restriction }),

  crowd: (crowd: Crowd): string => JSON.stringify({ type: 'crowd', ...crowd }),

  heartbeat: (at: number): string => `{"type":"heartbeat","at":${at}}`,

  tick: (seq: number, { at, price }: Tick): string =>
    `{"type":"tick","seq":${seq},"at":${at},"price":${price}}`,

  /** A diff: `changes` is `[row, value, row, value…]`, 0 takes no bets. */
  grid: (nextSeq: () => number, { revision }: Board, diffs: readonly ColumnDiff[]): string[] =>
    inParts(
      diffs,
      ({ column: { start, band, low }, changes }) =>
        `{"start":${start},"band":${band},"low":${low},"changes":[${changes.join()}]}`,
    ).map(
      (columns, part, { length }) =>
        `{"type":"grid","full":false,"seq":${nextSeq()},"revision":${part === length - 1 ? revision.revision : 'null'},"at":${revision.at},"pause":${JSON.stringify(revision.pause)},"columns":[${columns}]}`,
    ),

  /** The whole grid, in the shape of the API's. Its `seq` is that of the last public frame before it. */
  full: (seq: number, { revision, columns }: Board): string[] =>
    inParts(columns, columnJson).map(
      (part, i, { length }) =>
        `{"type":"grid","full":true,"seq":${seq},"revision":${i === length - 1 ? revision.revision : 'null'},"at":${revision.at},"pause":${JSON.stringify(revision.pause)},"columns":[${part}]}`,
    ),

  /**
   * Written out, since a program that plays gets two of them for each bet. None of the texts needs an escape.
   */
  bet: (
    { id, cell, stake, shown, locked, status, payout, placedAt, closedAt, voidReason }: Bet,
    balance: Micros,
  ): string =>
    `{"type":"bet","bet":{"id":"${id}","cell":"${cellId(cell)}","stake":${stake},"multiplier":${shown},"lockedMultiplier":${locked},"status":"${status}","payout":${payout},` +
    `"placedAt":${placedAt},"closedAt":${closedAt},` +
    `"reason":${voidReason === null ? null : `"${voidReason}"`}},"balance":${balance}}`,
} as const;

/** The answer to an order, the same for pages and programs. */
export function answerFrame(nonce: string, answer: OrderAnswer): string {
  if ('code' in answer)
    return JSON.stringify({
      type: 'answer',
      nonce,
      code: answer.code,
      message: answer.message ?? rejection(answer.code).message,
      retryAfterMs: answer.retryAfterMs,
    });
  const results = answer.results.map((result) =>
    result.status === 'accepted'
      ? result
      : {
          status: result.status,
          code: result.code,
          message: result.message ?? rejection(result.code).message,
          multiplier: result.offered,
        },
  );
  return JSON.stringify({
    type: 'answer',
    nonce,
    replayed: answer.replayed,
    results,
    balance: answer.balance,
  });
}

/** What was said could not be taken; `nonce` where it was an order. The error is that of the API. */
export const errorFrame = (code: RejectionCode, { field, message }: Fault, nonce: string | null): string =>
  JSON.stringify({ type: 'error', ...(nonce !== null && { nonce }), error: { code, message, field } });

const columnJson = ({ start, band, low, locked, multipliers }: BoardColumn): string =>
  JSON.stringify({ start, band, low, locked, multipliers });

/** Encoded items joined by commas, as many to a part as fit into a frame; at least one part. */
function inParts<Item>(items: readonly Item[], encode: (item: Item) => string): string[] {
  const parts: string[] = [];
  let part = '';
  for (const item of items) {
    const text = encode(item);
    if (part !== '' && part.length + text.length > FRAME_BYTES_WANTED) {
      parts.push(part);
      part = '';
    }
    part += part === '' ? text : `,${text}`;
  }
  parts.push(part);
  return parts;
}

import type { Cents } from '../../game/price.ts';
import type { QuotedColumn } from '../../game/revision.ts';

/**
 * The columns of a revision as a text. A board is `<windowMs>@<start of its first column>` and, behind
 * spaces, its columns as `<band>:<low>:<haircut>` one window after the other, several in a row that are
 * the same as one with `<count>*` in front; boards are joined by `;`. Books of before there were several
 * boards have `start:band:low:haircut` of each column, joined by spaces.
 */
export function encodeColumns(columns: readonly QuotedColumn[]): string {
  const boards: { windowMs: number; start: number; count: number; runs: Run[] }[] = [];
  for (const { start, windowMs, band, low, haircut } of columns) {
    let board = boards.at(-1);
    if (board?.windowMs !== windowMs || start !== board.start + board.count * windowMs)
      boards.push((board = { windowMs, start, count: 0, runs: [] }));
    board.count += 1;
    const text = `${band}:${low}:${haircut}`;
    const run = board.runs.at(-1);
    if (run?.text === text) run.count += 1;
    else board.runs.push({ text, count: 1 });
  }
  return boards
    .map(({ windowMs, start, runs }) => [`${windowMs}@${start}`, ...runs.map(runText)].join(' '))
    .join(';');
}

interface Run {
  readonly text: string;
  count: number;
}

const runText = ({ text, count }: Run): string => (count === 1 ? text : `${count}*${text}`);

/** Columns of one board at most: a count beyond it was written by other hands. */
const RUN_MAX = 512;

/** @throws RangeError for what cannot be read: other hands changed the file. */
export function decodeColumns(text: string): QuotedColumn[] {
  if (text === '') return [];
  return text.includes('@') ? text.split(';').flatMap(decodeBoard) : decodeEarlier(text);
}

function decodeBoard(text: string): QuotedColumn[] {
  const [head = '', ...runs] = text.split(' ');
  const [windowMs, first] = head.split('@').map(Number) as [number, number];
  let start = first;
  return runs.flatMap((run) => {
    const [, count = '1', column] = /^(?:(\d{1,3})\*)?(.*)$/.exec(run)!;
    if (Number(count) > RUN_MAX) throw new RangeError(`${count} columns in one run`);
    const [band, low, haircut] = column!.split(':').map(Number) as [number, number, number];
    return Array.from({ length: Number(count) }, () => {
      const at = start;
      start += windowMs;
      return { start: at, windowMs, band, low: low as Cents, haircut };
    });
  });
}

/** One board, whose columns follow each other without a hole: where two begin says how long they are. */
function decodeEarlier(text: string): QuotedColumn[] {
  const columns = text.split(' ').map((column) => column.split(':').map(Number));
  const [[first = 0] = [], [second = first] = []] = columns;
  return (columns as [number, number, number, number][]).map(([start, band, low, haircut]) => ({
    start,
    windowMs: second - first,
    band,
    low: low as Cents,
    haircut,
  }));
}

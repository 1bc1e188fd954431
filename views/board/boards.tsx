import { Html } from '@elysiajs/html';
import { namedBoards, type NamedBoard } from '../../server/game/boards.ts';
import { boardCountId, IDS } from '../ids.ts';

export interface BoardsProps {
  /** Lengths of the windows of each board, ms, ascending. */
  readonly windows: readonly number[];
  /** Of the board that is shown. */
  readonly windowMs: number;
  /** How many open bets the trader has on each board, by the length of its windows. */
  readonly open: ReadonlyMap<number, number>;
}

/**
 * The boards of the house, to choose from: links, which a module of the page makes to radio buttons that need
 * no page load. Nothing where there is only one.
 */
export function Boards({ windows, windowMs, open }: BoardsProps): JSX.Element {
  if (windows.length < 2) return <></>;
  return (
    <div id={IDS.boards} class="boards" role="group" aria-label="Board">
      {namedBoards(windows).map((board) => (
        <a
          href={boardAddress(board)}
          data-board={board.name}
          data-window={String(board.windowMs)}
          aria-current={board.windowMs === windowMs ? 'true' : undefined}
        >
          <BoardTitle board={board} />
          <span id={boardCountId(board.windowMs)} class="count">
            <BoardCount count={open.get(board.windowMs) ?? 0} />
          </span>
        </a>
      ))}
    </div>
  );
}

/** "Quick 2 s", or its seconds alone where that is all its name says. */
function BoardTitle({ board: { name, windowMs } }: { board: NamedBoard }): JSX.Element {
  const seconds = secondsText(windowMs);
  return /^\d/.test(name) ? (
    <b safe>{seconds}</b>
  ) : (
    <>
      <b safe>{boardTitle(name)}</b> <small safe>{seconds}</small>
    </>
  );
}

/** How many open bets there are on a board; empty for none. */
export function BoardCount({ count }: { count: number }): JSX.Element {
  if (count === 0) return <></>;
  return (
    <>
      <span safe>{String(count)}</span>
      <span class="unseen">{count === 1 ? ' open bet' : ' open bets'}</span>
    </>
  );
}

/** On which board a bet is, beside it: a link there. The page shows it where there are several boards. */
export function OfBoard({ windowMs }: { windowMs: number }): JSX.Element {
  return (
    <a class="of" href={`/?board=${windowMs}`} data-window={String(windowMs)} safe>
      {secondsText(windowMs)}
    </a>
  );
}

/** The page that begins with that board. */
export const boardAddress = ({ name }: Pick<NamedBoard, 'name'>): string => `/?board=${name}`;

/** `quick` → `Quick` */
export const boardTitle = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/** `2 s`, in one piece. */
export const secondsText = (ms: number): string => `${ms / 1000}\u00a0s`;

/** A board: the columns of one length of window, and what people call it. */
export interface NamedBoard {
  /** Length of its columns, ms. */
  readonly windowMs: number;
  readonly name: string;
}

/** Boards of one house. */
export const BOARDS_MAX = 5;

/** Which board is shown to those who name none: the one whose windows are nearest to this length, ms. */
const ORDINARY_WINDOW_MS = 5_000;

/** Names by rank, where there are as many boards. */
const RANKS = ['quick', 'normal', 'long'] as const;

/**
 * What the boards are called: by rank where there are three, else by their seconds, as in `2.5s`.
 * @param windows lengths, ascending.
 */
export const namedBoards = (windows: readonly number[]): readonly NamedBoard[] =>
  windows.map((windowMs, rank) => ({
    windowMs,
    name: (windows.length === RANKS.length && RANKS[rank]) || `${windowMs / 1_000}s`,
  }));

/** The board of that name or length of window in ms, as a text; null where there is none. */
export const boardNamed = (windows: readonly number[], text: string): NamedBoard | null =>
  namedBoards(windows).find(({ windowMs, name }) => name === text || `${windowMs}` === text) ?? null;

/** The answer to a text that names none of them. @param windows lengths, ascending. */
export const boardsExpected = (windows: readonly number[]): string =>
  `There is no such board. Expected one of ${namedBoards(windows)
    .flatMap(({ windowMs, name }) => [name, windowMs])
    .join(', ')}.`;

/** Of windows that are equally near to the ordinary one, the shorter. @param windows not empty, ascending. */
export function defaultWindow(windows: readonly number[]): number {
  let [best = 0] = windows;
  for (const windowMs of windows)
    if (Math.abs(windowMs - ORDINARY_WINDOW_MS) < Math.abs(best - ORDINARY_WINDOW_MS)) best = windowMs;
  return best;
}

/**
 * The board with windows of that length, the default one without it; null where there is none.
 * @param boards by length of window, ascending.
 */
export function boardOf<Board extends { readonly windowMs: number }>(
  boards: readonly Board[],
  windowMs: number = defaultWindow(boards.map((board) => board.windowMs)),
): Board | null {
  return boards.find((board) => board.windowMs === windowMs) ?? null;
}

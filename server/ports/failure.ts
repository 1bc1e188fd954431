/**
 * Everything that a caller may expect to be thrown and do something about, by what it is called. What is
 * thrown without one of these codes is a bug, or the fault of a disk or a network.
 */
export type FailureCode =
  /** A cursor that this server did not write, or wrote for another list. */
  | 'bad_cursor'
  /** A commit failed: nobody knows whether it is durable. */
  | 'commit_unknown'
  /** The house is closing: nothing was done. */
  | 'closing'
  /** Another process has the data directory. */
  | 'directory_in_use'
  /** The first order with a nonce was not decided. */
  | 'nonce_forgotten'
  /** Something in the environment does not let the server start; the message is for the operator. */
  | 'not_started'
  /** What a setting names is missing or unusable; the message is for the operator. */
  | 'unusable_setting'
  /** A port or a socket cannot be had; the message is for the operator. */
  | 'not_listening'
  /** Under that key there is nothing. */
  | 'object_missing'
  /** Under that key there are other bytes. */
  | 'object_differs'
  /** The tail cannot continue from the last snapshot. */
  | 'snapshot_needed'
  /** The books stand behind what their backups have seen. */
  | 'books_behind'
  /** There are no books here, and a house is elsewhere: nothing was made; the message says what to do. */
  | 'house_elsewhere'
  /** There are no books here, and none are to be made. */
  | 'no_books'
  /** A store of backups or of the archive holds another house, and nothing of this one. */
  | 'other_house'
  /** Nothing was restored, for there are several houses and none was named; the message lists them. */
  | 'several_houses'
  /** Nothing was restored; the message is for the operator. */
  | 'not_restored'
  /** The archiver met books that it may not archive; the message is for the operator. */
  | 'archive_stopped'
  /** Neither a server nor its files can be reached; the message says what to do. */
  | 'not_reached'
  /** The server was asked and did not answer: it may have done what it was asked. */
  | 'unanswered'
  /** The server cannot read what it was asked. */
  | 'not_understood';

/** A failure that somebody is expected to catch. What it was caused by is kept in `cause`, not shown. */
export class Failure extends Error {
  constructor(
    readonly code: FailureCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = code;
  }
}

/** The one way to recognise a failure: whether it is one of these. */
export const isFailure = (error: unknown, ...codes: readonly FailureCode[]): error is Failure =>
  error instanceof Failure && codes.includes(error.code);

/** The code of what the system or a library threw, such as `ENOENT`; null where it has none. */
export const systemCodeOf = (cause: unknown): string | null =>
  cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : null;

/** What the system says of files, in words that need no manual; the code stands behind them. */
const FILE_FAULTS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder',
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EISDIR: 'it is a folder; expected a file',
  ENOTDIR: 'part of the path is not a folder',
  EEXIST: 'it exists already',
  ENOSPC: 'no space left on the disk',
  EROFS: 'the disk is read-only',
};

/**
 * What went wrong, in the words of whatever was thrown; faults of files without the name of a system call.
 */
export function messageOf(cause: unknown): string {
  const code = systemCodeOf(cause);
  const fault = code === null ? undefined : FILE_FAULTS[code];
  if (fault !== undefined) return `${fault} (${code})`;
  return cause instanceof Error ? cause.message : String(cause);
}

/** The same, after the file or folder that a fault of files is about, where the system named one. */
export function placedMessageOf(cause: unknown): string {
  const path = FILE_FAULTS[systemCodeOf(cause) ?? ''] === undefined ? null : pathOf(cause);
  return path === null ? messageOf(cause) : `${path}: ${messageOf(cause)}`;
}

/** A fault of an open file says nothing of its path: it is given one. @returns the same fault. */
export const placedAt = (cause: unknown, path: string): unknown =>
  systemCodeOf(cause) !== null && pathOf(cause) === null ? Object.assign(cause as Error, { path }) : cause;

const pathOf = (cause: unknown): string | null =>
  cause instanceof Error && 'path' in cause && typeof cause.path === 'string' ? cause.path : null;

/**
 * What a command may end with, the same number for the same thing everywhere; its help says what each means
 * for it.
 */
export const EXIT = {
  /** Success. */
  ok: 0,
  /** Not done, what was looked at is not as it should be, or what was asked for is not there. */
  wrong: 1,
  /** The command line or a setting cannot be understood; nothing was begun. */
  usage: 2,
  /** Undecided: what has to answer cannot be reached, or the outcome of an order is unknown. */
  undecided: 3,
  /** An error that nobody foresaw: a fault of the program or of the machine. */
  internal: 70,
  /** Ended by Ctrl-C before it was through. */
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Whether all is as it should be. */
export const exitOf = (well: boolean): ExitCode => (well ? EXIT.ok : EXIT.wrong);

/** One end of a connection that carries frames whole and in order, or ends. */
export interface Line {
  /** Frames are texts; what cannot be sent at once waits. */
  send(frame: string): void;
  /** Bytes, or characters, that wait to be sent. */
  readonly waiting: number;
  close(): void;
}

/** Whoever uses a line: called as soon as something happens, `closed` once and last. */
export interface LineUser {
  frame(text: string): void;
  closed(): void;
}

/** Takes over a line that was made. */
export type TakeLine = (line: Line) => LineUser;

/** Makes a line to the engine. @returns false when there is none to be had now. */
export type Dial = (take: TakeLine) => Promise<boolean>;

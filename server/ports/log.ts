type Write = (fields: Readonly<Record<string, unknown>>, message: string) => void;

/** Where lines for operators go: fields by name, and a sentence. */
export interface Log {
  readonly info: Write;
  readonly warn: Write;
  readonly error: Write;
}

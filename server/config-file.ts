import { readFileSync } from 'node:fs';

/** What a file of settings says, and what in it is not as its writer will have meant it. */
export interface SettingsFile {
  readonly values: Readonly<Record<string, string>>;
  /** Lines that say nothing, by their number from 1: the file cannot be used as it stands. */
  readonly wrong: readonly { readonly line: number; readonly text: string }[];
  /** Sentences on what is taken, and perhaps not as it was meant. */
  readonly hints: readonly string[];
}

/** Names that a line may set: what systemd allows. */
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const WHITE = ' \t';
/** What a backslash takes the meaning from between double quotes. */
const ESCAPED_IN_QUOTES = '"\\`$';

/** @throws Error of the file system where the file cannot be read. */
export const readSettingsFile = (path: string): SettingsFile => parseSettingsFile(readFileSync(path, 'utf8'));

/**
 * Reads `KEY=value` lines by the rules of systemd's EnvironmentFile, systemd.exec(5): `#` and `;` begin a
 * comment only where a line begins, a value may be quoted, a backslash at the end of a line joins the next
 * one, and nothing is expanded.
 */
export function parseSettingsFile(text: string): SettingsFile {
  const values: Record<string, string> = {};
  const lineOf: Record<string, number> = {};
  const wrong: { line: number; text: string }[] = [];
  const hints: string[] = [];
  const reader = new Reader(text.replaceAll('\r\n', '\n').replace(/^\uFEFF/, ''));
  while (!reader.atEnd) {
    reader.skip(`${WHITE}\n`);
    const { line } = reader;
    if (reader.atEnd) break;
    if (reader.isAt('#;')) {
      reader.takeLine();
      continue;
    }
    const start = reader.restOfLine();
    const name = reader.takeName();
    if (name === null || !NAME.test(name)) {
      wrong.push({ line, text: start });
      reader.takeLine();
      continue;
    }
    const value = reader.takeValue();
    if (reader.isUnclosed) wrong.push({ line, text: `${name}=… with an unclosed quotation mark` });
    if (/\s#/.test(value))
      hints.push(`line ${line}: a # after a value does not start a comment; it is part of ${name}`);
    if (/\$[A-Za-z_{(]/.test(value)) hints.push(`line ${line}: $ is not expanded in ${name}`);
    if (lineOf[name] !== undefined)
      hints.push(`${name} is set in line ${lineOf[name]} and again in line ${line}; the later one applies`);
    lineOf[name] = line;
    values[name] = value;
  }
  return { values, wrong, hints };
}

class Reader {
  line = 1;
  /** The text ended inside quotation marks. */
  isUnclosed = false;
  #at = 0;

  constructor(readonly text: string) {}

  get atEnd(): boolean {
    return this.#at >= this.text.length;
  }

  isAt(letters: string): boolean {
    return !this.atEnd && letters.includes(this.text.charAt(this.#at));
  }

  skip(letters: string): void {
    while (this.isAt(letters)) this.#take();
  }

  restOfLine(): string {
    const end = this.text.indexOf('\n', this.#at);
    return this.text.slice(this.#at, end < 0 ? undefined : end).trimEnd();
  }

  takeLine(): void {
    while (!this.atEnd && this.#take() !== '\n');
  }

  /** What stands before `=`; null where the line has none. */
  takeName(): string | null {
    const line = this.restOfLine();
    const equals = line.indexOf('=');
    if (equals < 0) return null;
    this.#at += equals + 1;
    return line.slice(0, equals).trimEnd();
  }

  /** Up to the end of the line, or of the last of the lines that are joined. */
  takeValue(): string {
    let value = '';
    for (;;) {
      this.skip(WHITE);
      if (this.isAt('"')) value += this.#quoted();
      else if (this.isAt("'")) value += this.#literal();
      else return value + this.#plain();
    }
  }

  #take(): string {
    const letter = this.text.charAt(this.#at++);
    if (letter === '\n') this.line += 1;
    return letter;
  }

  #plain(): string {
    let value = '';
    // White space at the end is no part of a value, unless a backslash says so.
    let kept = 0;
    while (!this.atEnd) {
      const letter = this.#take();
      if (letter === '\n') break;
      if (letter !== '\\') {
        value += letter;
        if (!WHITE.includes(letter)) kept = value.length;
        continue;
      }
      const next = this.atEnd ? '\n' : this.#take();
      if (next !== '\n') value += next;
      kept = value.length;
    }
    return value.slice(0, kept);
  }

  #literal(): string {
    let value = '';
    for (this.#take(); !this.atEnd; ) {
      const letter = this.#take();
      if (letter === "'") return value;
      value += letter;
    }
    this.isUnclosed = true;
    return value;
  }

  #quoted(): string {
    let value = '';
    for (this.#take(); !this.atEnd; ) {
      const letter = this.#take();
      if (letter === '"') return value;
      if (letter !== '\\' || this.atEnd) {
        value += letter;
        continue;
      }
      const next = this.#take();
      if (ESCAPED_IN_QUOTES.includes(next)) value += next;
      else if (next !== '\n') value += `\\${next}`;
    }
    this.isUnclosed = true;
    return value;
  }
}

import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { sameName } from '../game/operator.ts';
import type { Identify, Who } from '../ports/operator.ts';

/** A token that somebody thought of could be guessed when it is shorter. */
export const OPERATOR_TOKEN_LENGTH_MIN = 24;
/** The name that stands for the shared token. */
const SHARED_NAME = 'operator';
const RESERVED = [SHARED_NAME, 'house'];
const OPERATORS_MAX = 64;
const FILE_BYTES_MAX = 64 * 1024;
const NAME = /^[\p{L}\p{N}._@-](?:[\p{L}\p{N} ._@-]{0,62}[\p{L}\p{N}._@-])?$/u;
const LINE = /^(.+?)[ \t]+([0-9a-f]{64})$/;

interface Operator extends Who {
  readonly digest: Buffer;
}

export interface OperatorsParts {
  /** File with a line `<name> <SHA-256 of the token, hex>` for each operator; null without one. */
  readonly file: string | null;
  /** The one token of before; null without one. */
  readonly shared: string | null;
  /** The file has changed: who is in it now. */
  readonly onChange: (names: readonly string[]) => void;
  /** The file cannot be read any more: what was read before holds on. */
  readonly onFault: (cause: Error) => void;
}

/** The format of a line of the file. */
export const operatorLine = (name: string, token: string): string =>
  `${name} ${digestOf(token).toString('hex')}`;

/** What {@link isOperatorName} asks of a name, as a part of a sentence. */
export const OPERATOR_NAME_RULE =
  'expected 1 to 64 letters, digits and . _ @ -, with spaces between them, ' +
  `other than ${RESERVED.join(' and ')}`;

/** Whether somebody can be called so: {@link OPERATOR_NAME_RULE}. */
export const isOperatorName = (name: string): boolean =>
  NAME.test(name) && !RESERVED.some((reserved) => sameName(reserved, name));

/** Names and digests of a file of operators. @throws Error with a message for the author of the file. */
export function readOperators(text: string): readonly Operator[] {
  const operators: Operator[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const [, name = '', digest = ''] = LINE.exec(line) ?? [];
    const at = `line ${index + 1}`;
    if (digest === '') throw new Error(`${at}: expected a name and the SHA-256 of a token, 64 hex digits`);
    if (!isOperatorName(name))
      throw new Error(`${at}: ${JSON.stringify(name)} is no name: ${OPERATOR_NAME_RULE}`);
    if (operators.some((other) => sameName(other.name, name)))
      throw new Error(`${at}: ${name} appears twice`);
    operators.push({ name, proven: true, digest: Buffer.from(digest, 'hex') });
  }
  if (operators.length > OPERATORS_MAX) throw new Error(`more than ${OPERATORS_MAX} operators`);
  return operators;
}

/**
 * Who may act, by their tokens. The file is reread when it changes, so removing an operator ends their access
 * at once.
 */
export class Operators {
  readonly #shared: readonly Operator[];
  #own: readonly Operator[] = [];
  #stamp = '';

  /** @throws Error when the file cannot be read. */
  constructor(private readonly parts: OperatorsParts) {
    const { file, shared } = parts;
    this.#shared = shared === null ? [] : [{ name: SHARED_NAME, proven: false, digest: digestOf(shared) }];
    if (file !== null) this.#read(file);
  }

  readonly identify: Identify = (token, claimed) => {
    if (token === null)
      return this.parts.file === null && claimed !== null ? { name: claimed, proven: false } : 'no_token';
    const who = this.find(token);
    if (who === null) return 'wrong_token';
    return claimed !== null && !sameName(claimed, who.name) ? 'not_you' : who;
  };

  /** How long it takes says nothing about any token. */
  find(token: string): Who | null {
    return this.findDigest(digestOf(token));
  }

  findDigest(digest: Buffer): Who | null {
    this.#refresh();
    let found: Who | null = null;
    for (const operator of [...this.#own, ...this.#shared])
      if (timingSafeEqual(operator.digest, digest)) found = { name: operator.name, proven: operator.proven };
    return found;
  }

  #refresh(): void {
    const { file, onChange, onFault } = this.parts;
    if (file === null) return;
    try {
      if (stampOf(file) === this.#stamp) return;
      this.#read(file);
      onChange(this.#own.map(({ name }) => name));
    } catch (cause) {
      onFault(cause instanceof Error ? cause : new Error(String(cause)));
    }
  }

  #read(file: string): void {
    const stamp = stampOf(file);
    const text = readFileSync(file, 'utf8');
    if (text.length > FILE_BYTES_MAX) throw new Error(`larger than ${FILE_BYTES_MAX} bytes`);
    this.#own = readOperators(text);
    this.#stamp = stamp;
  }
}

const stampOf = (file: string): string => {
  const { mtimeMs, size, ino } = statSync(file);
  return `${mtimeMs} ${size} ${ino}`;
};

export const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest();

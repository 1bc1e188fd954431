import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Encoding } from './encoding.ts';

/** Under this a text gains nothing by being compressed. */
const COMPRESSED_FROM_LENGTH = 1024;
const BROTLI_QUALITY = 4;
const GZIP_LEVEL = 4;

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);

/**
 * A text that is sent to many: compressed once in each way that is asked for, off the loop, when it is asked
 * for.
 */
export class Rendered {
  readonly #compressed = new Map<Encoding, Promise<Uint8Array<ArrayBuffer>>>();

  constructor(readonly text: string) {}

  /** How it goes to a caller who takes `encoding`. */
  encodingFor(encoding: Encoding): Encoding {
    return this.text.length < COMPRESSED_FROM_LENGTH ? 'identity' : encoding;
  }

  async bytes(encoding: Encoding): Promise<string | Uint8Array<ArrayBuffer>> {
    if (encoding === 'identity') return this.text;
    let found = this.#compressed.get(encoding);
    if (found === undefined) this.#compressed.set(encoding, (found = compress(this.text, encoding)));
    return found;
  }
}

async function compress(
  text: string,
  encoding: Exclude<Encoding, 'identity'>,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes =
    encoding === 'br'
      ? await brotli(text, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } })
      : await zip(text, { level: GZIP_LEVEL });
  return new Uint8Array(bytes);
}

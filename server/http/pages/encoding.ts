import { brotliCompressSync, constants } from 'node:zlib';

export type Encoding = 'br' | 'gzip' | 'identity';

/** The best encoding that the client takes, by name; weights are not weighed, only `q=0` is heard. */
export function encodingFor(accept: string | null): Encoding {
  const taken = (accept ?? '').toLowerCase().split(',').filter((part) => !/;\s*q=0(\.0*)?\s*$/.test(part)).map((part) => part.split(';')[0]!.trim());
  return taken.includes('br') ? 'br' : taken.includes('gzip') ? 'gzip' : 'identity';
}

/** Small and slow, once at start. */
export function compressAtLeisure(bytes: Uint8Array<ArrayBuffer>, encoding: Encoding): Uint8Array<ArrayBuffer> {
  if (encoding === 'br') return new Uint8Array(brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }));
  return encoding === 'gzip' ? Bun.gzipSync(bytes, { level: 9 }) : bytes;
}

/** Quick, for what is rendered anew each time. */
export function compressInPassing(bytes: Uint8Array<ArrayBuffer>, encoding: Encoding): Uint8Array<ArrayBuffer> {
  if (encoding === 'br') return new Uint8Array(brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 3 } }));
  return encoding === 'gzip' ? Bun.gzipSync(bytes, { level: 4 }) : bytes;
}

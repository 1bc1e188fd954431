import { brotliCompressSync, constants } from 'node:zlib';

export type Encoding = 'br' | 'gzip' | 'identity';

/** From the best on. */
const BEST_FIRST: readonly Encoding[] = ['br', 'gzip'];

/** The best of `ours` that the client takes, by name or by `*`; weights are not weighed, only `q=0` is heard. */
export function acceptedEncoding(accept: string | null, ours: readonly Encoding[] = BEST_FIRST): Encoding {
  const weighed = (accept ?? '').toLowerCase().split(',').map((part) => [part.split(';')[0]!.trim(), !/;\s*q=0(\.0*)?\s*$/.test(part)] as const);
  const named = new Map(weighed);
  return ours.find((encoding) => named.get(encoding) ?? named.get('*') ?? false) ?? 'identity';
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

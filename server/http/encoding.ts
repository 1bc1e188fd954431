import { brotliCompressSync, constants } from 'node:zlib';

export type Encoding = 'br' | 'gzip' | 'identity';

/** From the best on. */
const BEST_FIRST: readonly Encoding[] = ['br', 'gzip'];

/**
 * The one of `ours` that the client weighs highest, by name or by `*`; of equals the best. None that is
 * weighed 0, nor where no encoding is weighed higher than all.
 */
export function acceptedEncoding(accept: string | null, ours: readonly Encoding[] = BEST_FIRST): Encoding {
  const weights = new Map((accept ?? '').toLowerCase().split(',').map(weighed));
  const weightOf = (encoding: Encoding): number => weights.get(encoding) ?? weights.get('*') ?? 0;
  const [best = 'identity'] = ours
    .filter((encoding) => weightOf(encoding) > 0)
    .sort((a, b) => weightOf(b) - weightOf(a));
  return weightOf(best) < (weights.get('identity') ?? 0) ? 'identity' : best;
}

/** A weight that cannot be read counts as none. */
function weighed(part: string): readonly [encoding: string, weight: number] {
  const [name, ...parameters] = part.split(';').map((text) => text.trim());
  const weight = parameters.find((text) => text.startsWith('q='))?.slice(2);
  return [
    name!,
    weight === undefined ? 1 : /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(weight) ? Number(weight) : 0,
  ];
}

/** Small and slow, once at start. */
export function compressAtLeisure(
  bytes: Uint8Array<ArrayBuffer>,
  encoding: Encoding,
): Uint8Array<ArrayBuffer> {
  if (encoding === 'br')
    return new Uint8Array(
      brotliCompressSync(bytes, {
        params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
      }),
    );
  return encoding === 'gzip' ? Bun.gzipSync(bytes, { level: 9 }) : bytes;
}

/** Fast, for responses that are rendered each time. */
export function compressInPassing(
  bytes: Uint8Array<ArrayBuffer>,
  encoding: Encoding,
): Uint8Array<ArrayBuffer> {
  if (encoding === 'br')
    return new Uint8Array(brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 3 } }));
  return encoding === 'gzip' ? Bun.gzipSync(bytes, { level: 4 }) : bytes;
}

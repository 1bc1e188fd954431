import * as zlib from 'node:zlib';
import type { Transform } from 'node:stream';

/** Parts of node:zlib that the runtime has and the types of it do not know yet. */
interface Zstd {
  createZstdCompress(options: { readonly params: Readonly<Record<number, number>> }): Transform;
  createZstdDecompress(): Transform;
  readonly constants: { readonly ZSTD_c_compressionLevel: number; readonly ZSTD_c_checksumFlag: number };
}
const zstd = zlib as unknown as Zstd;

const LEVEL = 3;

/** Bytes in, one zstd frame out, with a checksum of the content. */
export const compressor = (): Transform =>
  zstd.createZstdCompress({
    params: { [zstd.constants.ZSTD_c_compressionLevel]: LEVEL, [zstd.constants.ZSTD_c_checksumFlag]: 1 },
  });

export const decompressor = (): Transform => zstd.createZstdDecompress();

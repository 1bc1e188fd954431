import { messageOf } from '../../server/ports/failure.ts';
import { Unzip, UnzipInflate } from 'fflate';
import { createReadStream, openSync, readSync, closeSync, statSync } from 'node:fs';
import { PassThrough, pipeline, Transform, type Readable } from 'node:stream';
import * as zlib from 'node:zlib';
import { refuse } from './refusal.ts';

/** A price file of this size when unpacked is no price file any more. */
const UNPACKED_BYTES_MAX = 64 * 1024 ** 3;
const HEAD_BYTES = 4;
/** It runs here, and the types of Node do not know it yet. */
const { createZstdDecompress } = zlib as unknown as { readonly createZstdDecompress: () => Transform };

/** What a file is packed in, told by its first bytes, whatever its name says. */
export type Packing = 'none' | 'gzip' | 'zstd' | 'zip';

/**
 * An opened file: its text comes out of `text`, and `readBytes` says how much of the file itself was read.
 */
export interface Opened {
  readonly packing: Packing;
  readonly sizeBytes: number;
  readonly readBytes: () => number;
  readonly text: Readable;
}

/**
 * Opens a price file and unpacks it as it is read.
 * @param member name of the file inside a zip, where there is more than one
 * @throws ImportRefused when it cannot be read or is packed in something else
 */
export async function openFile(path: string, member?: string): Promise<Opened> {
  const { packing, sizeBytes } = headOf(path);
  const raw = createReadStream(path, { highWaterMark: 1 << 18 });
  const text = bound();
  // An error in any part ends the text with that error, which reaches the reader of the text.
  const over = (): void => {};
  if (packing === 'zip') pipeline(unzipped(raw, await memberOf(path, member)), text, over);
  else if (packing === 'none') pipeline(raw, text, over);
  else pipeline(raw, packing === 'gzip' ? zlib.createGunzip() : createZstdDecompress(), text, over);
  return { packing, sizeBytes, readBytes: () => raw.bytesRead, text };
}

function headOf(path: string): { packing: Packing; sizeBytes: number } {
  const head = Buffer.alloc(HEAD_BYTES);
  let sizeBytes: number;
  try {
    const descriptor = openSync(path, 'r');
    readSync(descriptor, head, 0, HEAD_BYTES, 0);
    closeSync(descriptor);
    sizeBytes = statSync(path).size;
  } catch (cause) {
    return refuse(`The price file ${path} cannot be read: ${messageOf(cause)}`);
  }
  if (sizeBytes === 0) refuse(`${path} is empty`);
  const first = head.toString('hex');
  if (first.startsWith('1f8b')) return { packing: 'gzip', sizeBytes };
  if (first === '28b52ffd') return { packing: 'zstd', sizeBytes };
  if (first === '504b0304') return { packing: 'zip', sizeBytes };
  if (first.startsWith('fffe') || first.startsWith('feff')) refuse(`${path} is UTF-16; save it as UTF-8`);
  if (
    first === '377abcaf' ||
    first.startsWith('425a68') ||
    first.startsWith('fd377a58') ||
    first.startsWith('52617221')
  ) {
    refuse(`${path} is a 7z, bzip2, xz or rar file; unpack it and import the contents`);
  }
  if (first === '50415231') refuse(`${path} is a Parquet file; export it as CSV`);
  return { packing: 'none', sizeBytes };
}

/** Ends with an error where a file unpacks to more than a price file can be. */
function bound(): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      bytes += chunk.length;
      done(
        bytes > UNPACKED_BYTES_MAX
          ? new Error(`it unpacks to more than ${UNPACKED_BYTES_MAX / 1024 ** 3} GiB`)
          : null,
        chunk,
      );
    },
  });
}

/** The one file of a zip, or the one that was named. */
async function memberOf(path: string, wanted: string | undefined): Promise<string> {
  const names: string[] = [];
  const listing = new Unzip((file) => names.push(file.name));
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 }))
      listing.push(chunk as Buffer);
  } catch (cause) {
    return refuse(`${path} is not a readable zip: ${messageOf(cause)}`);
  }
  const files = names.filter((name) => !name.endsWith('/') && !name.startsWith('__MACOSX/'));
  if (wanted !== undefined)
    return files.includes(wanted) ? wanted : refuse(`${path} has no ${wanted}; it has: ${some(files)}`);
  if (files.length === 1) return files[0]!;
  return refuse(
    files.length === 0
      ? `${path} is an empty zip`
      : `${path} has ${files.length} files; choose one with --member: ${some(files)}`,
  );
}

function unzipped(raw: Readable, member: string): Readable {
  const text = new PassThrough();
  const archive = new Unzip((file) => {
    if (file.name !== member) return;
    file.ondata = (error, chunk, final) => {
      if (error) return void text.destroy(error);
      text.write(chunk);
      if (final) text.end();
    };
    file.start();
  });
  archive.register(UnzipInflate);
  void (async () => {
    try {
      for await (const chunk of raw) {
        archive.push(chunk as Buffer);
        if (text.writableNeedDrain)
          await new Promise((resolve) => text.once('drain', resolve).once('close', resolve));
        if (text.destroyed) return;
      }
      archive.push(new Uint8Array(0), true);
      text.end();
    } catch (cause) {
      text.destroy(cause as Error);
    }
  })();
  return text;
}

const SOME = 8;
const some = (names: readonly string[]): string =>
  names.slice(0, SOME).join(', ') + (names.length > SOME ? ` and ${names.length - SOME} more` : '');

/**
 * What the recorded process did to files below one folder, in order; `acknowledged` is what it told the
 * world.
 */
export type SystemCall =
  | { readonly kind: 'write'; readonly file: string; readonly offset: number; readonly bytes: Uint8Array }
  | { readonly kind: 'truncate'; readonly file: string; readonly size: number }
  | { readonly kind: 'sync'; readonly file: string }
  | { readonly kind: 'unlink'; readonly file: string }
  | { readonly kind: 'acknowledged'; readonly bet: number };

/**
 * Arguments for strace: every call that changes or flushes a file, with all its bytes in hex and file names
 * beside descriptors.
 */
export const STRACE = [
  '-f',
  '-y',
  '-xx',
  '-s',
  '4194304',
  '-e',
  'signal=none',
  '-e',
  'trace=pwrite64,write,pwritev,writev,fsync,fdatasync,sync_file_range,ftruncate,truncate,unlink,unlinkat,rename,renameat,renameat2,mmap',
];

const LINE = /^(?:\d+ +)?(\w+)\((.*)\) += (-?\d+|\?|0x[0-9a-f]+)/;

/**
 * Reads a recording. Calls that failed are left out.
 * @throws Error for a call that changes a file in a way that this reader does not know: the rebuilt disk
 *   would be wrong.
 */
export function readRecording(text: string, folder: string): SystemCall[] {
  const calls: SystemCall[] = [];
  for (const line of joined(text)) {
    const match = LINE.exec(line);
    if (!match) continue;
    const [, name, args, result] = match as unknown as [string, string, string, string];
    if (result.startsWith('-') || result === '?') continue;
    if (name === 'write' && args.startsWith('1<')) {
      const heard = /^acknowledged (\d+)\n$/.exec(Buffer.from(bytesOf(args)).toString());
      if (heard) calls.push({ kind: 'acknowledged', bet: Number(heard[1]) });
      continue;
    }
    const file = fileOf(args, folder);
    // The shared-memory index is rebuilt from the WAL; nothing in it has to survive.
    if (file === null || file.endsWith('-shm')) continue;
    switch (name) {
      case 'pwrite64':
        calls.push({
          kind: 'write',
          file,
          offset: Number(/, (\d+)$/.exec(args)![1]),
          bytes: bytesOf(args).subarray(0, Number(result)),
        });
        break;
      case 'ftruncate':
        calls.push({ kind: 'truncate', file, size: Number(/, (\d+)$/.exec(args)![1]) });
        break;
      case 'fsync':
      case 'fdatasync':
        calls.push({ kind: 'sync', file });
        break;
      case 'unlink':
        calls.push({ kind: 'unlink', file });
        break;
      default:
        throw new Error(`the recording has a ${name} on ${file}, which is not understood`);
    }
  }
  return calls;
}

/** A call that another thread interrupted is written in two halves. */
function* joined(text: string): Generator<string> {
  const open = new Map<string, string>();
  for (const line of text.split('\n')) {
    const pid = /^\d+/.exec(line)?.[0] ?? '';
    const cut = line.indexOf(' <unfinished ...>');
    if (cut !== -1) {
      open.set(pid, line.slice(0, cut));
      continue;
    }
    const resumed = /^(?:\d+ +)?<\.\.\. \w+ resumed>(.*)$/.exec(line);
    if (resumed === null) yield line;
    else {
      yield (open.get(pid) ?? '') + resumed[1];
      open.delete(pid);
    }
  }
}

/**
 * The file that a descriptor or a path argument names, relative to the folder; null for any other. Names are
 * in hex too.
 */
function fileOf(args: string, folder: string): string | null {
  const named = /^\d+<([^>]*)>/.exec(args)?.[1] ?? /"((?:\\x[0-9a-f]{2})*)"/.exec(args)?.[1];
  if (named === undefined) return null;
  const path = named.startsWith('\\x') ? Buffer.from(named.replaceAll('\\x', ''), 'hex').toString() : named;
  return path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : null;
}

function bytesOf(args: string): Uint8Array {
  const from = args.indexOf('"');
  return Buffer.from(args.slice(from + 1, args.indexOf('"', from + 1)).replaceAll('\\x', ''), 'hex');
}

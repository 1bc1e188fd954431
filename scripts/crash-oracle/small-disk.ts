import { cpSync, lstatSync, mkdirSync, renameSync, statfsSync } from 'node:fs';

/** Least size of the file system, so that it can be made at all. */
const SIZE_MIN = 1 << 20;

/** A file system of its own in memory, which leaves as much room as it is told to. */
export class SmallDisk {
  /** Only root may mount one. */
  static readonly available = process.getuid?.() === 0 && Bun.which('mount') !== null && Bun.which('umount') !== null;

  /** @throws Error when it cannot be mounted, as in a container without the right to. */
  static mount(path: string, roomBytes: number): SmallDisk {
    mkdirSync(path, { recursive: true });
    mount('-o', `size=${roomBytes},mode=700`, '-t', 'tmpfs', 'tmpfs', path);
    return new SmallDisk(path);
  }

  private constructor(private readonly path: string) {}

  /** Grows or shrinks, so that this much is free beside what is there. */
  leave(roomBytes: number): void {
    mount('-o', `remount,size=${Math.max(SIZE_MIN, this.usedBytes() + Math.round(roomBytes))}`, this.path);
  }

  usedBytes(): number {
    const { blocks, bfree, bsize } = statfsSync(this.path);
    return (blocks - bfree) * bsize;
  }

  /** @param keep to leave what is on it in its place, on the disk below. */
  unmount(keep = false): void {
    if (keep) cpSync(this.path, `${this.path}.kept`, { recursive: true, filter: (path) => !lstatSync(path).isSocket() });
    Bun.spawnSync(['umount', '-l', this.path]);
    if (keep) renameSync(`${this.path}.kept`, this.path);
  }
}

function mount(...words: readonly string[]): void {
  const { exitCode, stderr } = Bun.spawnSync(['mount', ...words]);
  if (exitCode !== 0) throw new Error(`mount ${words.join(' ')}: ${stderr.toString().trim()}`);
}

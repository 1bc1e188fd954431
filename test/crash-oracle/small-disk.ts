import { cpSync, lstatSync, mkdirSync, renameSync, statfsSync } from 'node:fs';

/** Least size of the file system, so that it can be made at all. */
const SIZE_MIN = 1 << 20;
const LEAVE_TRIES_MAX = 10;

/** A file system of its own in memory, which leaves as much room as it is told to. */
export class SmallDisk {
  /** Null where it cannot be mounted: only root may, and in many containers not even root. */
  static mount(path: string, roomBytes: number): SmallDisk | null {
    mkdirSync(path, { recursive: true });
    if (process.getuid?.() !== 0 || Bun.which('mount') === null || Bun.which('umount') === null) return null;
    return mount('-o', `size=${roomBytes},mode=700`, '-t', 'tmpfs', 'tmpfs', path) === ''
      ? new SmallDisk(path)
      : null;
  }

  private constructor(private readonly path: string) {}

  /**
   * Grows or shrinks, so that this much is free beside what is there. Less than what is there is refused, and
   * a server that writes meanwhile has more there than was looked at.
   */
  leave(roomBytes: number): void {
    let failure = '';
    for (let tries = 0; tries < LEAVE_TRIES_MAX; tries++) {
      const size = Math.max(SIZE_MIN, this.usedBytes() + Math.round(roomBytes));
      failure = mount('-o', `remount,size=${size}`, this.path);
      if (failure === '') return;
    }
    throw new Error(failure);
  }

  usedBytes(): number {
    const { blocks, bfree, bsize } = statfsSync(this.path);
    return (blocks - bfree) * bsize;
  }

  /** @param keep to leave what is on it in its place, on the disk below. */
  unmount(keep = false): void {
    if (keep)
      cpSync(this.path, `${this.path}.kept`, {
        recursive: true,
        filter: (path) => !lstatSync(path).isSocket(),
      });
    Bun.spawnSync(['umount', '-l', this.path]);
    if (keep) renameSync(`${this.path}.kept`, this.path);
  }
}

/** @returns what it says when it fails; nothing when it does not. */
function mount(...words: readonly string[]): string {
  const { exitCode, stderr } = Bun.spawnSync(['mount', ...words]);
  return exitCode === 0 ? '' : `mount ${words.join(' ')}: ${exitCode}, ${stderr.toString().trim()}`;
}

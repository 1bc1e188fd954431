import { statSync } from 'node:fs';
import type { MachineReadings } from '../ports/readings.ts';
import { certificateOfOrigin } from './certificate.ts';
import { diskUsedShare } from './disk.ts';
import { openFiles, openFilesMax } from './process-figures.ts';

export interface MachineWatchOptions {
  readonly publicOrigin: string;
  readonly dataDir: string;
  /** Where backups lie; null where they are beside the books. */
  readonly backupDir: string | null;
}

const LOOK_EVERY_MS = 10_000;
const CERTIFICATE_EVERY_MS = 5 * 60_000;

/**
 * What the server depends on and does not do itself, looked at now and then so that nobody who asks has to
 * wait for it.
 */
export class MachineWatch {
  readonly #filesMax = openFilesMax();
  readonly #timers: readonly Timer[];
  #certificate: MachineReadings['certificate'] = null;
  #openFiles: number | null = null;

  constructor(private readonly options: MachineWatchOptions) {
    const look = () => void openFiles().then((count) => (this.#openFiles = count));
    const lookAtCertificate = () =>
      void certificateOfOrigin(options.publicOrigin)?.then((found) => (this.#certificate = found));
    look();
    lookAtCertificate();
    this.#timers = [
      setInterval(look, LOOK_EVERY_MS).unref(),
      setInterval(lookAtCertificate, CERTIFICATE_EVERY_MS).unref(),
    ];
  }

  look = (): MachineReadings => ({
    certificate: this.#certificate,
    openFiles: this.#openFiles,
    openFilesMax: this.#filesMax,
    backupDiskUsedShare: this.#backupDisk(),
  });

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }

  #backupDisk(): number | null {
    const { backupDir, dataDir } = this.options;
    try {
      return backupDir === null || statSync(backupDir).dev === statSync(dataDir).dev
        ? null
        : diskUsedShare(backupDir);
    } catch {
      return null;
    }
  }
}

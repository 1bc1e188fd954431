import { statSync } from 'node:fs';
import type { MachineReadings } from '../ports/readings.ts';
import { certificateOfOrigin } from './certificate.ts';
import { diskUsedShare } from './disk.ts';
import { FilesWatch } from './files-watch.ts';

export interface MachineWatchOptions {
  readonly publicOrigin: string;
  readonly dataDir: string;
  /** Where backups lie; null where they are beside the books. */
  readonly backupDir: string | null;
}

const CERTIFICATE_EVERY_MS = 5 * 60_000;

/**
 * What the server depends on and does not do itself, looked at now and then so that nobody who asks has to
 * wait for it.
 */
export class MachineWatch {
  readonly #files = new FilesWatch();
  readonly #timer: Timer;
  #certificate: MachineReadings['certificate'] = null;

  constructor(private readonly options: MachineWatchOptions) {
    const lookAtCertificate = () =>
      void certificateOfOrigin(options.publicOrigin)?.then((found) => (this.#certificate = found));
    lookAtCertificate();
    this.#timer = setInterval(lookAtCertificate, CERTIFICATE_EVERY_MS).unref();
  }

  look = (): MachineReadings => ({
    certificate: this.#certificate,
    openFiles: this.#files.open,
    openFilesMax: this.#files.max,
    backupDiskUsedShare: this.#backupDisk(),
  });

  stop(): void {
    clearInterval(this.#timer);
    this.#files.stop();
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

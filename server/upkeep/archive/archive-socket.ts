import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ArchiveOperation, ArchiveResult } from '../../ports/archive.ts';
import { readArchiveOperation } from './operation-text.ts';

/** The socket in the data folder through which the archiver reaches the ledger of a running server. */
const ARCHIVE_SOCKET_FILE = 'archive.sock';
/** Longest path of a unix socket on Linux, less the closing zero. */
const PATH_BYTES_MAX = 107;
const BODY_BYTES_MAX = 256 * 1024;
const ANSWER_MS_MAX = 60_000;

export interface ArchiveSocket {
  close(): Promise<void>;
}

/**
 * Takes operations of the archive, and no others, from processes of the same user: the data folder is his
 * alone.
 * @param dataDir must be locked by this process. @param commit carries an operation out between the batches.
 * @returns null where the folder's path is too long for a socket.
 */
export function openArchiveSocket(
  dataDir: string,
  commit: (operation: ArchiveOperation) => Promise<ArchiveResult>,
): ArchiveSocket | null {
  const path = archiveSocketPath(dataDir);
  if (Buffer.byteLength(path) > PATH_BYTES_MAX) return null;
  // One that a killed server left.
  rmSync(path, { force: true });
  const server = Bun.serve({
    ...patiently(path),
    maxRequestBodySize: BODY_BYTES_MAX,
    async fetch(request) {
      const operation = readArchiveOperation(await request.json().catch(() => null));
      if (operation === null)
        return Response.json(
          { kind: 'not-archived', reason: 'that is not an archive operation' } satisfies ArchiveResult,
          { status: 400 },
        );
      return Response.json(await commit(operation));
    },
    error: () =>
      Response.json(
        { kind: 'not-archived', reason: 'the ledger did not carry it out' } satisfies ArchiveResult,
        { status: 503 },
      ),
  });
  return {
    close: async () => {
      await server.stop(true);
      rmSync(path, { force: true });
    },
  };
}

/**
 * Of its own accord the server hangs up after ten seconds, on a commit that lasts as long. Bun heeds the
 * setting for a unix socket too, its types do not know it.
 */
const patiently = (unix: string): { readonly unix: string } =>
  ({ unix, idleTimeout: ANSWER_MS_MAX / 1000 }) as { readonly unix: string };

export const archiveSocketPath = (dataDir: string): string => join(dataDir, ARCHIVE_SOCKET_FILE);

/** Whether a server seems to listen on it. */
export const hasArchiveSocket = (dataDir: string): boolean => existsSync(archiveSocketPath(dataDir));

/**
 * Sends an operation over the socket. @throws Error when nobody answers: it is not known then whether it was
 * carried out, and may be sent again.
 */
export async function commitOverSocket(dataDir: string, operation: ArchiveOperation): Promise<ArchiveResult> {
  const response = await fetch('http://archive/', {
    unix: archiveSocketPath(dataDir),
    method: 'POST',
    body: JSON.stringify(operation),
    signal: AbortSignal.timeout(ANSWER_MS_MAX),
  });
  return (await response.json()) as ArchiveResult;
}

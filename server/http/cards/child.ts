import { behindOthers } from '../../ports/behind-others.ts';

/** Longest time that one card may take, on a machine that has little left for it. */
const DRAW_MS_MAX = 60_000;
/** How much less of the processor a card gets than the server. */
const NICENESS = 10;
const FAULT_LENGTH_MAX = 500;

/**
 * Runs `tapgrid draw-card`, behind everything else at the processor, and without what this process knows of
 * secrets. `stopped` ends it.
 * @param ownCommand how this program starts its commands. @returns the PNG. @throws Error with what it
 *   complained of
 */
export async function drawnByChild(
  ownCommand: readonly string[],
  svg: string,
  stopped: AbortSignal,
): Promise<Uint8Array> {
  const command = [...ownCommand, 'draw-card'];
  const child = Bun.spawn(behindOthers(command, NICENESS), {
    env: {},
    stdin: new Blob([svg]),
    stdout: 'pipe',
    stderr: 'pipe',
    signal: AbortSignal.any([stopped, AbortSignal.timeout(DRAW_MS_MAX)]),
  });
  const [drawn, said] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  if ((await child.exited) !== 0)
    throw new Error(
      said.trim().slice(-FAULT_LENGTH_MAX) || `it exited with ${child.exitCode ?? child.signalCode}`,
    );
  return new Uint8Array(Buffer.from(drawn, 'base64'));
}

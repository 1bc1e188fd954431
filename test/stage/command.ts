import { run } from '../../scripts/command-line/shell.ts';
import { COMMANDS } from '../../scripts/commands/table.ts';
import type { Environment } from '../../server/config.ts';

export interface Said {
  readonly code: number;
  /** Standard output. */
  readonly out: string;
  /** Standard error. */
  readonly error: string;
  /** Both, in the order in which they came. */
  readonly said: string;
}

/** One run of `tapgrid` in this process. */
export async function tapgrid(
  words: readonly string[],
  { env = {}, input = '' }: { readonly env?: Environment; readonly input?: string } = {},
): Promise<Said> {
  let [out, error, said] = ['', '', ''];
  const code = await run(COMMANDS, words, {
    out: (text) => void ((out += text), (said += text)),
    error: (text) => void ((error += text), (said += text)),
    written: async () => true,
    drawable: false,
    input: async () => input,
    env,
  });
  return { code, out, error, said };
}

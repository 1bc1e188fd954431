import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Of each file in a folder or of those that are named: a line for `sha256sum --check`, in the order of names.
 */
export async function sumsOf(folder: string, names: readonly string[] = filesIn(folder)): Promise<string> {
  const lines = await Promise.all(
    [...names].sort().map(async (name) => {
      const hash = new Bun.CryptoHasher('sha256').update(await Bun.file(join(folder, name)).bytes());
      return `${hash.digest('hex')}  ${name}\n`;
    }),
  );
  return lines.join('');
}

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(folder, name)).isFile(),
  );

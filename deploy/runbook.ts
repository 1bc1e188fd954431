import { join } from 'node:path';

export const RUNBOOK = join(import.meta.dir, '../docs/runbook.md');

/** A block of commands: the chapter that it stands in, what its fence says, and the commands. */
export interface Block {
  readonly chapter: string;
  readonly how: string;
  readonly script: string;
}

/** The blocks of a page in its order, those in lists without their indentation. */
export function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  let chapter = '';
  for (const match of text.matchAll(/^#{2,3} (.+)$|^( {0,4})```(.*)\n([\s\S]*?)^ {0,4}```$/gm)) {
    if (match[1] !== undefined) chapter = match[1];
    else
      blocks.push({
        chapter,
        how: match[3]!,
        script: match[4]!.replaceAll(new RegExp(`^${match[2]}`, 'gm'), ''),
      });
  }
  return blocks;
}

import { join } from 'node:path';

export const RUNBOOK = join(import.meta.dir, '../docs/runbook.md');

/** A block of commands: the chapter that it stands in, what its fence says, and the commands. */
export interface Block {
  readonly chapter: string;
  readonly how: string;
  readonly script: string;
}

/** The blocks of a page in its order. */
export function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  let chapter = '';
  for (const match of text.matchAll(/^#{2,3} (.+)$|^```(.*)\n([\s\S]*?)^```$/gm)) {
    if (match[1] !== undefined) chapter = match[1];
    else blocks.push({ chapter, how: match[2]!, script: match[3]! });
  }
  return blocks;
}

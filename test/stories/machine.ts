import { expect } from 'bun:test';
import type { Debian } from '../../deploy/debian/debian.ts';
import { blocksOf, RUNBOOK } from '../../deploy/runbook.ts';
import type { Found } from './found.ts';

const BLOCKS = blocksOf(await Bun.file(RUNBOOK).text());
const ASK = 'curl -s --unix-socket /run/tapgrid';
/** A release from before there were edges says nothing of them. */
const IS_PLAYED = `set -o pipefail
${ASK}/operations.sock http://x/healthz | jq -e '.state != "open"' &&
! ${ASK}/operations.sock http://x/metrics | grep -q '^tapgrid_edge_memory_bytes 0$' &&
${ASK}/http.sock http://x/readyz | grep -q true`;
const typed = new Set<string>();

/** Blocks that the runbook leaves to the stories and nobody has typed yet, by chapter and first line. */
export const untyped = (): string[] =>
  BLOCKS.filter(({ how, script }) => how === 'sh story' && !typed.has(script)).map(
    ({ chapter, script }) => `${chapter}: ${script.split('\n')[0]}`,
  );

/** A machine of a story, with an operator who types what the runbook says. */
export class Machine {
  constructor(
    readonly number: 1 | 2,
    readonly debian: Debian,
    /** What the words in capitals of the runbook stand for. */
    private readonly words: Readonly<Record<string, string>>,
  ) {}

  /** What a script says; where it ends otherwise, a failure shows all that it said. */
  say(script: string, exitCode = 0): string {
    const answer = this.debian.run(script);
    expect({ script, ...answer }).toEqual({ script, ...answer, exitCode });
    return answer.text;
  }

  /** The same while others go on. */
  async saying(script: string): Promise<string> {
    const child = this.debian.spawn(`exec 2>&1\n${script}`);
    const said = await new Response(child.stdout).text();
    expect({ script, said, exitCode: await child.exited }).toEqual({ script, said, exitCode: 0 });
    return said;
  }

  /** The one block of a chapter that has this in it, with its words filled in. */
  block(chapter: string, has: string, words: Readonly<Record<string, string>> = {}): string {
    const found = BLOCKS.filter((block) => block.chapter === chapter && block.script.includes(has));
    expect([chapter, has, found.length]).toEqual([chapter, has, 1]);
    let { script } = found[0]!;
    typed.add(script);
    for (const [word, meaning] of Object.entries({ ...this.words, ...words }))
      script = script.replaceAll(word, meaning);
    return `set -euo pipefail\n${script}`;
  }

  /** What the doctor finds, and how it ends. */
  doctor(): { readonly exitCode: number; readonly found: readonly Found[] } {
    const { exitCode, text } = this.debian.run('tapgrid doctor --json');
    return { exitCode, found: JSON.parse(text) };
  }

  until = (what: string, script: string): Promise<void> => this.debian.until(what, script);

  /** The house takes taps, and whoever serves people has been heard by it. */
  untilPlay = (): Promise<void> => this.until('taps to be taken', IS_PLAYED);
}

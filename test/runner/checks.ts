/** What is looked at without running the product: one program that ends with 0 when all is right. */
export interface Check {
  readonly name: string;
  readonly right: string;
  readonly wrong: string;
  /** Words after Bun's own; paths are those of the project. */
  readonly words: readonly string[];
}

/** How one check ended, with all that it printed. */
export interface Verdict {
  readonly check: Check;
  readonly isRight: boolean;
  readonly printed: string;
  readonly seconds: number;
}

const COMPILER = 'node_modules/typescript/bin/tsc';
const BIOME = 'node_modules/@biomejs/biome/bin/biome';

export const CHECKS: readonly Check[] = [
  { name: 'format', right: 'as formatted', wrong: 'DIFFERS: npm run format', words: [BIOME, 'format', '.'] },
  {
    name: 'lint',
    right: 'clean',
    wrong: 'COMPLAINS',
    words: [BIOME, 'lint', '--error-on-warnings', '--max-diagnostics=50', '.'],
  },
  { name: 'types', right: 'right', wrong: 'WRONG', words: [COMPILER, '--noEmit'] },
  {
    name: 'types of the page',
    right: 'right',
    wrong: 'WRONG',
    words: [COMPILER, '--noEmit', '--project', 'static'],
  },
  { name: 'secrets', right: 'none', wrong: 'FOUND', words: ['test/runner/find-secrets.ts'] },
  {
    name: 'style rules',
    right: 'kept',
    wrong: 'BROKEN',
    // By itself Bun gives a test five seconds, and the other checks run beside it.
    words: ['test', '--only-failures', '--timeout=100000', './server/tidy.test.ts'],
  },
];

const MINUTES_MAX = 5;

/**
 * Runs the checks side by side, and tells each verdict in their order.
 * @returns how many of them are not right
 */
export async function runChecks(
  root: string,
  checks: readonly Check[],
  progress: (verdict: Verdict) => void,
): Promise<number> {
  let wrong = 0;
  for (const running of checks.map((check) => runCheck(root, check))) {
    const verdict = await running;
    progress(verdict);
    if (!verdict.isRight) wrong += 1;
  }
  return wrong;
}

/** What is printed of a check: its complaints where there are some, then its verdict and how long it took. */
export const verdictText = ({ check, isRight, printed, seconds }: Verdict): string =>
  `${isRight ? '' : printed}${check.name}: ${isRight ? check.right : check.wrong} (${seconds.toFixed(1)} s)`;

async function runCheck(root: string, check: Check): Promise<Verdict> {
  const startedMs = performance.now();
  const child = Bun.spawn([process.execPath, ...check.words], {
    cwd: root,
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
    timeout: MINUTES_MAX * 60_000,
  });
  const printed = await Promise.all([child.stdout.text(), child.stderr.text()]);
  const isRight = (await child.exited) === 0;
  return { check, isRight, printed: printed.join(''), seconds: (performance.now() - startedMs) / 1000 };
}

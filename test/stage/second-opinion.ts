import { join } from 'node:path';

const VERIFIER = join(import.meta.dir, '../verifier/verify.py');
const EXAMPLES_MAX = 5;

/** What test/verifier/verify.py --json tells. */
export interface SecondOpinion {
  readonly ok: boolean;
  readonly books: Readonly<Record<string, unknown>>;
  readonly checks: readonly {
    readonly name: string;
    readonly lookedAt: number;
    readonly violations: number;
    readonly examples: readonly string[];
    readonly leftOut: Readonly<Record<string, number>>;
  }[];
}

/**
 * Null where there is Python; else what is added to the name of a test. Told loudly once, for books that only
 * their own code has looked at have not been checked by anybody else.
 */
export const LEFT_OUT: string | null = (() => {
  if (Bun.which('python3') !== null) return null;
  console.warn(
    'LEFT OUT: python3 is not installed, so the verifier in another language (test/verifier) did not ' +
      'look at these books',
  );
  return ': LEFT OUT, python3 is not installed';
})();

/** Asks for the signatures of orders too, where Python has a package that knows P-256. */
export const SIGNATURES: readonly string[] =
  LEFT_OUT === null && Bun.spawnSync(['python3', '-c', 'import cryptography']).success
    ? ['--signatures']
    : [];

/**
 * Runs the verifier on a database file. @throws Error when it could check nothing; where there is no Python
 * ask {@link LEFT_OUT} first.
 */
export function secondOpinion(file: string, ...options: readonly string[]): SecondOpinion {
  const { exitCode, stdout, stderr } = Bun.spawnSync(['python3', VERIFIER, file, '--json', ...options]);
  if (exitCode > 1) throw new Error(`test/verifier/verify.py ended with ${exitCode}: ${stderr.toString()}`);
  const opinion = JSON.parse(stdout.toString()) as SecondOpinion;
  if (opinion.ok !== (exitCode === 0))
    throw new Error(`test/verifier/verify.py says ${opinion.ok} and ends with ${exitCode}`);
  return opinion;
}

/** Names of the checks that do not hold, in their order. */
export const brokenOf = ({ checks }: SecondOpinion): string[] =>
  checks.filter(({ violations }) => violations > 0).map(({ name }) => name);

/** The first faults in words; none where all pass, or where there is no Python. */
export function faultsOf(file: string, ...options: readonly string[]): string[] {
  if (LEFT_OUT !== null) return [];
  return secondOpinion(file, ...options).checks.flatMap(({ name, violations, examples }) => {
    const more =
      violations > EXAMPLES_MAX ? [`second verifier, ${name}: and ${violations - EXAMPLES_MAX} more`] : [];
    return [
      ...examples.slice(0, EXAMPLES_MAX).map((example) => `second verifier, ${name}: ${example}`),
      ...more,
    ];
  });
}

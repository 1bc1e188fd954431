/** What the registry knows of the locked packages. */
export type Audit =
  | { readonly known: readonly Advisory[] }
  /** It could not be asked: no network, no such list there, or no answer in time. */
  | { readonly unasked: string };

/** A vulnerability of a package, as the registry lists it. */
export interface Advisory {
  readonly package: string;
  readonly severity: string;
  readonly title: string;
  readonly url: string;
}

const GRAVE: ReadonlySet<string> = new Set(['high', 'critical']);
const ASK_MS_MAX = 30_000;

/**
 * Asks the registry for vulnerabilities of the packages in bun.lock; there is no list of them that could be
 * had without it.
 * @param env where another registry may be named
 */
export async function audit(root: string, env = process.env, msMax = ASK_MS_MAX): Promise<Audit> {
  const child = Bun.spawn([process.execPath, 'audit', '--json'], {
    cwd: root,
    env,
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
    timeout: msMax,
  });
  const [answer, complaint] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  await child.exited;
  if (child.signalCode !== null) return { unasked: `no answer within ${msMax / 1_000} s` };
  const known = advisoriesOf(answer);
  return known === null ? { unasked: complaint.trim() || 'an answer that cannot be read' } : { known };
}

/** Those for which the test command fails. */
export const graveOf = (known: readonly Advisory[]): readonly Advisory[] =>
  known.filter(({ severity }) => GRAVE.has(severity));

/** What is printed of it, in a line or more. */
export function auditText(found: Audit): string {
  if ('unasked' in found) return `audit: LEFT OUT, the registry could not be asked: ${found.unasked}`;
  const grave = graveOf(found.known);
  if (grave.length === 0)
    return `audit: no high or critical vulnerability is known, ${found.known.length} lesser ones are`;
  return [
    ...grave.map(({ package: name, severity, title, url }) => `${name}: ${severity}: ${title} ${url}`),
    `audit: ${grave.length} VULNERABLE`,
  ].join('\n');
}

/** The registry's answer: package → its advisories; null for anything else. */
function advisoriesOf(answer: string): Advisory[] | null {
  try {
    const listed: Record<string, Omit<Advisory, 'package'>[]> = JSON.parse(answer);
    return Object.entries(listed).flatMap(([name, advisories]) =>
      advisories.map(({ severity, title, url }) => ({ package: name, severity, title, url })),
    );
  } catch {
    return null;
  }
}

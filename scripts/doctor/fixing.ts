import type { Check, CheckName } from './check.ts';
import { messageOf } from '../../server/ports/failure.ts';

/** One thing that `doctor --fix` did, or could not do. */
export interface Step {
  readonly name: CheckName;
  readonly says: string;
  /** Why it could not be done; null when it was. */
  readonly failed: string | null;
}

/** Carries out what the checks offer, one after the other; one that fails keeps none of the others back. */
export async function carryOutFixes(checks: readonly Check[]): Promise<readonly Step[]> {
  const steps: Step[] = [];
  for (const { name, fix } of checks) {
    if (fix === undefined) continue;
    let failed: string | null = null;
    try {
      await fix.carryOut();
    } catch (cause) {
      failed = messageOf(cause);
    }
    steps.push({ name, says: fix.says, failed });
  }
  return steps;
}

export const stepsText = (steps: readonly Step[]): string =>
  steps.length === 0 ? 'Nothing to repair automatically.\n\n' : `${steps.map(stepText).join('')}\n`;

const stepText = ({ name, says, failed }: Step): string =>
  failed === null
    ? `  done    ${name.padEnd(11)} ${says}\n`
    : `  FAILED  ${name.padEnd(11)} ${says}: ${failed}\n`;

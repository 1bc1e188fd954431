import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const CHANGES = readFileSync(join(import.meta.dir, '../../CHANGELOG.md'));

/**
 * The seed of a test of chance: the environment's variable of that name, else one that follows from the
 * change log. Each change to the product so tries seeds that none before it tried, and what was green on one
 * machine is tried with the same seed on the next: a red run can be told from a new find, and repeated.
 * @param name of the variable, such as `SIMULATION_SEED`; `random` there draws one.
 * @returns 0 to 999,999
 */
export function seedOf(name: string): number {
  const given = process.env[name];
  if (given === 'random') return Math.floor(Math.random() * 1_000_000);
  if (given !== undefined) return Number(given);
  return createHash('sha256').update(name).update(CHANGES).digest().readUInt32BE() % 1_000_000;
}

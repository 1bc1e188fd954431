import { existsSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dir, '../../../shared');

/** A place beside the checkout. */
export interface Beside {
  readonly path: string;
  readonly isThere: boolean;
  /** Stands behind the name of a test, empty where the place is there. */
  readonly why: string;
}

/**
 * Recordings of exchanges, which nobody may hand on, and inputs of others, which are read where they lie: a
 * clone does without them, and says so loudly. What may be handed on is in `test/vectors`.
 * @param name below `../shared`.
 */
export function beside(name: string): Beside {
  const path = join(FOLDER, name);
  const isThere = existsSync(path);
  if (!isThere)
    console.warn(
      `LEFT OUT: tests that read ../shared/${name}. Recordings and inputs of others are no part of this ` +
        'project; everything else is tested without them.',
    );
  return { path, isThere, why: isThere ? '' : ` (LEFT OUT: ../shared/${name} is not beside this checkout)` };
}

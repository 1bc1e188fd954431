const TRIES_MAX = 1_200;
const REST_MS = 200;

/** Looks until something is so. @throws Error where it never is. */
export async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await isSo()); tries++) {
    if (tries > TRIES_MAX) throw new Error(`waited in vain for ${what}`);
    await Bun.sleep(REST_MS);
  }
}

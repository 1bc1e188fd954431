import { NAME_FORM, readName } from '../game/trader-name.ts';
import type { HttpDeps } from './deps.ts';
import type { Refusal } from './reply.ts';

type Deps = Pick<HttpDeps, 'house' | 'books' | 'isFitToShow'>;

/**
 * Gives an account the name that its trader typed, by which they agree to be shown under it.
 * @returns why it did not; null when it is so.
 */
export async function chooseName(
  { house, isFitToShow }: Deps,
  accountId: string,
  typed: string,
): Promise<Refusal | null> {
  const name = readName(typed);
  if (name === null)
    return { code: 'name_refused', message: `Expected a name of ${NAME_FORM}.`, field: 'name' };
  if (!isFitToShow(name)) return { code: 'name_refused', field: 'name' };
  const refused = await house.nameAccount(accountId, name);
  return refused === null ? null : { code: refused };
}

/** Takes a name back: nobody is shown it any more. @returns why it did not. */
export async function takeNameBack({ house }: Deps, accountId: string): Promise<Refusal | null> {
  const refused = await house.nameAccount(accountId, null);
  return refused === null ? null : { code: refused };
}

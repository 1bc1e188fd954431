/**
 * A canonical line of the hash chains. Numbers are decimal as JavaScript writes them, null is empty. See
 * docs/ledger-format.md. Lines of which a commit writes hundreds are templates, which cost less than this
 * list.
 */
export const line = (...fields: readonly (string | number | null)[]): string =>
  fields.map((field) => field ?? '').join('|');

const PLAIN = /^[A-Za-z0-9:._-]{1,64}$/;

/**
 * @throws RangeError for an id that could be mistaken inside a canonical line: a bug, ids are made by the
 * app.
 */
export function plainId(id: string): string {
  if (!PLAIN.test(id)) throw new RangeError(`not an id: ${JSON.stringify(id.slice(0, 80))}`);
  return id;
}

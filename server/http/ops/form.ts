import { readForm } from '../body.ts';

/** The fields of a plain form; null when it is larger or slower than is taken, or not a form. */
export async function fieldsOf(request: Request): Promise<URLSearchParams | null> {
  const form = await readForm(request);
  return form instanceof URLSearchParams ? form : null;
}

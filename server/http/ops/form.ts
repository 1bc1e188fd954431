import { readForm } from '../body.ts';
import { PAGE_HEADERS } from '../pages/headers.ts';

/** The fields of a plain form; null when it is larger or slower than is taken, or not a form. */
export async function fieldsOf(request: Request): Promise<URLSearchParams | null> {
  const form = await readForm(request);
  return form instanceof URLSearchParams ? form : null;
}

/** Back to the page after a form. */
export const backTo = (location: string, cookie?: string): Response =>
  new Response(null, {
    status: 303,
    headers: {
      ...PAGE_HEADERS,
      location,
      'cache-control': 'no-store',
      ...(cookie !== undefined && { 'set-cookie': cookie }),
    },
  });

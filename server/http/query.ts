import type { TObject } from '@sinclair/typebox';

const WHOLE = /^(0|[1-9]\d{0,15})$/;

/** Query parameters of the schema, whole numbers as numbers; others are passed over, and of one given twice the first counts. */
export function readQuery(schema: TObject, search: URLSearchParams): Record<string, unknown> {
  const query: Record<string, unknown> = {};
  for (const [name, property] of Object.entries(schema.properties)) {
    const text = search.get(name);
    if (text !== null) query[name] = property.type === 'integer' && WHOLE.test(text) ? Number(text) : text;
  }
  return query;
}

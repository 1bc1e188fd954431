import type { TObject } from '@sinclair/typebox';
import { fieldFault, type Fault } from '../ports/fields.ts';

const WHOLE = /^(0|[1-9]\d{0,15})$/;

/**
 * Query parameters, whole numbers of the schema as numbers. One of another name stays, so that the schema
 * finds it.
 */
export function readQuery(schema: TObject, search: URLSearchParams): Record<string, unknown> {
  const query: Record<string, unknown> = Object.create(null);
  for (const [name, text] of search)
    query[name] = schema.properties[name]?.type === 'integer' && WHOLE.test(text) ? Number(text) : text;
  return query;
}

/** @returns the fault of a parameter that is there more than once: it is unclear which one was meant. */
export function repeatedIn(search: URLSearchParams): Fault | null {
  const names = [...search.keys()];
  const again = names.find((name, index) => names.indexOf(name) !== index);
  return again === undefined
    ? null
    : fieldFault(again.replace(/[^\w.-]/g, '?').slice(0, 60), 'expected it once');
}

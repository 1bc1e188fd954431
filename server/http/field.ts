import type { TObject, TSchema } from '@sinclair/typebox';
import { TypeCompiler, type TypeCheck } from '@sinclair/typebox/compiler';
import { ValueErrorType, type ValueError } from '@sinclair/typebox/errors';

/** Reads what came from outside by a schema; what is wrong is told as one sentence that names the field and never repeats its value. */
export class Fields {
  readonly #check: TypeCheck<TSchema>;

  constructor(schema: TSchema) {
    this.#check = TypeCompiler.Compile(schema);
  }

  /** @returns null when the value fits. */
  faultOf(value: unknown): string | null {
    return this.#check.Check(value) ? null : sentenceFor(this.#check.Errors(value).First());
  }
}

const NAME_LENGTH_MAX = 60;

function sentenceFor(error: ValueError | undefined): string {
  if (error === undefined) return 'The message is not of the shape that is taken here.';
  const field = error.path.slice(1).split('/').join('.').replace(/[^\w.-]/g, '?').slice(0, NAME_LENGTH_MAX);
  if (error.type === ValueErrorType.ObjectMinProperties) return 'The body must have a field that is to be changed.';
  return field === '' ? 'The body must be an object.' : `Field ${field}: ${wish(error)}.`;
}

/** A schema's description says what is wanted better than a pattern does. */
function wish({ type, schema, message }: ValueError): string {
  if (type === ValueErrorType.ObjectAdditionalProperties) return 'there is no such field';
  if (type === ValueErrorType.ObjectRequiredProperty) return 'it is missing';
  const description = schema.description as string | undefined;
  return description === undefined ? message.charAt(0).toLowerCase() + message.slice(1) : `wanted is ${description}`;
}

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

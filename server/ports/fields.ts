import type { TSchema } from '@sinclair/typebox';
import { TypeCompiler, type TypeCheck } from '@sinclair/typebox/compiler';
import { ValueErrorType, type ValueError } from '@sinclair/typebox/errors';

/**
 * What is wrong with a message: the field by its path with dots, where it is one, and a sentence that names
 * it and never repeats its value.
 */
export interface Fault {
  readonly field?: string;
  readonly message: string;
}

/** Reads what came from outside by a schema. */
export class Fields {
  readonly #check: TypeCheck<TSchema>;

  constructor(schema: TSchema) {
    this.#check = TypeCompiler.Compile(schema);
  }

  /** @returns null when the value fits. */
  faultOf(value: unknown): Fault | null {
    return this.#check.Check(value) ? null : faultFor(this.#check.Errors(value).First());
  }
}

/** `why` continues after "Field x: ". */
export const fieldFault = (field: string, why: string): Fault & { readonly field: string } => ({
  field,
  message: `Field ${field}: ${why}.`,
});

const NAME_LENGTH_MAX = 60;

function faultFor(error: ValueError | undefined): Fault {
  if (error === undefined) return { message: 'That message does not have the expected shape.' };
  if (error.type === ValueErrorType.ObjectMinProperties)
    return { message: 'Expected at least one field to change.' };
  const field = error.path
    .slice(1)
    .split('/')
    .join('.')
    .replace(/[^\w.-]/g, '?')
    .slice(0, NAME_LENGTH_MAX);
  return field === '' ? { message: 'Expected an object as the body.' } : fieldFault(field, wish(error));
}

const NUMBERS: ReadonlySet<string> = new Set(['integer', 'number']);

/** A schema's description says what is expected better than a pattern does. */
function wish({ type, schema, message, value }: ValueError): string {
  if (type === ValueErrorType.ObjectAdditionalProperties) return 'unknown field';
  if (type === ValueErrorType.ObjectRequiredProperty) return 'missing';
  const description = describe(schema);
  const asText =
    typeof value === 'string' && /^-?\d/.test(value) && NUMBERS.has(schema.type as string)
      ? ', as a number, not text'
      : '';
  return description === undefined
    ? message.charAt(0).toLowerCase() + message.slice(1)
    : `expected ${description}${asText}`;
}

/** Of alternatives without a description of their own, the descriptions of each. */
function describe({ description, anyOf, type }: TSchema): string | undefined {
  if (description !== undefined || anyOf === undefined)
    return description ?? (type === 'null' ? 'null' : undefined);
  const parts = (anyOf as TSchema[]).map(describe);
  return parts.every((part) => part !== undefined) ? parts.join(', or ') : undefined;
}

import type { TSchema } from '@sinclair/typebox';
import { TypeCompiler, type TypeCheck } from '@sinclair/typebox/compiler';

/** Each shape by its name, compiled once. */
export function compiled<Name extends string>(
  shapes: Readonly<Record<Name, TSchema>>,
): Readonly<Record<Name, TypeCheck<TSchema>>> {
  const checks: Partial<Record<Name, TypeCheck<TSchema>>> = {};
  for (const name of Object.keys(shapes) as Name[]) checks[name] = TypeCompiler.Compile(shapes[name]);
  return checks as Record<Name, TypeCheck<TSchema>>;
}

/** Whether one of these has that name, whatever it was read from. */
export const has = <Names extends object>(names: Names, name: unknown): name is keyof Names =>
  typeof name === 'string' && Object.hasOwn(names, name);

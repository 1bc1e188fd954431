import { codeOf, isCode, isTest, type SourceFile } from './source.ts';

/** Where settings are defined, and related to each other. */
const DEFINES = /^server\/config(?:[-.]|\/)/;

/** @returns those of the settings, by their property, that no code of the product names. */
export function unreadSettings(properties: readonly string[], sources: readonly SourceFile[]): string[] {
  const names = new Set(
    sources
      .filter(({ path }) => /^(?:server|scripts|views)\//.test(path) && !DEFINES.test(path))
      .filter(({ path }) => isCode(path) && !isTest(path))
      .flatMap(({ text }) => codeOf(text).match(/[A-Za-z_$][\w$]*/g) ?? []),
  );
  return properties.filter((property) => !names.has(property));
}

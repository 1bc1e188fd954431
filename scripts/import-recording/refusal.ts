/** Why a file cannot be imported, as a sentence that says what to do about it. */
export class ImportRefused extends Error {}

export function refuse(message: string): never {
  throw new ImportRefused(message);
}

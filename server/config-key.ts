import type { ConfigValue } from './config-value.ts';

/**
 * One configuration key: environment name, how its text is read, the text that stands where nothing is given,
 * an example, a sentence.
 */
export interface ConfigKey<V> {
  readonly env: string;
  readonly value: ConfigValue<V>;
  readonly fallback: string;
  readonly example: string;
  readonly about: string;
  /** The text may hold a password and is never shown back. */
  readonly secret: boolean;
  /** Other programs read it too, and write it in lower case as well. */
  readonly anyCase?: boolean;
}

/** A key whose text is no secret unless `secret` says so. */
export const key = <V>(
  env: string,
  value: ConfigValue<V>,
  fallback: string,
  example: string,
  about: string,
  secret = false,
): ConfigKey<V> => ({
  env,
  value,
  fallback,
  example,
  about,
  secret,
});

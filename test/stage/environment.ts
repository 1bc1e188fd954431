/**
 * Does something with more in the environment, and takes it away again. The environment stays the same
 * object: the clock's zone hangs on it, of this process and of all tests that come after.
 */
export async function withEnvironment<T>(
  more: Readonly<Record<string, string>>,
  work: () => T | Promise<T>,
): Promise<T> {
  const before = Object.keys(more).map((key) => [key, process.env[key]] as const);
  Object.assign(process.env, more);
  try {
    return await work();
  } finally {
    for (const [key, value] of before) {
      if (value === undefined) delete process.env[key];
      else process.env[key] = value;
    }
  }
}

/** The quick check: format, lint, types, secrets and the style rules. usage: npm run check */
import { join } from 'node:path';
import { CHECKS, runChecks, verdictText } from '../test/runner/checks.ts';

if (Bun.argv.includes('--help')) {
  console.log(`usage: npm run check    or    bun run check

Checks format, lint, types, secrets in files and the style rules, without running the tests. What differs from
the format is put right by: npm run format

Exit code 0: all right, 1: something is not.`);
  process.exit(0);
}

const wrong = await runChecks(join(import.meta.dir, '..'), CHECKS, (verdict) =>
  console.log(verdictText(verdict)),
);
process.exit(wrong === 0 ? 0 : 1);

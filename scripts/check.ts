/** The quick check: format, lint, types, secrets and the style rules. usage: npm run check */
import { join } from 'node:path';
import { givenAlone } from './command-line/alone.ts';
import { CHECKS, runChecks, verdictText } from '../test/runner/checks.ts';

givenAlone('bun run check', {
  about: 'Checks format, lint, types, secrets in files and the style rules, without running the tests.',
  notes: '"npm run check" runs it. To fix the format: npm run format',
  examples: [''],
  exits: { 0: 'everything passes', 1: 'something fails' },
  json: false,
});

const wrong = await runChecks(join(import.meta.dir, '..'), CHECKS, (verdict) =>
  console.log(verdictText(verdict)),
);
process.exit(wrong === 0 ? 0 : 1);

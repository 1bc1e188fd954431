import { expect, test } from 'bun:test';
import { createLog, REDACTED_DEPTH_MAX, SECRET_NAMES } from './log.ts';

const collected = (level = 'info') => {
  const lines: string[] = [];
  return { lines, log: createLog(level, { write: (line) => void lines.push(line) }) };
};

const nested = (depth: number, leaf: object): object =>
  depth === 0 ? leaf : { inner: nested(depth - 1, leaf) };

test.each([...SECRET_NAMES])('%s is redacted at every depth that is promised', (name) => {
  const { lines, log } = collected();
  for (let depth = 0; depth < REDACTED_DEPTH_MAX; depth++)
    log.info(nested(depth, { [name]: 'hunter2', kept: 'visible' }), 'request');
  expect(lines).toHaveLength(REDACTED_DEPTH_MAX);
  for (const line of lines) {
    expect(line).not.toContain('hunter2');
    expect(line).toContain('[redacted]');
    expect(line).toContain('visible');
  }
});

test('headers of a request keep what is no secret', () => {
  const { lines, log } = collected();
  log.warn(
    { headers: { authorization: 'Bearer hunter2', cookie: '__Host-sid=hunter2', host: 'taps.example' } },
    'refused',
  );
  expect(JSON.parse(lines[0]!)).toMatchObject({
    level: 'warn',
    msg: 'refused',
    headers: { authorization: '[redacted]', cookie: '[redacted]', host: 'taps.example' },
  });
});

test('bindings of a child are redacted too', () => {
  const { lines, log } = collected();
  log.child({ token: 'hunter2' }).info('hello');
  expect(lines.join()).not.toContain('hunter2');
});

test('what was logged is left as it was', () => {
  const { log } = collected();
  const session = { token: 'hunter2' };
  log.info({ session });
  expect(session.token).toBe('hunter2');
});

test.each([
  ['trace', 4],
  ['info', 3],
  ['error', 1],
  ['silent', 0],
])('level %s writes %i of four lines', (level, count) => {
  const { lines, log } = collected(level);
  log.debug('a'), log.info('b'), log.warn('c'), log.error('d');
  expect(lines).toHaveLength(count);
});

test('a line is on standard output before the process is killed', async () => {
  const script =
    `import { createLog } from ${JSON.stringify(`${import.meta.dir}/log.ts`)}; ` +
    `createLog('info').info({ token: 'hunter2' }, 'last words'); process.kill(process.pid, 'SIGKILL');`;
  const child = Bun.spawn([process.execPath, '-e', script], { stdout: 'pipe', stderr: 'inherit' });
  const written = await new Response(child.stdout).text();
  await child.exited;
  expect(JSON.parse(written)).toMatchObject({
    level: 'info',
    msg: 'last words',
    token: '[redacted]',
    time: expect.stringMatching(/^\d{4}-.*Z$/),
  });
});

import { expect, test } from 'bun:test';
import { existsSync, readFileSync } from 'node:fs';
import { freePort } from './free-port.ts';

const RANGE = '/proc/sys/net/ipv4/ip_local_port_range';

test('a port is none that a connection may be given, is handed out once, and is nobody’s', () => {
  const first = freePort();
  const taken = Bun.listen({ hostname: '127.0.0.1', port: first + 1, socket: { data() {} } });
  const ports = [first, ...Array.from({ length: 20 }, freePort)];
  taken.stop(true);
  expect(new Set(ports).size).toBe(ports.length);
  expect(ports).not.toContain(taken.port);
  const [lowest] = existsSync(RANGE) ? readFileSync(RANGE, 'utf8').split('\t').map(Number) : [32_768];
  for (const port of ports) expect(port).toBeWithin(1_024, lowest!);
});

import { dlopen, ptr } from 'bun:ffi';
import { rmSync } from 'node:fs';

/** The service manager's end of the socket, for tests. */
export function openReceiver(path: string) {
  const { symbols } = dlopen('libc.so.6', {
    socket: { args: ['i32', 'i32', 'i32'], returns: 'i32' },
    bind: { args: ['i32', 'ptr', 'u32'], returns: 'i32' },
    recv: { args: ['i32', 'ptr', 'u64', 'i32'], returns: 'i64' },
    close: { args: ['i32'], returns: 'i32' },
  });
  const name = Buffer.from(path.startsWith('@') ? `\0${path.slice(1)}` : `${path}\0`);
  const address = Buffer.concat([Buffer.from(new Uint16Array([1]).buffer), name]);
  const socket = symbols.socket(1, 2, 0);
  if (symbols.bind(socket, ptr(address), address.length) !== 0) throw new Error(`cannot bind ${path}`);
  const bytes = Buffer.alloc(8192);
  return {
    /** Everything that has come and was not read, oldest first. */
    read(): string[] {
      const states: string[] = [];
      for (let length = receive(); length >= 0; length = receive())
        states.push(bytes.toString('utf8', 0, length));
      return states;
    },
    close(): void {
      symbols.close(socket);
      if (!path.startsWith('@')) rmSync(path, { force: true });
    },
  };

  function receive(): number {
    const DONT_WAIT = 0x40;
    return Number(symbols.recv(socket, ptr(bytes), bytes.length, DONT_WAIT));
  }
}

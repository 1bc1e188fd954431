import { dlopen, ptr } from 'bun:ffi';

/**
 * Says one state to the service manager, as `READY=1`; see sd_notify(3). @returns false when nobody took it.
 */
export type Notify = (state: string) => boolean;

/** Nobody supervises this process. */
export const NOBODY: Notify = () => false;

/** sun_path of a unix address, its closing zero included; unix(7). */
const PATH_BYTES_MAX = 108;
const STATE_BYTES_MAX = 4096;

/**
 * Opens the datagram socket of the service manager. A leading `@` stands for the abstract namespace.
 * @param path what NOTIFY_SOCKET says; null where no service manager listens.
 * @throws RangeError for a path that is no unix address, Error where the C library has no sockets: the unit
 *   would time out without a word.
 */
export function openNotify(path: string | null): Notify {
  if (path === null) return NOBODY;
  const address = addressOf(path);
  const { symbols } = dlopen('libc.so.6', {
    socket: { args: ['i32', 'i32', 'i32'], returns: 'i32' },
    sendto: { args: ['i32', 'ptr', 'u64', 'i32', 'ptr', 'u32'], returns: 'i64' },
  });
  const socket = symbols.socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (socket < 0) throw new Error('no datagram socket for the service manager');
  return (state) => {
    const bytes = Buffer.from(state);
    if (bytes.length === 0 || bytes.length > STATE_BYTES_MAX)
      throw new RangeError(`a state of 1 to ${STATE_BYTES_MAX} bytes is wanted`);
    return (
      Number(
        symbols.sendto(
          socket,
          ptr(bytes),
          bytes.length,
          MSG_NOSIGNAL | MSG_DONTWAIT,
          ptr(address),
          address.length,
        ),
      ) === bytes.length
    );
  };
}

/** Constants of Linux on x86-64 and arm64. */
const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const SOCK_CLOEXEC = 0o2_000_000;
const MSG_DONTWAIT = 0x40;
const MSG_NOSIGNAL = 0x4000;

/**
 * struct sockaddr_un: the family in the order of the machine, then the path; an abstract name begins with a
 * zero byte and ends without one.
 */
function addressOf(path: string): Buffer {
  const abstract = path.startsWith('@');
  const name = Buffer.from(abstract ? path.slice(1) : path);
  if ((!abstract && !path.startsWith('/')) || name.length + 1 > PATH_BYTES_MAX || name.includes(0))
    throw new RangeError('NOTIFY_SOCKET is no unix address');
  const zero = Buffer.alloc(1);
  return Buffer.concat([
    Buffer.from(new Uint16Array([AF_UNIX]).buffer),
    ...(abstract ? [zero, name] : [name, zero]),
  ]);
}

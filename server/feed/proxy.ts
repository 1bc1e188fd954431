const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * Which proxy stands between this machine and a venue's address, by the rules that other programs know: hosts
 * that `noProxy` names are reached directly, and so is this machine itself.
 * @param proxy address of the proxy, http:// or https://, null for none
 * @param noProxy hosts, separated by commas; `.example.com` and `example.com` take in what is below,
 *   `host:port` one port alone, `*` everything
 */
export function proxyRules(proxy: string | null, noProxy: string): (url: string) => string | undefined {
  if (proxy === null) return () => undefined;
  const exceptions = noProxy
    .toLowerCase()
    .split(',')
    .map((text) => text.trim())
    .filter((text) => text !== '');
  return (address) => {
    const { hostname, port, protocol } = new URL(address);
    if (LOOPBACK.test(hostname)) return undefined;
    const portOf = port || (protocol === 'wss:' ? '443' : '80');
    return exceptions.some((exception) => covers(exception, hostname, portOf)) ? undefined : proxy;
  };
}

function covers(exception: string, hostname: string, port: string): boolean {
  if (exception === '*') return true;
  const [, name = '', onPort] = /^(.*?)(?::(\d+))?$/.exec(exception)!;
  const host = name.replace(/^\*?\./, '');
  return (
    host !== '' &&
    (onPort === undefined || onPort === port) &&
    (hostname === host || hostname.endsWith(`.${host}`))
  );
}

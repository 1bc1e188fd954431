import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, type Errand } from './errand.ts';

/** Why no packages of Debian can be installed here; null where they can. */
export function whyNoPackages(): string | null {
  if (!Bun.which('apt-get')) return 'there is no apt-get here';
  return process.getuid?.() === 0 ? null : 'only root may install it';
}

/**
 * Installs packages of Debian, all in one go; what apt says goes to `<folder>/apt.log`. Packages that have
 * arrived stay in apt's own folder, so that an installation that was ended goes on where it stopped.
 */
export async function installPackages(
  packages: readonly string[],
  folder: string,
  progress?: (bytes: number) => void,
): Promise<void> {
  const apt = (...words: string[]): Errand => ({
    words: [
      'apt-get',
      '--quiet',
      '--option',
      'DPkg::Lock::Timeout=600',
      '--option',
      'Acquire::Retries=3',
      ...words,
    ],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    log: join(folder, 'apt.log'),
    grows: ['/var/lib/apt/lists', '/var/cache/apt/archives', '/var/lib/dpkg', '/var/log/dpkg.log'],
  });
  const install = (...names: string[]): Promise<boolean> =>
    run(apt('install', '--yes', '--no-install-recommends', ...names), progress);
  if (!(await run(apt('update'), progress))) return;
  await withoutStarting(async () => {
    if (await install(...packages)) return;
    // One that cannot be had must not keep the others away.
    for (const name of packages) await install(name);
  });
}

/**
 * What Debian's packages ask before they start a service. Tests start what they need themselves, on loopback
 * and a port of their own.
 */
const POLICY = '/usr/sbin/policy-rc.d';

async function withoutStarting(install: () => Promise<void>): Promise<void> {
  if (existsSync(POLICY)) return install();
  writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    await install();
  } finally {
    rmSync(POLICY);
  }
}

import { FIRST } from './pair.ts';
import type { Machine } from './machine.ts';

/** What happens, and how. */
export type Step = readonly [what: string, happens: () => Promise<void> | void];

/** Where archives were brought to. */
export const BROUGHT = { '/root/tapgrid-': '/root/brought/tapgrid-' };

/** Puts the first release of a machine into service: with the script of the release that was unpacked. */
export const firstDeploy = (machine: Machine): string =>
  machine
    .block('Upgrade', 'deploy.sh /root', BROUGHT)
    .replace(/.*--list\n/, '')
    .replaceAll('/opt/tapgrid/current', `/root/tapgrid-${FIRST}-linux-${process.arch}`);

import { RUNBOOK } from '../../deploy/runbook.ts';

const HEADINGS = [...(await Bun.file(RUNBOOK).text()).matchAll(/^#{2,3} (.+)$/gm)].map(
  ([, heading]) => heading!,
);

/** The chapter of the runbook to which an anchor leads. */
export const headingOf = (anchor: string): string | undefined =>
  HEADINGS.find((heading) => heading.toLowerCase().replaceAll(' ', '-') === anchor);

import { onOff, whole, words } from '../config-value.ts';
import { key } from '../config-key.ts';

/** What traders see of each other. */
export const OTHERS = {
  showOthers: key(
    'SHOW_OTHERS',
    onOff,
    'on',
    'off',
    'Whether traders see what others do: wins, how many are here, wanted cells, leaderboards of practice ' +
      'accounts. Names are shown only of those who agreed.',
  ),
  namesReserved: key(
    'NAMES_RESERVED',
    words('of 3 to 16 letters and digits', /^[A-Za-z0-9]{3,16}$/, 64),
    '',
    'acme,acmebets',
    'Words, besides admin, support and their like, that no public name may contain, nor what looks like ' +
      'them: your own name, say.',
  ),
  namesPerHourMax: key(
    'NAMES_PER_HOUR_MAX',
    whole('/h', 1, 1_000_000),
    '10',
    '10',
    'Public names chosen per address; taking one back is never limited.',
  ),
} as const;

import { wireCheck } from './bet/check.js';
import { play } from './bet/player.js';
import { all } from './page/element.js';

for (const player of all('[data-player]')) play(player);
for (const section of all('[data-check]')) wireCheck(section);

import { test } from 'bun:test';
import { CHROMEDRIVER, findTool } from '../runner/tools.ts';
import { chromium } from './browsers.ts';
import { mainStory } from './main-story.ts';

// Chromium's own tests stand in test/browser; where its driver is, it plays the common story, too.
if (findTool(CHROMEDRIVER) !== null) mainStory('Chromium', chromium);
else test.skip('the main story in Chromium: LEFT OUT, chromedriver is not installed', () => {});

import { chromium } from './browsers.ts';
import { mainStory } from './main-story.ts';

mainStory('Chromium', chromium);

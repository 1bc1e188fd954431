import { webkit } from './browsers.ts';
import { mainStory } from './main-story.ts';

mainStory('WebKit', webkit);

import { firefox } from './browsers.ts';
import { mainStory } from './main-story.ts';

mainStory('Firefox', firefox);

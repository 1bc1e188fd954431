import { wireSettings } from './session/settings.js';
import { wireSignin } from './session/signin.js';

wireSettings();
wireSignin();

import { showLocalTimes } from './page/moments.js';
import { watchAddress } from './session/address.js';
import { watchComeback } from './session/comeback.js';
import { wireRefill } from './session/refill.js';
import { watchPlay } from './session/played.js';
import { watchReturns } from './session/return.js';
import { wireSettings } from './session/settings.js';
import { wireSheets } from './session/sheet.js';
import { wireSignin } from './session/signin.js';

watchReturns();
showLocalTimes();
wireSettings();
watchPlay();
wireSheets();
watchAddress();
wireSignin();
wireRefill();
watchComeback();

import { canVibrate, mayOffer, setting, turnOn } from '../session/settings.js';

/** @type {AudioContext | undefined} */
let audio;
const TOGETHER_S = 0.1;
let soundedAt = -Infinity;
/** In whichever of them a browser lets sound begin. */
const PRESSES = ['pointerdown', 'pointerup', 'touchend', 'click', 'keydown'];

/**
 * Makes the sound ready inside a press: WebKit keeps one silent for ever that was begun anywhere else, and
 * halts it for a call or a locked screen, after which the next press brings it back.
 */
export function watchPresses() {
  for (const kind of PRESSES) document.addEventListener(kind, () => setting('sound') && wake(), true);
}

/** Call it inside a press. */
function wake() {
  if (!('AudioContext' in window)) return;
  audio ??= new AudioContext();
  // What cannot be resumed yet is resumed by a later press.
  if (audio.state !== 'running') audio.resume().catch(() => {});
}

/**
 * Two soft notes, or none while sound is off or was not made ready.
 * @param {readonly [number, number]} [hertz]
 */
export function tone(hertz = [523, 784]) {
  const context = audio;
  if (!setting('sound') || context?.state !== 'running') return;
  // Several bets that win together sound once.
  if (context.currentTime - soundedAt < TOGETHER_S) return;
  soundedAt = context.currentTime;
  hertz.forEach((frequency, i) => {
    const [oscillator, volume, at] = [
      context.createOscillator(),
      context.createGain(),
      context.currentTime + i * 0.09,
    ];
    oscillator.frequency.value = frequency;
    volume.gain.setValueAtTime(0.0001, at);
    volume.gain.exponentialRampToValueAtTime(0.07, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.35);
    oscillator.connect(volume).connect(context.destination);
    oscillator.start(at);
    oscillator.stop(at + 0.4);
  });
}

/**
 * Offers sound once on this device, at its first win: a press on the notice turns it on, and vibration where
 * there is any.
 * @param {(text: string, near: Element | null, act?: () => void) => void} tell
 */
export function offerSound(tell) {
  if (setting('sound') || !mayOffer('sound')) return;
  const both = canVibrate() ? 'sound and vibration' : 'sound';
  tell(`You won! Tap here to turn on ${both}.`, null, () => {
    turnOn('sound');
    if (canVibrate()) turnOn('vibration');
    wake();
    tone();
  });
}

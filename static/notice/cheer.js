import { setting } from '../session/settings.js';

/** What a result does besides its place on the board: a soft tone on a win when sound is on, and a word for those who listen. */
export function watchResults(say) {
  const list = document.getElementById('result-list');
  if (!list) return;
  new MutationObserver((records) => {
    for (const { addedNodes } of records)
      for (const node of addedNodes) if (node.nodeType === 1 && node.classList.contains('fresh')) hear(node, say);
    while (list.children.length > RESULTS_KEPT) list.lastElementChild.remove();
  }).observe(list, { childList: true });
}

const RESULTS_KEPT = 8;

function hear(item, say) {
  const won = item.classList.contains('won');
  say(`${won ? 'Won' : item.classList.contains('void') ? 'Stake back' : 'Lost'}: ${item.children[0].textContent}, ${item.children[1].textContent}`);
  if (!won) return;
  document.getElementById('net')?.classList.add('bump');
  setTimeout(() => document.getElementById('net')?.classList.remove('bump'), 600);
  if (setting('sound')) tone();
}

let audio;

function tone() {
  audio ??= new AudioContext();
  [523, 784].forEach((frequency, i) => {
    const [oscillator, volume, at] = [audio.createOscillator(), audio.createGain(), audio.currentTime + i * 0.09];
    oscillator.frequency.value = frequency;
    volume.gain.setValueAtTime(0.0001, at);
    volume.gain.exponentialRampToValueAtTime(0.07, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.35);
    oscillator.connect(volume).connect(audio.destination);
    oscillator.start(at);
    oscillator.stop(at + 0.4);
  });
}

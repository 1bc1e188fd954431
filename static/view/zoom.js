/** Sizes of the board that keys choose among; 1 is that of the style sheet. */
export const STEPS = [0.75, 0.85, 1, 1.2, 1.45, 1.75, 2.1];
export const ZOOM_MIN = 0.75;
export const ZOOM_MAX = 2.1;

/** The style sheet has a class for every twentieth, for the first paint. @param {number} zoom */
export const snapped = (zoom) => Math.round(Math.max(ZOOM_MIN, Math.min(ZOOM_MAX, zoom)) * 20) / 20;

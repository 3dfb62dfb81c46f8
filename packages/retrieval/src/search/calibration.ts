/**
 * Maps a cosine to a score from 0 to 1: points of a rising line, by cosine. Below the first point the score is the
 * first one's, above the last the last one's.
 */
export type Calibration = readonly (readonly [cosine: number, score: number])[];

/** A cosine as it is, nothing below 0. */
export const UNCALIBRATED: Calibration = [
  [0, 0],
  [1, 1],
];

/** The score of a cosine, interpolated on the line. */
export function calibrated(calibration: Calibration, cosine: number): number {
  let before = calibration[0] ?? [-1, 0];
  for (const point of calibration) {
    if (cosine < point[0]) {
      const span = point[0] - before[0];
      return span === 0 ? before[1] : before[1] + ((point[1] - before[1]) * (cosine - before[0])) / span;
    }
    before = point;
  }
  return before[1];
}

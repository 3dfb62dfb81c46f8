/** "86 %". */
export function agreement(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** Kendall's tau with two decimals, or a dash when there is none. */
export function correlation(tau: number | null): string {
  return tau === null ? '–' : tau.toFixed(2);
}

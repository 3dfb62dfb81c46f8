/**
 * Where something stands on its way to its end. `none`: it never ends. `soon`: within the warning time. `expired`: no
 * longer served.
 */
export type ExpiryState = 'none' | 'counting' | 'soon' | 'expired';

export interface ExpiryStanding {
  readonly status: string;
  readonly expiresAtS: number | null;
  /** Ours end by our clock. A mirror ends when upstream says so, and not a second earlier. */
  readonly isPrimary: boolean;
}

/** Status of a store whose end has come. */
export const EXPIRED = 'expired';

/**
 * The state by the API's clock alone. A mirror whose instant has passed is still `soon`: upstream's clock and its word
 * count, and a mirror may lag behind both.
 */
export function expiryState(standing: ExpiryStanding, nowS: number, soonS: number): ExpiryState {
  const { status, expiresAtS, isPrimary } = standing;
  if (status === EXPIRED) return 'expired';
  if (expiresAtS === null) return 'none';
  if (isPrimary && expiresAtS <= nowS) return 'expired';
  return expiresAtS <= nowS + soonS ? 'soon' : 'counting';
}

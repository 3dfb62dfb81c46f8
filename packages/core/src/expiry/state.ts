/** The expiry state. `none`: it never expires. `soon`: within the warning time. `expired`: no longer served. */
export type ExpiryState = 'none' | 'counting' | 'soon' | 'expired';

export interface ExpiryStanding {
  readonly status: string;
  readonly expiresAtS: number | null;
  /** A primary store expires by Espejo's clock. A mirror expires when upstream says so, and not a second earlier. */
  readonly isPrimary: boolean;
}

/** Status of an expired store. */
export const EXPIRED = 'expired';

/**
 * The state by the API's clock alone. A mirror whose instant has passed is still `soon`: only upstream decides, and a
 * mirror may lag behind.
 */
export function expiryState(standing: ExpiryStanding, nowS: number, soonS: number): ExpiryState {
  const { status, expiresAtS, isPrimary } = standing;
  if (status === EXPIRED) return 'expired';
  if (expiresAtS === null) return 'none';
  if (isPrimary && expiresAtS <= nowS) return 'expired';
  return expiresAtS <= nowS + soonS ? 'soon' : 'counting';
}

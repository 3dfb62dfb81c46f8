/**
 * A policy as users write it: durations and instants also in ISO 8601. Values out of bounds are rejected with the
 * reason.
 */
export type WrittenExpiryPolicy =
  | {
      readonly kind: 'never';
    }
  | {
      readonly kind: 'after_last_active';
      readonly days: number;
    }
  | {
      readonly kind: 'after_creation';
      readonly durationS: string | number;
    }
  | {
      readonly kind: 'at';
      readonly instantS: string | number;
    };

export interface ConvertExpiryInput {
  readonly policy?: WrittenExpiryPolicy | null | undefined;
  readonly storePolicy?:
    | {
        readonly anchor: 'last_active_at';
        readonly days: number;
      }
    | null
    | undefined;
  readonly filePolicy?:
    | {
        readonly anchor: 'created_at';
        readonly seconds: number;
      }
    | null
    | undefined;
  readonly terraform?:
    | {
        readonly anchor: 'now';
        readonly days: number;
      }
    | null
    | undefined;
  readonly createdAt?: number | undefined;
  readonly lastActiveAt?: number | null | undefined;
}

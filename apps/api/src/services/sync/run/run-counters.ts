export interface KindCounters {
  seen: number;
  added: number;
  changed: number;
  returned: number;
  missing: number;
  removed: number;
  failed: number;
}

export interface RunCounters {
  readonly stores: KindCounters;
  readonly attachments: KindCounters;
  readonly files: KindCounters;
}

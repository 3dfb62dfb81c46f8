export interface AuditEvent {
  readonly id: string;
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly outcome: string;
  readonly detail: Readonly<Record<string, unknown>> | null;
  readonly requestId: string | null;
  readonly address: string | null;
}

export interface AuditPage {
  readonly data: AuditEvent[];
  readonly nextCursor: string | null;
  readonly total: number;
  readonly asOf: number | null;
}

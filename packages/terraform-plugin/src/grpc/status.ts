/** gRPC status codes that this server returns. */
export const GrpcStatus = { ok: 0, resourceExhausted: 8, unimplemented: 12, internal: 13 } as const;
export type GrpcStatusCode = (typeof GrpcStatus)[keyof typeof GrpcStatus];

/** Ends a call with this status. */
export class GrpcError extends Error {
  readonly status: GrpcStatusCode;

  constructor(status: GrpcStatusCode, message: string) {
    super(message);
    this.status = status;
  }
}

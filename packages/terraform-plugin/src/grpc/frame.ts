import { GrpcError, GrpcStatus } from './status.ts';

/** One byte for the compression flag and four for the length. */
const HEADER_BYTES = 5;

/** The one message in the body of a unary request. */
export function unframe(body: Buffer): Buffer {
  if (body.length < HEADER_BYTES || body.length !== HEADER_BYTES + body.readUInt32BE(1)) {
    throw new GrpcError(GrpcStatus.internal, 'The request is not one complete message.');
  }
  if (body[0] !== 0) throw new GrpcError(GrpcStatus.unimplemented, 'Compressed messages are not supported.');
  return body.subarray(HEADER_BYTES);
}

/** A message as the body of a response. */
export function frame(message: Uint8Array): Buffer {
  const body = Buffer.allocUnsafe(HEADER_BYTES + message.length);
  body[0] = 0;
  body.writeUInt32BE(message.length, 1);
  body.set(message, HEADER_BYTES);
  return body;
}

import { GrpcError, GrpcStatus } from './status.ts';

/** A byte that says whether the message is compressed, and its length in four. */
const HEADER_BYTES = 5;

/** The one message in the body of a unary request. */
export function unframe(body: Buffer): Buffer {
  if (body.length < HEADER_BYTES || body.length !== HEADER_BYTES + body.readUInt32BE(1)) {
    throw new GrpcError(GrpcStatus.internal, 'The request is not one whole message.');
  }
  if (body[0] !== 0) throw new GrpcError(GrpcStatus.unimplemented, 'Compressed messages are not supported.');
  return body.subarray(HEADER_BYTES);
}

/** A message as the body of an answer. */
export function frame(message: Uint8Array): Buffer {
  const body = Buffer.allocUnsafe(HEADER_BYTES + message.length);
  body[0] = 0;
  body.writeUInt32BE(message.length, 1);
  body.set(message, HEADER_BYTES);
  return body;
}

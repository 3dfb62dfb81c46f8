import type { OpenAiError } from '@espejo/contracts/openai';
import { jsonReply, type SandboxReply } from './exchange.ts';

/** The error envelope. Errors of `/files` carry their message a second time, as recorded. */
export function errorReply(error: OpenAiError, options: { readonly hasDetail?: boolean } = {}): SandboxReply {
  const { message, type, param, code, status } = error;
  const envelope = { error: { message, type, param, code } };
  return jsonReply(JSON.stringify(options.hasDetail ? { ...envelope, detail: { message, code } } : envelope), status);
}

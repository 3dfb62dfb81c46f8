import type { Readable } from 'node:stream';
import { OpenAiError, unexpectedFields as unexpected } from '@espejo/contracts/openai';
import { Busboy, type BusboyFileStream, type BusboyInstance } from '@fastify/busboy';
import type { FastifyRequest } from 'fastify';

/** Fields are short: a name, a purpose, a number. */
const FIELD_BYTES_MAX = 4_096;
const FIELDS_MAX = 16;

/** The one file of a form, as a stream. */
export interface FormFile {
  readonly filename: string;
  readonly mimeType: string | null;
  readonly source: Readable;
}

/**
 * Reads a form with one file, which is streamed: nothing of it is buffered here. `take` gets the file and a function
 * that waits for the fields after it. Throws OpenAiError, with the real API's texts.
 */
export async function readForm<T>(
  request: FastifyRequest,
  known: { readonly file: string; readonly fields: readonly string[] },
  take: (file: FormFile, rest: () => Promise<ReadonlyMap<string, string>>) => Promise<T>,
): Promise<T> {
  const busboy = open(request);
  const fields = new Map<string, string>();
  const unknown = new Set<string>();
  const ended = Promise.withResolvers<void>();
  // Callers that wait get the error; without any, the form's own promise has it.
  ended.promise.catch(() => {});
  let taken: Promise<T> | undefined;
  let incoming: BusboyFileStream | undefined;
  /** The error with which the form parser ended the file, as its reader gets it. */
  let breakage: unknown;

  const fail = (cause: unknown) => {
    ended.reject(cause);
    request.raw.unpipe(busboy);
    request.raw.resume();
  };
  busboy.on('field', (name, value, isNameCut, isValueCut) => {
    if (isNameCut || isValueCut) fail(refused(`The field '${name}' is too long.`, name));
    else if (name === known.file) fail(refused(`'${name}' must be a file - '${name}'`, name));
    else if (!known.fields.includes(name)) unknown.add(name);
    else fields.set(name, value);
  });
  busboy.on('file', (name: string, source: BusboyFileStream, filename: string | undefined, _encoding, mimeType) => {
    // Also for a file that is not read, as an unhandled error would end the process. An error while it is read is
    // thrown by its reader, which may have caused it with a better reason.
    source.on('error', (cause) => {
      if (source === incoming) breakage ??= cause;
      else fail(brokenForm());
    });
    if (name !== known.file) {
      source.resume();
      unknown.add(name);
      return;
    }
    if (taken !== undefined || unknown.size > 0) {
      // The file of a rejected form is read and discarded, so that every error of the form can be named.
      source.resume();
      if (unknown.size === 0) fail(refused(`'${name}' was given twice.`, name));
      return;
    }
    incoming = source;
    const file = { filename: unescaped(filename ?? ''), mimeType: mimeType || null, source };
    taken = take(file, async () => {
      await ended.promise;
      if (unknown.size > 0) throw unexpected(unknown);
      return fields;
    });
    // An error that rejects the file is thrown before its end; the rest of it is read and discarded.
    taken.catch((cause: unknown) => {
      source.resume();
      // A reader with its own error, such as a full disk, ends the file too: only the error that ended the file is the
      // form's.
      fail(cause === breakage && !(cause instanceof OpenAiError) ? brokenForm() : cause);
    });
  });
  busboy.on('fieldsLimit', () => fail(refused(`A form has ${FIELDS_MAX} fields at most.`, known.file)));
  busboy.once('error', () => fail(brokenForm()));
  busboy.once('finish', () => ended.resolve());
  request.raw.once('close', () => {
    if (request.raw.complete) return;
    // The client disconnected: the file's reader gets the error, and keeps nothing.
    const cause = brokenForm();
    incoming?.destroy(cause);
    fail(cause);
  });
  request.raw.pipe(busboy);

  await ended.promise;
  if (unknown.size > 0) {
    await taken?.catch(() => undefined);
    throw unexpected(unknown);
  }
  if (taken === undefined) throw refused(`'${known.file}' is a required property`, known.file);
  return taken;
}

/** Clients escape three characters in a filename, and no others (HTML, multipart form data). */
function unescaped(filename: string): string {
  return filename.replaceAll('%22', '"').replaceAll('%0A', '\n').replaceAll('%0D', '\r');
}

function open(request: FastifyRequest): BusboyInstance {
  const contentType = request.headers['content-type'] ?? '';
  if (!contentType.toLowerCase().startsWith('multipart/form-data')) {
    throw new OpenAiError(400, `Invalid Content-Type: expected 'multipart/form-data', but got '${contentType}'.`);
  }
  try {
    return new Busboy({
      headers: { ...request.headers, 'content-type': contentType },
      limits: { fieldSize: FIELD_BYTES_MAX, fields: FIELDS_MAX, files: 2 },
    });
  } catch {
    throw brokenForm();
  }
}

function brokenForm(): OpenAiError {
  return new OpenAiError(400, 'Could not parse multipart form');
}

export function refused(message: string, param: string): OpenAiError {
  return new OpenAiError(400, message, { param });
}

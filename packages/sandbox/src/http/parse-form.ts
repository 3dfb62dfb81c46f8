import { baseNameOf, OpenAiError, unexpectedFields } from '@espejo/contracts/openai';
import type { CreateFileInput } from '../state/files/create-file.ts';
import type { SandboxRequest } from './exchange.ts';

const PURPOSES = ['fine-tune', 'assistants', 'batch', 'user_data', 'vision', 'evals'];
const FILE_FIELDS = new Set(['file', 'purpose', 'expires_after[anchor]', 'expires_after[seconds]']);

/** The form of `POST /files`. Its errors are worded like those of a JSON schema, as recorded. */
export async function parseFileForm(request: SandboxRequest): Promise<CreateFileInput> {
  const form = await readForm(request);
  refuseUnknown(form, FILE_FIELDS);
  const file = form.get('file');
  const purpose = form.get('purpose');
  if (file === null) throw refused("'file' is a required property", 'file');
  if (typeof file === 'string') throw refused("'file' must be a file - 'file'", 'file');
  if (typeof purpose !== 'string') throw refused("'purpose' is a required property", 'purpose');
  if (!PURPOSES.includes(purpose)) {
    throw refused(
      `'${purpose}' is not one of [${PURPOSES.map((name) => `'${name}'`).join(', ')}] - 'purpose'`,
      'purpose',
    );
  }
  const filename = baseNameOf(file.name);
  if (filename === '') throw refused("'file' must have a filename - 'file'", 'file');
  if (file.size === 0) throw refused('File is empty.', 'file');
  return {
    filename,
    purpose,
    content: new Uint8Array(await file.arrayBuffer()),
    expiresAfterSeconds: readExpiry(form),
  };
}

/** The one field of an upload's part. */
export async function parsePartForm(request: SandboxRequest): Promise<Uint8Array> {
  const form = await readForm(request);
  refuseUnknown(form, new Set(['data']));
  const data = form.get('data');
  if (data === null) throw refused("'data' is a required property", 'data');
  return typeof data === 'string' ? Buffer.from(data) : new Uint8Array(await data.arrayBuffer());
}

function readExpiry(form: FormData): number | undefined {
  const anchor = form.get('expires_after[anchor]');
  const secondsText = form.get('expires_after[seconds]');
  if (anchor === null && secondsText === null) return undefined;
  if (anchor !== 'created_at') {
    throw refused(`'${String(anchor)}' is not one of ['created_at'] - 'expires_after.anchor'`, 'expires_after.anchor');
  }
  const seconds = Number(secondsText ?? Number.NaN);
  if (!Number.isInteger(seconds)) {
    throw refused(
      `'${String(secondsText)}' is not of type 'integer' - 'expires_after.seconds'`,
      'expires_after.seconds',
    );
  }
  if (seconds < 3600) {
    throw refused(`${seconds} is less than the minimum of 3600 - 'expires_after.seconds'`, 'expires_after.seconds');
  }
  if (seconds > 2_592_000) {
    throw refused(
      `${seconds} is greater than the maximum of 2592000 - 'expires_after.seconds'`,
      'expires_after.seconds',
    );
  }
  return seconds;
}

async function readForm(request: SandboxRequest): Promise<FormData> {
  const contentType = request.headers['content-type'] ?? '';
  if (!contentType.startsWith('multipart/form-data')) {
    throw new OpenAiError(400, `Invalid Content-Type: expected 'multipart/form-data', but got '${contentType}'.`);
  }
  try {
    // The platform's own parser; the copy gives the body a plain ArrayBuffer.
    return await new Response(new Uint8Array(request.body), { headers: { 'content-type': contentType } }).formData();
  } catch {
    throw new OpenAiError(400, 'Could not parse multipart form');
  }
}

function refuseUnknown(form: FormData, known: ReadonlySet<string>): void {
  const unknown = new Set([...form.keys()].filter((name) => !known.has(name)));
  if (unknown.size > 0) throw unexpectedFields(unknown);
}

function refused(message: string, param: string): OpenAiError {
  return new OpenAiError(400, message, { param });
}

import { fileNotFound, OpenAiError, parseFilesQuery } from '@espejo/contracts/openai';
import { AppError } from '@espejo/core';
import type { FileRecord } from '@espejo/db';
import { deleteFile } from '../../services/deletion/delete-file.ts';
import { createFileFromForm } from '../../services/files/create-file.ts';
import { FILE_PURPOSES } from '../../services/files/file-fields.ts';
import { openFileContent } from '../../services/files/open-file-content.ts';
import { findFile } from '../../services/lookup/find-file.ts';
import { awaitDeletion } from './await-deletion.ts';
import { readForm, refused } from './multipart.ts';
import { nowS, type OpenAiRequest, setAsOfHeader, type WireHandler } from './openai-request.ts';
import { renderFile, renderList } from './render.ts';
import { unknownCursor } from './store-handlers.ts';

const SEALED_PURPOSES: ReadonlySet<string> = new Set(['assistants', 'user_data']);
const EXPIRES_ANCHOR = 'expires_after[anchor]';
const EXPIRES_SECONDS = 'expires_after[seconds]';
const FORM = { file: 'file', fields: ['purpose', EXPIRES_ANCHOR, EXPIRES_SECONDS] };
const EXPIRES_S = { min: 3_600, max: 2_592_000 } as const;

/** A file by the id in the path, with the real API's error when it is not found. */
async function findNamed({ services, tenantId, params }: OpenAiRequest): Promise<FileRecord> {
  const id = params.fileId ?? '';
  return findFile(services, { tenantId, id }).catch((cause: unknown) => {
    throw cause instanceof AppError && cause.code === 'file_not_found' ? fileNotFound(id) : cause;
  });
}

export const listFiles: WireHandler = async (call) => {
  const { services, tenantId, query } = call;
  const paging = parseFilesQuery(query);
  const page = await services.db.read.openaiPages.files({
    tenantId,
    ...paging,
    purpose: query.get('purpose') || null,
    nowS: nowS(services),
  });
  if (page === undefined) throw unknownCursor(paging, 'file');
  await setAsOfHeader(call, page.rows);
  return renderList(page.rows.map(renderFile), page.hasMore);
};

export const postFile: WireHandler<'write'> = async ({ services, by, request }) => {
  const file = await readForm(request, FORM, ({ filename, mimeType, source }, rest) =>
    createFileFromForm(services, {
      by,
      filename,
      mimeType,
      source,
      readTrailingFields: async () => readFields(await rest()),
    }),
  );
  return renderFile(file);
};

export const getFile: WireHandler = async (call) => {
  const file = await findNamed(call);
  await setAsOfHeader(call, [file]);
  return renderFile(file);
};

export const removeFile: WireHandler<'delete'> = async (call) => {
  const { services, by } = call;
  const { id } = await findNamed(call);
  const { deletionId } = await deleteFile(services, { by, id });
  await awaitDeletion(call, deletionId);
  return { object: 'file', deleted: true, id };
};

export const getFileContent: WireHandler = async (call) => {
  const { services, tenantId, reply } = call;
  const { id, filename, purpose, connectionId } = await findNamed(call);
  if (connectionId !== null) {
    // OpenAI does not return files of these purposes either, with this text.
    if (SEALED_PURPOSES.has(purpose))
      throw new OpenAiError(400, `Not allowed to download files of purpose: ${purpose}`);
    throw new OpenAiError(
      400,
      'This file is a mirror of a file in OpenAI, and a mirror has no bytes. Download it with a key of its project.',
      { code: 'file_content_unavailable' },
    );
  }
  const { sizeBytes, stream } = await openFileContent(services, { tenantId, id });
  reply
    .header('content-type', 'application/octet-stream')
    .header('content-length', sizeBytes)
    .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(filename)}`);
  return reply.send(stream);
};

/** The form fields beside the file. Their errors have the form of JSON schema errors, as recorded. */
function readFields(fields: ReadonlyMap<string, string>): { purpose: string; expiresAfterS: number | null } {
  const purpose = fields.get('purpose');
  if (purpose === undefined) throw refused("'purpose' is a required property", 'purpose');
  if (!(FILE_PURPOSES as readonly string[]).includes(purpose)) {
    const list = FILE_PURPOSES.map((name) => `'${name}'`).join(', ');
    throw refused(`'${purpose}' is not one of [${list}] - 'purpose'`, 'purpose');
  }
  return { purpose, expiresAfterS: readExpiry(fields.get(EXPIRES_ANCHOR), fields.get(EXPIRES_SECONDS)) };
}

function readExpiry(anchor: string | undefined, secondsText: string | undefined): number | null {
  if (anchor === undefined && secondsText === undefined) return null;
  if (anchor !== 'created_at') {
    throw refused(`'${anchor ?? ''}' is not one of ['created_at'] - 'expires_after.anchor'`, 'expires_after.anchor');
  }
  const seconds = Number(secondsText || Number.NaN);
  const param = 'expires_after.seconds';
  if (!Number.isInteger(seconds)) throw refused(`'${secondsText ?? ''}' is not of type 'integer' - '${param}'`, param);
  const { min, max } = EXPIRES_S;
  if (seconds < min) throw refused(`${seconds} is less than the minimum of ${min} - '${param}'`, param);
  if (seconds > max) throw refused(`${seconds} is greater than the maximum of ${max} - '${param}'`, param);
  return seconds;
}

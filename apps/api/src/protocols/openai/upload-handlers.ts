import { CompleteUploadBody, CreateUploadBody, parseValue } from '@espejo/contracts/openai';
import { addPart } from '../../services/uploads/add-part.ts';
import { cancelUpload } from '../../services/uploads/cancel-upload.ts';
import { completeUpload } from '../../services/uploads/complete-upload.ts';
import { createUpload } from '../../services/uploads/create-upload.ts';
import { readForm } from './multipart.ts';
import type { WireHandler } from './openai-request.ts';
import { renderUpload } from './render.ts';

const FORM = { file: 'data', fields: [] };

export const postUpload: WireHandler<'write'> = async ({ services, by, body: json }) => {
  const body = parseValue(CreateUploadBody, json);
  const upload = await createUpload(services, {
    by,
    filename: body.filename,
    purpose: body.purpose,
    mimeType: body.mime_type,
    sizeBytes: body.bytes,
    expiresAfterS: body.expires_after?.seconds ?? null,
  });
  return renderUpload(upload);
};

export const postUploadPart: WireHandler<'write'> = async ({ services, by, params, request }) => {
  const uploadId = params.uploadId ?? '';
  const part = await readForm(request, FORM, ({ source }) => addPart(services, { by, uploadId, source }));
  return { id: part.id, object: 'upload.part', created_at: part.createdAtS, upload_id: uploadId };
};

export const postUploadComplete: WireHandler<'write'> = async ({ services, by, params, body: json }) => {
  const body = parseValue(CompleteUploadBody, json);
  const { upload, file } = await completeUpload(services, {
    by,
    id: params.uploadId ?? '',
    partIds: body.part_ids,
    md5: body.md5 ?? null,
  });
  return renderUpload(upload, file);
};

export const postUploadCancel: WireHandler<'write'> = async ({ services, by, params }) =>
  renderUpload(await cancelUpload(services, { by, id: params.uploadId ?? '' }));

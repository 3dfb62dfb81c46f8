import { CompleteUploadBody, CreateUploadBody, parseValue } from '@espejo/contracts/openai';
import { addPart } from '../../services/uploads/add-part.ts';
import { cancelUpload } from '../../services/uploads/cancel-upload.ts';
import { completeUpload } from '../../services/uploads/complete-upload.ts';
import { createUpload } from '../../services/uploads/create-upload.ts';
import type { WireHandler } from './exchange.ts';
import { readForm } from './multipart.ts';
import { renderUpload } from './render.ts';

const FORM = { file: 'data', fields: [] };

export const postUpload: WireHandler = async ({ services, tenantId, actor, body: json }) => {
  const body = parseValue(CreateUploadBody, json);
  const upload = await createUpload(services, {
    tenantId,
    actor,
    filename: body.filename,
    purpose: body.purpose,
    mimeType: body.mime_type,
    sizeBytes: body.bytes,
    expiresAfterS: body.expires_after?.seconds ?? null,
  });
  return renderUpload(upload);
};

export const postUploadPart: WireHandler = async ({ services, tenantId, params, request }) => {
  const uploadId = params.uploadId ?? '';
  const part = await readForm(request, FORM, ({ source }) => addPart(services, { tenantId, uploadId, source }));
  return { id: part.id, object: 'upload.part', created_at: part.createdAtS, upload_id: uploadId };
};

export const postUploadComplete: WireHandler = async ({ services, tenantId, actor, params, body: json }) => {
  const body = parseValue(CompleteUploadBody, json);
  const { upload, file } = await completeUpload(services, {
    tenantId,
    actor,
    id: params.uploadId ?? '',
    partIds: body.part_ids,
    md5: body.md5 ?? null,
  });
  return renderUpload(upload, file);
};

export const postUploadCancel: WireHandler = async ({ services, tenantId, actor, params }) =>
  renderUpload(await cancelUpload(services, { tenantId, actor, id: params.uploadId ?? '' }));

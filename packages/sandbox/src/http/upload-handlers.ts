import { baseNameOf, CompleteUploadBody, CreateUploadBody, OpenAiError } from '@espejo/contracts/openai';
import { addPart, cancelUpload, completeUpload, createUpload, uploadStatus } from '../state/files/uploads.ts';
import { renderUpload } from '../wire/render.ts';
import { type Handler, jsonReply } from './exchange.ts';
import { parseBody } from './parse-body.ts';
import { parsePartForm } from './parse-form.ts';
import { anyIdOf } from './path-ids.ts';

export const postUpload: Handler = ({ project, request }) => {
  const body = parseBody(CreateUploadBody, request.body);
  const filename = baseNameOf(body.filename);
  if (filename === '') throw new OpenAiError(400, "'filename' must name a file - 'filename'", { param: 'filename' });
  const upload = createUpload(project, {
    filename,
    purpose: body.purpose,
    bytes: body.bytes,
    mimeType: body.mime_type,
    fileExpiresAfterSeconds: body.expires_after?.seconds ?? null,
  });
  return jsonReply(renderUpload(upload, uploadStatus(project, upload)));
};

export const postUploadPart: Handler = async (call) => {
  const uploadId = anyIdOf(call);
  const part = addPart(call.project, uploadId, await parsePartForm(call.request));
  return jsonReply(
    `{"id":"${part.id}","object":"upload.part","created_at":${part.createdAt},"upload_id":"${uploadId}"}`,
  );
};

export const postUploadComplete: Handler = (call) => {
  const body = parseBody(CompleteUploadBody, call.request.body);
  const upload = completeUpload(call.project, anyIdOf(call), body.part_ids, body.md5);
  return jsonReply(renderUpload(upload, uploadStatus(call.project, upload)));
};

export const postUploadCancel: Handler = (call) => {
  const upload = cancelUpload(call.project, anyIdOf(call));
  return jsonReply(renderUpload(upload, uploadStatus(call.project, upload)));
};

import { OpenAiError, parseFilesQuery } from '@espejo/contracts/openai';
import { createFile } from '../state/files/create-file.ts';
import { deleteFile } from '../state/files/delete-file.ts';
import { fileContent } from '../state/files/file-text.ts';
import { findFile } from '../state/files/find-file.ts';
import { pageOf } from '../state/page.ts';
import { settle } from '../state/stores/settle.ts';
import { renderFile, renderList } from '../wire/render.ts';
import { type Handler, jsonReply } from './exchange.ts';
import { listedBy } from './listed-by.ts';
import { parseFileForm } from './parse-form.ts';
import { anyIdOf } from './path-ids.ts';

/** Files of these purposes cannot be downloaded. */
const SEALED_PURPOSES = new Set(['assistants', 'user_data']);

export const listFiles: Handler = ({ project, query, distortion }) => {
  settle(project);
  const purpose = query.get('purpose');
  const isListed = listedBy(distortion);
  const page = pageOf(project.files, {
    query: parseFilesQuery(query),
    deletedCursor: project.settings.deletedCursor,
    isListed: purpose === null ? isListed : (row) => row.purpose === purpose && isListed?.(row) !== false,
  });
  return jsonReply(renderList(page, renderFile));
};

export const postFile: Handler = async ({ project, request }) => {
  const form = await parseFileForm(request);
  return jsonReply(renderFile(createFile(project, form)));
};

export const getFile: Handler = (call) => jsonReply(renderFile(findFile(call.project, anyIdOf(call))));

export const removeFile: Handler = (call) => {
  const fileId = anyIdOf(call);
  deleteFile(call.project, fileId, call.distortion?.ghostMode ?? undefined);
  return jsonReply(`{"object":"file","deleted":true,"id":"${fileId}"}`);
};

export const getFileContent: Handler = (call) => {
  const file = findFile(call.project, anyIdOf(call));
  if (SEALED_PURPOSES.has(file.purpose)) {
    throw new OpenAiError(400, `Not allowed to download files of purpose: ${file.purpose}`);
  }
  const disposition = `attachment; filename*=UTF-8''${encodeURIComponent(file.filename)}`;
  return {
    status: 200,
    headers: { 'content-type': 'application/octet-stream', 'content-disposition': disposition },
    body: fileContent(file),
  };
};

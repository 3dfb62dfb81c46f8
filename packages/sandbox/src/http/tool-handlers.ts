import { OpenAiError, parsePageQuery } from '@espejo/contracts/openai';
import type { Project } from '../state/project.ts';
import type { ToolRow } from '../state/rows.ts';

import { renderList } from '../wire/render.ts';
import { type Call, type Handler, jsonReply } from './exchange.ts';
import { anyIdOf } from './path-ids.ts';

/** A page of a few rows, after a cursor. */
function pageOf<T extends { readonly id: string }>(rows: readonly T[], call: Call) {
  const { limit, after } = parsePageQuery(call.query);
  const from = after === null ? 0 : rows.findIndex((row) => row.id === after) + 1;
  return { rows: rows.slice(from, from + limit), hasMore: rows.length > from + limit };
}

const toolsOf = ({ tools }: Project, kind: ToolRow['kind']) => tools.filter((tool) => tool.kind === kind);

export const listContainers: Handler = (call) =>
  jsonReply(
    renderList(pageOf(toolsOf(call.project, 'container'), call), ({ id, name, createdAt }) =>
      JSON.stringify({
        id,
        object: 'container',
        created_at: createdAt,
        status: 'running',
        last_active_at: createdAt,
        name,
      }),
    ),
  );

/** Files of a container are copies with ids of their own; the path has the id of the original. */
export const listContainerFiles: Handler = (call) => {
  const container = toolsOf(call.project, 'container').find(({ id }) => id === anyIdOf(call));
  if (container === undefined) throw new OpenAiError(404, `Container with id '${anyIdOf(call)}' not found.`);
  const rows = container.fileIds.map((fileId, i) => ({ id: `cfile_${container.id}_${i}`, fileId }));
  return jsonReply(
    renderList(pageOf(rows, call), ({ id, fileId }) => {
      const file = call.project.files.get(fileId);
      return JSON.stringify({
        id,
        object: 'container.file',
        created_at: container.createdAt,
        bytes: file === undefined ? 0 : file.bytes,
        container_id: container.id,
        path: `/mnt/data/${fileId}-${file?.filename ?? 'gone'}`,
        source: 'user',
      });
    }),
  );
};

export const listAssistants: Handler = (call) => {
  const assistants = toolsOf(call.project, 'assistant');
  if (assistants.length === 0) throw new OpenAiError(404, 'Invalid URL (GET /v1/assistants)');
  return jsonReply(
    renderList(pageOf(assistants, call), ({ id, name, createdAt, fileIds }) =>
      JSON.stringify({
        id,
        object: 'assistant',
        created_at: createdAt,
        name,
        tools: [{ type: 'code_interpreter' }],
        tool_resources: { code_interpreter: { file_ids: fileIds } },
      }),
    ),
  );
};

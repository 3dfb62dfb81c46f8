import {
  type ContainerFile,
  type FileTool,
  originalsOf,
  type SourceState,
  type ToolUse,
  type ToolUses,
} from '@espejo/core';
import { UpstreamError } from '../port.ts';
import type { Answer, UpstreamRequest } from '../transport/send.ts';
import { pathOf } from '../transport/subject.ts';
import { isJsonObject } from './parse-fields.ts';
import { parsePage } from './parse-page.ts';

const PAGE_LIMIT = 100;
/** The requests for one reading of uses; what is not read by then is unknown. */
const REQUESTS_MAX = 500;
/** The statuses of a server without such an endpoint. */
const NO_ENDPOINT: ReadonlySet<number | null> = new Set([404, 405, 410, 501]);

type Row = { readonly [key: string]: unknown };

/** The list was not read to its end. */
class NotRead extends Error {}

/**
 * Reads which tools use which of these files: containers and the files in them, assistants, and threads and their
 * messages if a server lists them. Only reads. A list that does not end cleanly, or a server that does not answer,
 * makes its tool `unknown`; uses that were found until then still count. Throws only the signal's reason.
 */
export async function readToolUses(
  send: (request: UpstreamRequest) => Promise<Answer>,
  files: readonly { readonly id: string; readonly filename: string; readonly bytes: number | null }[],
  signal: AbortSignal | undefined,
): Promise<ToolUses> {
  const usesOf = new Map<string, ToolUse[]>();
  const ids = new Set(files.map(({ id }) => id));
  let requestsLeft = REQUESTS_MAX;

  function note(fileId: string, use: ToolUse): void {
    if (!ids.has(fileId)) return;
    const uses = usesOf.get(fileId) ?? [];
    if (!uses.some(({ source, holderId }) => source === use.source && holderId === use.holderId)) uses.push(use);
    usesOf.set(fileId, uses);
  }

  async function* rowsOf(...segments: readonly string[]): AsyncGenerator<Row, void, undefined> {
    const seen = new Set<string>();
    for (let after: string | null = null; ; ) {
      if (requestsLeft === 0) throw new NotRead();
      requestsLeft -= 1;
      const query = { limit: PAGE_LIMIT, order: 'asc', ...(after === null ? {} : { after }) };
      const answer = await send({ path: pathOf(...segments), query, subject: null, isInteractive: false, signal });
      const page = parsePage(answer.body, PAGE_LIMIT, toRow);
      yield* page.items;
      if (page.faults.length > 0) throw new NotRead();
      if (!page.hasMore) return;
      if (page.lastId === null || seen.has(page.lastId)) throw new NotRead();
      seen.add(page.lastId);
      after = page.lastId;
    }
  }

  async function ask(source: FileTool, work: () => Promise<void>): Promise<SourceState> {
    try {
      await work();
      return 'read';
    } catch (cause) {
      signal?.throwIfAborted();
      if (!(cause instanceof UpstreamError) && !(cause instanceof NotRead)) throw cause;
      const isAbsent = cause instanceof UpstreamError && NO_ENDPOINT.has(cause.httpStatus) && !hasBegun.has(source);
      return isAbsent ? 'absent' : 'unknown';
    }
  }
  /** Tools whose list has been read once: a later 404 does not mean a missing endpoint. */
  const hasBegun = new Set<FileTool>();

  const containers = await ask('containers', async () => {
    for await (const row of rowsOf('containers')) {
      hasBegun.add('containers');
      const holderId = textOf(row.id);
      // Its files are gone with it.
      if (holderId === null || row.status === 'expired') continue;
      const use: ToolUse = {
        source: 'containers',
        holderId,
        holderName: textOf(row.name),
        lastUsedAtS: instantOf(row.last_active_at) ?? instantOf(row.created_at),
      };
      for await (const file of rowsOf('containers', holderId, 'files')) {
        for (const id of originalsOf(toContainerFile(file), files)) note(id, use);
      }
    }
  });

  const assistants = await ask('assistants', async () => {
    for await (const row of rowsOf('assistants')) {
      hasBegun.add('assistants');
      for (const id of interpreterFilesOf(row)) note(id, toUse('assistants', row));
    }
  });

  let threads: SourceState = 'unknown';
  // Threads were introduced and removed with assistants; if there are assistants, a missing list of threads hides them.
  if (assistants === 'absent') threads = 'absent';
  else if (assistants === 'read') {
    const asked = await ask('threads', async () => {
      for await (const row of rowsOf('threads')) {
        hasBegun.add('threads');
        for (const id of interpreterFilesOf(row)) note(id, toUse('threads', row));
        const threadId = textOf(row.id);
        if (threadId === null) throw new NotRead();
        for await (const message of rowsOf('threads', threadId, 'messages')) {
          for (const id of messageFilesOf(message)) note(id, toUse('threads', row));
        }
      }
    });
    threads = asked === 'read' ? 'read' : 'unknown';
  }
  return { states: { containers, assistants, threads }, usesOf };
}

function toRow(row: unknown): Row {
  if (!isJsonObject(row)) throw new NotRead();
  return row;
}

function toUse(source: FileTool, row: Row): ToolUse {
  return {
    source,
    holderId: textOf(row.id) ?? '',
    holderName: textOf(row.name),
    lastUsedAtS: instantOf(row.created_at),
  };
}

function toContainerFile(row: Row): ContainerFile {
  return {
    id: textOf(row.id),
    fileId: textOf(row.file_id),
    path: textOf(row.path),
    bytes: typeof row.bytes === 'number' ? row.bytes : null,
  };
}

/** Files of an assistant or a thread: those of code interpreter, and of the API's first version. */
function interpreterFilesOf(row: Row): string[] {
  const resources = isJsonObject(row.tool_resources) ? row.tool_resources : {};
  const interpreter = isJsonObject(resources.code_interpreter) ? resources.code_interpreter : {};
  return [...textsOf(interpreter.file_ids), ...textsOf(row.file_ids)];
}

/** Files of a message: attached, shown as an image, and those of the API's first version. */
function messageFilesOf(row: Row): string[] {
  const attachments = arrayOf(row.attachments).map((each) => (isJsonObject(each) ? textOf(each.file_id) : null));
  const images = arrayOf(row.content).map((each) =>
    isJsonObject(each) && isJsonObject(each.image_file) ? textOf(each.image_file.file_id) : null,
  );
  return [...attachments, ...images].filter((id) => id !== null).concat(textsOf(row.file_ids));
}

function arrayOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textsOf(value: unknown): string[] {
  return arrayOf(value).filter((each) => typeof each === 'string');
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function instantOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : null;
}

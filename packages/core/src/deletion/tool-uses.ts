/** What may use a file of purpose `assistants` besides vector stores. */
export const FILE_TOOLS = ['containers', 'assistants', 'threads'] as const;
export type FileTool = (typeof FILE_TOOLS)[number];

/** read: completely listed. absent: the server has no such tool. unknown: it could not be listed, or not completely. */
export type SourceState = 'read' | 'absent' | 'unknown';
export type SourceStates = Readonly<Record<FileTool, SourceState>>;

/** A use of a file by a tool. */
export interface ToolUse {
  readonly source: FileTool;
  readonly holderId: string;
  readonly holderName: string | null;
  /** When the tool was last used or created, in unix seconds. */
  readonly lastUsedAtS: number | null;
}

/** What upstream reported about files in use outside vector stores. */
export interface ToolUses {
  readonly states: SourceStates;
  readonly usesOf: ReadonlyMap<string, readonly ToolUse[]>;
}

export const NO_TOOL_USES: ToolUses = {
  states: { containers: 'absent', assistants: 'absent', threads: 'absent' },
  usesOf: new Map(),
};

/** Which tools could not be read, sorted: if there is one, no file is proven unused. Pure. */
export function unknownSources(states: SourceStates): readonly FileTool[] {
  return FILE_TOOLS.filter((source) => states[source] === 'unknown');
}

/**
 * Which files in no vector store are offered for clean-up. `when_unused`: if every tool was read and none uses the
 * file. `always`: also if a tool could not be read, with a warning. `never`: none. A file that a tool uses is never
 * offered.
 */
export const UNATTACHED_POLICIES = ['when_unused', 'always', 'never'] as const;
export type UnattachedPolicy = (typeof UNATTACHED_POLICIES)[number];

/** Whether a file in no store is offered for clean-up. Pure. */
export function isOffered(fileId: string, uses: ToolUses, policy: UnattachedPolicy): boolean {
  if (policy === 'never' || uses.usesOf.has(fileId)) return false;
  return policy === 'always' || unknownSources(uses.states).length === 0;
}

/** A file in a container's list: a copy, which may have another id than its original. */
export interface ContainerFile {
  readonly id: string | null;
  readonly fileId: string | null;
  readonly path: string | null;
  readonly bytes: number | null;
}

/**
 * Which of the project's files a container's file may be a copy of: by id, by an id in its path, or by name and size.
 * All matches count, so that no file that may be in use is deleted. Pure.
 */
export function originalsOf(
  copy: ContainerFile,
  files: Iterable<{ readonly id: string; readonly filename: string; readonly bytes: number | null }>,
): string[] {
  const found: string[] = [];
  const path = copy.path ?? '';
  for (const { id, filename, bytes } of files) {
    const isSame = copy.id === id || copy.fileId === id || path.includes(id);
    const isAlike =
      bytes !== null &&
      bytes === copy.bytes &&
      filename !== '' &&
      path.normalize('NFC').endsWith(filename.normalize('NFC'));
    if (isSame || isAlike) found.push(id);
  }
  return found;
}

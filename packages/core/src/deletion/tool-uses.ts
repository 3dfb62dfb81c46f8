/** What may use a file of purpose `assistants` besides vector stores. */
export const FILE_TOOLS = ['containers', 'assistants', 'threads'] as const;
export type FileTool = (typeof FILE_TOOLS)[number];

/** read: listed to its end. absent: the server has no such tool. unknown: it could not be asked, or not to the end. */
export type SourceState = 'read' | 'absent' | 'unknown';
export type SourceStates = Readonly<Record<FileTool, SourceState>>;

/** A tool that has a file. */
export interface ToolUse {
  readonly source: FileTool;
  readonly holderId: string;
  readonly holderName: string | null;
  /** When the tool was last used or made, in unix seconds. */
  readonly lastUsedAtS: number | null;
}

/** What upstream said about the use of files outside vector stores. */
export interface ToolUses {
  readonly states: SourceStates;
  readonly usesOf: ReadonlyMap<string, readonly ToolUse[]>;
}

export const NO_TOOL_USES: ToolUses = {
  states: { containers: 'absent', assistants: 'absent', threads: 'absent' },
  usesOf: new Map(),
};

/** Which tools could not be asked, sorted: where there is one, no file is proven unused. Pure. */
export function unknownSources(states: SourceStates): readonly FileTool[] {
  return FILE_TOOLS.filter((source) => states[source] === 'unknown');
}

/**
 * Which files in no vector store are offered for clean-up. `when_unused`: where every tool was asked and none has the
 * file. `always`: also where a tool could not be asked, with a warning. `never`: none. A file that a tool has is never.
 */
export const UNATTACHED_POLICIES = ['when_unused', 'always', 'never'] as const;
export type UnattachedPolicy = (typeof UNATTACHED_POLICIES)[number];

/** Whether a file in no store is offered for clean-up. Pure. */
export function isOffered(fileId: string, uses: ToolUses, policy: UnattachedPolicy): boolean {
  if (policy === 'never' || uses.usesOf.has(fileId)) return false;
  return policy === 'always' || unknownSources(uses.states).length === 0;
}

/** A file as a container lists it: a copy, which need not have the id of the file it is a copy of. */
export interface ContainerFile {
  readonly id: string | null;
  readonly fileId: string | null;
  readonly path: string | null;
  readonly bytes: number | null;
}

/**
 * Which of the project's files a container's file is a copy of: by id, by an id in its path, or by name and size. In doubt
 * it is one: what may be in use is kept. Pure.
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

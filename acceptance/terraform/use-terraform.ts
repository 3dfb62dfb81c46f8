import { type RunningSandbox, startSandbox } from '@espejo/sandbox';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { installProvider, type Mirror, openWorkspace, type Workspace, type WorkspaceOptions } from './terraform.ts';

/* Set-up of suites: called within a `describe`, it adds the hooks that are needed. */

/** Installs the provider once. Returns a function that opens workspaces, which are removed after each test. */
export function useProvider(): (options: WorkspaceOptions) => Workspace {
  let mirror: Mirror | undefined;
  const opened: Workspace[] = [];
  beforeAll(async () => {
    mirror = await installProvider();
  });
  afterEach(() => {
    for (const workspace of opened.splice(0)) workspace.remove();
  });
  afterAll(() => mirror?.remove());
  return (options) => {
    if (mirror === undefined) throw new Error('Open workspaces within tests.');
    const workspace = openWorkspace(mirror, options);
    opened.push(workspace);
    return workspace;
  };
}

/** The same with a sandbox that accepts this key and is empty and without faults at the start of each test. */
export function useSandbox(key: string): {
  readonly sandbox: () => RunningSandbox;
  readonly open: (options?: Partial<WorkspaceOptions>) => Workspace;
} {
  let running: RunningSandbox | undefined;
  const openAt = useProvider();
  const sandbox = (): RunningSandbox => {
    if (running === undefined) throw new Error('Use the sandbox within tests.');
    return running;
  };
  beforeAll(async () => {
    running = await startSandbox({ keys: { [key]: 'proj_a' } });
  });
  afterEach(async () => {
    sandbox().faults.clear();
    await fetch(`${sandbox().controlUrl}/reset`, { method: 'POST' });
  });
  afterAll(() => running?.close());
  return { sandbox, open: (options) => openAt({ url: sandbox().url, key, ...options }) };
}

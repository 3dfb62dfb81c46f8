import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { ROOT } from '../support/espejo.ts';

/** The path of `terraform`, or null: then the tests that need it are skipped with a warning. */
export const TERRAFORM = findOnPath('terraform');
if (TERRAFORM === null) {
  console.warn('\nSKIPPED: no `terraform` on the PATH, so nothing of acceptance/terraform that needs it was tested.\n');
}

function findOnPath(name: string): string | null {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {}
  }
  return null;
}

/** The provider as `npm run terraform:install` writes it. */
export interface Mirror {
  readonly folder: string;
  /** The folder with the program itself. */
  readonly programFolder: string;
  remove(): void;
}

export async function installProvider(): Promise<Mirror> {
  const folder = mkdtempSync(join(tmpdir(), 'espejo-terraform-mirror-'));
  const { code, output } = await run(
    join(ROOT, 'node_modules/.bin/node'),
    ['scripts/terraform-install.mjs', '--dir', folder],
    { cwd: ROOT, env: process.env },
  );
  if (code !== 0) throw new Error(`terraform:install ended with ${code}:\n${output}`);
  const versions = join(folder, 'espejo.local/espejo/openai/0.1.0');
  const [platform = ''] = readdirSync(versions);
  return {
    folder,
    programFolder: join(versions, platform),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export interface Ended {
  readonly code: number | null;
  /** Standard output and error. */
  readonly output: string;
  /** The same without line breaks, because Terraform wraps messages at 80 characters. */
  readonly text: string;
}

export interface Workspace {
  readonly folder: string;
  /** Replaces main.tf; the provider block is put before it. */
  write(text: string, provider?: string): void;
  run(...args: string[]): Promise<Ended>;
  /** Runs a command; throws with its output if it fails. */
  ok(...args: string[]): Promise<string>;
  /** Applies, and asserts that a plan right after it is empty. */
  applyAndSettle(): Promise<string>;
  /** The result of a plan: actions by address, warnings and errors. */
  plan(): Promise<{
    readonly actions: Readonly<Record<string, string>>;
    readonly output: string;
    readonly code: number | null;
  }>;
  /** Starts a command and does not wait. */
  start(...args: string[]): { readonly child: ChildProcess; readonly ended: Promise<Ended> };
  /** The attributes of a resource in the state. */
  state(address: string): Record<string, unknown> | undefined;
  readonly stateText: string;
  remove(): void;
}

export interface WorkspaceOptions {
  readonly url: string;
  readonly key: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Whether to run `terraform init`; otherwise the provider is loaded from the mirror without it. */
  readonly isToInit?: boolean;
}

/** An empty folder for Terraform. */
export function openWorkspace(mirror: Mirror, { url, key, env = {}, isToInit = false }: WorkspaceOptions): Workspace {
  const folder = mkdtempSync(join(tmpdir(), 'espejo-terraform-'));
  const cliConfig = join(folder, 'cli.tfrc');
  writeFileSync(
    cliConfig,
    isToInit
      ? `provider_installation {\n  filesystem_mirror {\n    path = "${mirror.folder}"\n  }\n}\n`
      : `provider_installation {\n  dev_overrides {\n    "espejo.local/espejo/openai" = "${mirror.programFolder}"\n  }\n}\n`,
  );
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(OPENAI_|ESPEJO_|TF_|npm_)/.test(name)),
  );
  const wholeEnv = {
    ...inherited,
    // Terraform must also work with an old Node on the PATH, so the project's own Node is not added.
    TF_CLI_CONFIG_FILE: cliConfig,
    CHECKPOINT_DISABLE: '1',
    TF_IN_AUTOMATION: '1',
    OPENAI_BASE_URL: url,
    OPENAI_API_KEY: key,
    ...env,
  };
  const start: Workspace['start'] = (...args) => {
    const child = spawn(TERRAFORM ?? 'terraform', args, { cwd: folder, env: wholeEnv, detached: true });
    return { child, ended: endOf(child) };
  };
  const runIn = (...args: string[]) => start(...args).ended;
  const ok = async (...args: string[]): Promise<string> => {
    const { code, output } = await runIn(...args);
    if (code !== 0) throw new Error(`terraform ${args.join(' ')} ended with ${code}:\n${output}`);
    return output;
  };
  const statePath = join(folder, 'terraform.tfstate');
  return {
    folder,
    start,
    run: runIn,
    ok,
    write(text, provider = 'provider "openai" {}') {
      const required =
        'terraform {\n  required_providers {\n    openai = {\n      source = "espejo.local/espejo/openai"\n    }\n  }\n}\n';
      writeFileSync(join(folder, 'main.tf'), `${required}\n${provider}\n${text}\n`);
    },
    async applyAndSettle() {
      const output = await ok('apply', '-auto-approve', '-no-color');
      const { code, output: planned } = await runIn('plan', '-detailed-exitcode', '-no-color');
      if (code !== 0) throw new Error(`The plan after an apply is not empty:\n${planned}`);
      return output;
    },
    async plan() {
      const { code, output } = await runIn('plan', '-json', '-no-color');
      const actions: Record<string, string> = {};
      const messages: string[] = [];
      for (const line of output.split('\n').filter((text) => text.startsWith('{'))) {
        const message = JSON.parse(line);
        if (message.type === 'planned_change') actions[message.change.resource.addr] = message.change.action;
        if (message.type === 'diagnostic') {
          messages.push(`${message.diagnostic.severity}: ${message.diagnostic.summary}\n${message.diagnostic.detail}`);
        }
      }
      return { actions, output: messages.join('\n'), code };
    },
    state(address) {
      const [type, rest = ''] = address.split(/\.(.*)/s);
      const [, name, key] = /^([^[]+)(?:\[(.*)\])?$/.exec(rest) ?? [];
      const { resources } = JSON.parse(readFileSync(statePath, 'utf8'));
      const resource = resources.find((row: { type: string; name: string }) => row.type === type && row.name === name);
      const wanted = key === undefined ? undefined : JSON.parse(key);
      return resource?.instances.find((row: { index_key?: unknown }) => row.index_key === wanted)?.attributes;
    },
    get stateText() {
      return readFileSync(statePath, 'utf8');
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function run(
  command: string,
  args: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<Ended> {
  return endOf(spawn(command, args, options));
}

function endOf(child: ChildProcess): Promise<Ended> {
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => chunks.push(String(chunk)));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      const output = chunks.join('');
      resolve({ code, output, text: output.replace(/\s+/g, ' ') });
    });
  });
}

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createCertificate } from '@espejo/terraform-plugin/certificate';
import { sendBare } from '../lib/bare-requests.ts';
import { start } from '../lib/remote.ts';
import { type Line, millis, type Print, type Section, seconds } from '../lib/report.ts';
import { median, range } from '../lib/stats.ts';
import { withFolder } from '../lib/with-folder.ts';
import type { SandboxMethods } from '../processes/sandbox.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const COOKIE = 'd602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2';
const PARALLELISM = 10;
const LATENCY_MS = 100;
const HANDSHAKE_MS_MAX = 200;
const PLAN_MS_MAX = 1_500;
const APPLY_FACTOR_MAX = 2;
const HANDSHAKES = 9;
const ROUNDS = 3;

/**
 * How much time Terraform and its provider add to the API's own, where each request takes 100 ms and 10 run at once. The
 * API's own time is that of a plain client which sends the needed requests, one for each store, in turns with
 * Terraform. Terraform's own share is measured with the same number of built-in resources that need no server.
 */
export async function measureTerraform(print: Print, { isQuick }: { isQuick: boolean }): Promise<Section> {
  const title = 'Terraform';
  const terraform = findTerraform();
  if (terraform === null) {
    print('  no terraform on the PATH: not measured');
    return { title: `${title}: not measured, because terraform is not on the PATH`, lines: [] };
  }
  const storeCount = isQuick ? 20 : 200;
  return withFolder(async (folder) => {
    const program = await install(folder);
    const handshakeMs = median(await handshakes(program));
    print(`  handshake ${millis(handshakeMs)}`);
    const sandbox = start<SandboxMethods>('sandbox');
    try {
      const { url } = await sandbox.open({ size: { stores: 0, attachments: 0 }, latencyMs: LATENCY_MS });
      // The start of the plain client does not count.
      await sendBare(
        Array.from({ length: 2 * PARALLELISM }, () => ({ method: 'GET', url: `${url}/vector_stores` })),
        PARALLELISM,
      );
      const rounds: Round[] = [];
      for (let n = 0; n < (isQuick ? 1 : ROUNDS); n += 1) {
        const round = await measureRound({
          folder: mkdtempSync(join(folder, 'round-')),
          terraform,
          program,
          url,
          storeCount,
        });
        rounds.push(round);
        const { apply, plan } = round;
        print(
          `  apply ${seconds(apply.ms)} against ${seconds(apply.bareMs)}, plan ${seconds(plan.ms)} against ${seconds(plan.bareMs)}`,
        );
      }
      return { title: titleOf(storeCount, rounds.length), lines: linesOf(handshakeMs, rounds) };
    } finally {
      await sandbox.stop();
    }
  });
}

interface Round {
  /** `bareMs`: the same requests alone; `aloneMs`: as many resources without any request. */
  readonly apply: { readonly ms: number; readonly bareMs: number; readonly aloneMs: number };
  readonly plan: { readonly ms: number; readonly bareMs: number; readonly aloneMs: number };
}

const titleOf = (storeCount: number, roundCount: number): string =>
  `Terraform: ${storeCount} stores, ${PARALLELISM} requests at once, each of ${LATENCY_MS} ms (median of ${roundCount}, ranges in brackets)`;

function linesOf(handshakeMs: number, rounds: readonly Round[]): readonly Line[] {
  const beyondMs = rounds.map(({ plan }) => plan.ms - plan.bareMs);
  const factors = rounds.map(({ apply }) => apply.ms / apply.bareMs);
  const compared = (of: (round: Round) => Round['plan']): string =>
    `${seconds(median(rounds.map((round) => of(round).ms)))} against ${seconds(median(rounds.map((round) => of(round).bareMs)))} of a bare client`;
  const alone = (of: (round: Round) => Round['plan']): Line['measured'] =>
    seconds(median(rounds.map((round) => of(round).aloneMs)));
  return [
    {
      what: 'from the start of the provider to its handshake, median',
      measured: millis(handshakeMs),
      target: { text: `<= ${HANDSHAKE_MS_MAX} ms`, isMet: handshakeMs <= HANDSHAKE_MS_MAX },
    },
    {
      what: "an empty plan, beyond the API's own time",
      measured: seconds(median(beyondMs)),
      target: { text: `<= ${seconds(PLAN_MS_MAX)}`, isMet: median(beyondMs) <= PLAN_MS_MAX },
      note: `(${range(beyondMs, seconds)}) ${compared(({ plan }) => plan)}`,
    },
    {
      what: "an apply that makes all, by the API's own time",
      measured: `${median(factors).toFixed(2)} x`,
      target: { text: `<= ${APPLY_FACTOR_MAX} x`, isMet: median(factors) <= APPLY_FACTOR_MAX },
      note: `(${range(factors, (factor) => factor.toFixed(2))}) ${compared(({ apply }) => apply)}`,
    },
    {
      what: "Terraform alone: a plan of as many resources of its own ('terraform_data')",
      measured: alone(({ plan }) => plan),
    },
    { what: 'Terraform alone: an apply of them', measured: alone(({ apply }) => apply) },
  ];
}

async function measureRound(setting: Setting): Promise<Round> {
  const { url, storeCount } = setting;
  const numbers = Array.from({ length: storeCount }, (_, index) => index);
  const alone = prepare(setting, 'alone', TERRAFORM_DATA(storeCount));
  const aloneApplyMs = await alone(...APPLY);
  const alonePlanMs = await alone(...PLAN);
  const stores = prepare(setting, 'stores', STORES(storeCount));
  const made = await sendBare(
    numbers.map((n) => ({ method: 'POST', url: `${url}/vector_stores`, json: { name: `Bare ${n}` } })),
    PARALLELISM,
  );
  const applyMs = await stores(...APPLY);
  const ids = made.answers.map((answer) => (answer as { id: string }).id);
  const read = await sendBare(
    ids.map((id) => ({ method: 'GET', url: `${url}/vector_stores/${id}` })),
    PARALLELISM,
  );
  const planMs = await stores(...PLAN);
  return {
    apply: { ms: applyMs, bareMs: made.ms, aloneMs: aloneApplyMs },
    plan: { ms: planMs, bareMs: read.ms, aloneMs: alonePlanMs },
  };
}

function findTerraform(): string | null {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    try {
      accessSync(join(folder, 'terraform'), constants.X_OK);
      return join(folder, 'terraform');
    } catch {}
  }
  return null;
}

/** The folder with the provider's program. */
async function install(folder: string): Promise<string> {
  await promisify(execFile)(process.execPath, ['scripts/terraform-install.mjs', '--dir', join(folder, 'mirror')], {
    cwd: ROOT,
  });
  const versions = join(folder, 'mirror/espejo.local/espejo/openai/0.1.0');
  return join(versions, readdirSync(versions)[0] ?? '');
}

async function handshakes(program: string): Promise<number[]> {
  const name = readdirSync(program)[0] ?? '';
  const { certPem } = createCertificate(Date.now());
  const tookMs: number[] = [];
  for (let n = 0; n < HANDSHAKES; n += 1) {
    const startedMs = performance.now();
    const child = spawn(join(program, name), {
      env: { PATH: process.env.PATH, TF_PLUGIN_MAGIC_COOKIE: COOKIE, PLUGIN_CLIENT_CERT: certPem },
    });
    await once(child.stdout, 'data');
    tookMs.push(performance.now() - startedMs);
    const closed = once(child, 'close');
    child.kill('SIGTERM');
    await closed;
  }
  return tookMs;
}

interface Setting {
  readonly folder: string;
  readonly terraform: string;
  readonly program: string;
  readonly url: string;
  readonly storeCount: number;
}

const APPLY = ['apply', '-auto-approve', `-parallelism=${PARALLELISM}`];
const PLAN = ['plan', '-detailed-exitcode', `-parallelism=${PARALLELISM}`];

const TERRAFORM_DATA = (count: number): string => `
resource "terraform_data" "many" {
  count = ${count}
  input = "Store \${count.index}"
}
`;

const STORES = (count: number): string => `
terraform {
  required_providers {
    openai = {
      source = "espejo.local/espejo/openai"
    }
  }
}

resource "openai_vector_store" "many" {
  count = ${count}
  name  = "Store \${count.index}"
}
`;

/** A folder with the configuration; the result runs a command there and returns its duration. */
function prepare({ folder, terraform, program, url }: Setting, name: string, configuration: string) {
  const workspace = join(folder, name);
  mkdirSync(workspace);
  const cliConfig = join(workspace, 'cli.tfrc');
  writeFileSync(
    cliConfig,
    `provider_installation {\n  dev_overrides {\n    "espejo.local/espejo/openai" = "${program}"\n  }\n}\n`,
  );
  writeFileSync(join(workspace, 'main.tf'), configuration);
  const env = {
    PATH: process.env.PATH,
    TF_CLI_CONFIG_FILE: cliConfig,
    CHECKPOINT_DISABLE: '1',
    OPENAI_BASE_URL: url,
    OPENAI_API_KEY: 'sk-bench',
  };
  return async (...args: readonly string[]): Promise<number> => {
    const startedMs = performance.now();
    await promisify(execFile)(terraform, args, { cwd: workspace, env, maxBuffer: 2 ** 26 });
    return performance.now() - startedMs;
  };
}

/** `npm run bench`. */
import { availableParallelism, cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { type Print, renderSection, renderSummary, type Section } from './lib/report.ts';
import { measureAccess } from './parts/access.ts';
import { measureDeletion } from './parts/deletion.ts';
import { measureIngestion } from './parts/ingestion.ts';
import { measureLists } from './parts/lists.ts';
import { measureMemory } from './parts/memory.ts';
import { measureSearchQuality } from './parts/quality.ts';
import { measureSandbox } from './parts/sandbox.ts';
import { measureSearch } from './parts/search.ts';
import { measureSync } from './parts/sync.ts';
import { measureTerraform } from './parts/terraform.ts';
import { measureUpload } from './parts/upload.ts';

const PARTS: Record<string, (print: Print, options: { isQuick: boolean }) => Promise<Section>> = {
  sync: measureSync,
  deletion: measureDeletion,
  lists: measureLists,
  sandbox: measureSandbox,
  memory: measureMemory,
  search: measureSearch,
  quality: measureSearchQuality,
  ingestion: measureIngestion,
  upload: measureUpload,
  access: measureAccess,
  terraform: measureTerraform,
};

const HELP = `
npm run bench -- [part …] [--quick]

  Parts: ${Object.keys(PARTS).join(', ')}. Without one, all of them: some minutes.
  --quick  a tenth of the size: shows that it works, the results mean little.

Fails only when something could not be measured, never for a missed target.
`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { quick: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const names = positionals.length === 0 ? Object.keys(PARTS) : positionals;
  const unknown = names.find((name) => PARTS[name] === undefined);
  if (unknown !== undefined) throw new Error(`There is no part '${unknown}'.\n${HELP}`);
  const memoryGb = Math.round(totalmem() / 2 ** 30);
  console.log(
    `${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${memoryGb} GB, ${process.platform} ${process.arch}, Node ${process.version}${values.quick ? ', quick' : ''}`,
  );
  const sections: Section[] = [];
  for (const name of names) {
    console.log(`\nMeasuring ${name} …`);
    const section = await PARTS[name]?.((text) => console.log(text), { isQuick: values.quick });
    if (section !== undefined) sections.push(section);
  }
  for (const section of sections) console.log(renderSection(section));
  console.log(renderSummary(sections));
}

main().catch((cause: unknown) => {
  console.error(cause instanceof Error ? cause.stack : cause);
  process.exit(1);
});

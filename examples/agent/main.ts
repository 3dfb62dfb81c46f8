/** An agent on Espejo, without a network. `npm run example:agent` runs it. */
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { ApiError, resolveAgentTools } from '@espejo/agents';
import { type ConsoleClient, createConsoleClient } from '@espejo/contracts';
import { Agent, Runner } from '@openai/agents';
import OpenAI from 'openai';
import { createOfflineModel } from './offline-model.ts';
import { startEspejo } from './start-espejo.ts';

const DOCUMENTS = new URL('documents/', import.meta.url);
const AGENT_KEY = 'people-assistant';
const QUESTION = 'How many days of paid leave do I have?';
const POLL_MS = 100;
const POLLS_MAX = 300;

const say = (line: string) => process.stdout.write(`${line}\n`);

await using espejo = await startEspejo();
const { url: baseUrl, apiKey } = espejo;
const openai = new OpenAI({ baseURL: `${baseUrl}/v1`, apiKey });
const call = createConsoleClient({ baseUrl, apiKey });

// 1. A primary store, filled through the official OpenAI SDK: only the base URL differs.
const handbook = await openai.vectorStores.create({ name: 'Handbook' });
for (const name of (await readdir(DOCUMENTS)).sort()) {
  const file = createReadStream(new URL(name, DOCUMENTS));
  await openai.vectorStores.files.uploadAndPoll(handbook.id, file, { pollIntervalMs: POLL_MS });
}
say(
  `store:  ${handbook.name} with ${(await openai.vectorStores.retrieve(handbook.id)).file_counts.completed} documents`,
);

// 2. A mirror of an upstream store; the first sync copies the sandbox's.
const mirror = await findMirror(call, 'Help center');
say(`mirror: ${mirror.name}`);

// 3. Which stores the agent searches. This is what the console's page "Agents" edits.
await call('putAgent', {
  params: { key: AGENT_KEY },
  body: {
    bindings: [
      { vectorStoreId: handbook.id, options: { maxNumResults: 1 } },
      { vectorStoreId: mirror.id, mode: 'default' },
    ],
  },
});

// 4. The agent: its tools come from Espejo, everything else is the Agents SDK.
const tools = await resolveAgentTools({ baseUrl, apiKey, agentKey: AGENT_KEY });
say(`tools:  ${tools.map(({ name }) => name).join(', ')}`);
const agent = new Agent({
  name: 'People assistant',
  instructions: 'Answer from the documents, and name the file.',
  model: createOfflineModel(),
  tools,
});
const { finalOutput } = await new Runner({ tracingDisabled: true }).run(agent, QUESTION);
say(`\n> ${QUESTION}\n${finalOutput}\n`);

// 5. A required store is gone: building the agent fails, so it cannot answer without its documents.
await openai.vectorStores.delete(handbook.id);
const refusal = await resolveAgentTools({ baseUrl, apiKey, agentKey: AGENT_KEY }).catch((error: unknown) => error);
if (!(refusal instanceof ApiError)) throw new Error('The agent was built without a store that it requires.');
say(`${refusal.code}: ${refusal.message}`);

async function findMirror(client: ConsoleClient, name: string) {
  for (let polls = 0; polls < POLLS_MAX; polls += 1) {
    const { data } = await client('listVectorStores', { query: { source: 'cache', q: name } });
    const [found] = data;
    if (found !== undefined) return found;
    await delay(POLL_MS);
  }
  throw new Error(`There is no mirror called '${name}'.`);
}

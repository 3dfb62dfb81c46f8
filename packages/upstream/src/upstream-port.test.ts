import { createOpenAiUpstream } from './openai-upstream.ts';
import { UpstreamError, type UpstreamErrorKind } from './port.ts';
import { createFakeUpstream } from './testing/fake-upstream.ts';
import { createFakeWorld } from './testing/fake-world.ts';
import { type Script, sendError, startScriptedServer } from './testing/scripted-server.ts';
import { serveWorld } from './testing/wire-world.ts';
import { describeUpstreamPort } from './upstream-port.suite.ts';

const scope = { organization: 'org-1', project: 'proj_1' };

describeUpstreamPort('the fake', async () => {
  let failure: UpstreamErrorKind | null = null;
  const port = createFakeUpstream({
    scope,
    onCall() {
      if (failure !== null) throw new UpstreamError(failure, 'scripted');
    },
  });
  return {
    port,
    world: port.world,
    scope,
    failAll(kind) {
      failure = kind;
    },
    close: async () => {},
  };
});

const FAILURES: Record<UpstreamErrorKind, Script> = {
  gone: (_, response) => sendError(response, 404, { message: "No vector store found with id 'vs_1'." }),
  unauthorized: (_, response) => sendError(response, 401, { message: 'Incorrect API key provided' }),
  forbidden: (_, response) => sendError(response, 403, { message: 'Country not supported' }),
  rate_limited: (_, response) => sendError(response, 429, { message: 'Rate limit reached' }, { 'retry-after': '1' }),
  unavailable: (_, response) => sendError(response, 503, { message: 'Overloaded' }),
  malformed: (_, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html></html>'),
};

describeUpstreamPort('the OpenAI adapter', async () => {
  const world = createFakeWorld();
  const serve = serveWorld(world, () => scope);
  let failure: UpstreamErrorKind | null = null;
  const server = await startScriptedServer((request, response) =>
    (failure === null ? serve : FAILURES[failure])(request, response),
  );
  return {
    port: createOpenAiUpstream({ baseUrl: server.baseUrl, apiKey: 'sk-test', sleep: async () => {} }),
    world,
    scope,
    failAll(kind) {
      failure = kind;
    },
    close: server.close,
  };
});

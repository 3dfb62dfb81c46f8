import type { AgentInputItem, ModelRequest } from '@openai/agents';
import { assistantMessage, functionCall, modelResponder, ScriptedModel } from '@openai/agents/testing';

/**
 * A model without a network: it calls its first function with the user's words and answers with the best
 * result. Remove the line `model:` from the agent to use a real model.
 */
export function createOfflineModel(): ScriptedModel {
  return new ScriptedModel([
    modelResponder(({ request }) => [
      functionCall(firstFunction(request), { query: questionOf(request) }, { callId: 'call-1' }),
    ]),
    modelResponder(({ request }) => [assistantMessage(answerFrom(toolOutput(request)))]),
  ]);
}

function firstFunction({ tools }: ModelRequest): string {
  const tool = tools.find(({ type }) => type === 'function');
  if (tool === undefined) throw new Error('The agent has no search function.');
  return tool.name;
}

function questionOf({ input }: ModelRequest): string {
  if (typeof input === 'string') return input;
  const asked = input.find((item) => 'role' in item && item.role === 'user');
  if (asked === undefined || !('content' in asked)) throw new Error('There is no question.');
  return typeof asked.content === 'string' ? asked.content : JSON.stringify(asked.content);
}

function toolOutput({ input }: ModelRequest): string {
  const items: readonly AgentInputItem[] = typeof input === 'string' ? [] : input;
  const result = items.find((item) => item.type === 'function_call_result');
  if (result?.type !== 'function_call_result') throw new Error('The search has no result.');
  const { output } = result;
  if (typeof output === 'string') return output;
  return 'text' in output ? output.text : JSON.stringify(output);
}

function answerFrom(output: string): string {
  if (!output.startsWith('{')) return output;
  const { results } = JSON.parse(output) as { results: { filename: string; text: string }[] };
  const [best] = results;
  return best === undefined ? 'The documents do not answer this.' : `${best.text.trim()}\n(from ${best.filename})`;
}

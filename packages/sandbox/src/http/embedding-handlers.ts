import { EmbeddingsBody, OpenAiError } from '@espejo/contracts/openai';
import { embed } from '../search/embed.ts';
import { type Handler, jsonReply } from './exchange.ts';
import { findModel } from './model-handlers.ts';
import { parseBody } from './parse-body.ts';

const INPUT_TOKENS_MAX = 8192;
const REQUEST_TOKENS_MAX = 300_000;
const CHARACTERS_PER_TOKEN = 4;

export const postEmbeddings: Handler = ({ request }) => {
  const body = parseBody(EmbeddingsBody, request.body);
  const dimensions = dimensionsOf(body.model, body.dimensions);
  const inputs = inputsOf(body.input);
  const tokens = inputs.map(tokenCount);
  const total = tokens.reduce((sum, count) => sum + count, 0);
  if (tokens.some((count) => count > INPUT_TOKENS_MAX)) {
    throw new OpenAiError(400, `Invalid 'input': maximum input length is ${INPUT_TOKENS_MAX} tokens.`);
  }
  if (total > REQUEST_TOKENS_MAX) {
    const message = `Invalid 'input': maximum request size is ${REQUEST_TOKENS_MAX} tokens per request.`;
    throw new OpenAiError(400, message, { type: 'max_tokens_per_request', code: 'max_tokens_per_request' });
  }
  const data = inputs.map((input, index) => {
    const vector = embed(typeof input === 'string' ? input : input.join(' '), dimensions);
    const embedding = body.encoding_format === 'base64' ? toBase64(vector) : Array.from(vector);
    return { object: 'embedding', index, embedding };
  });
  const usage = { prompt_tokens: total, total_tokens: total };
  const reply = jsonReply(JSON.stringify({ object: 'list', data, model: body.model, usage }));
  return { ...reply, headers: { ...reply.headers, ...RATE_LIMIT_HEADERS } };
};

/** The only recorded endpoint that sends its rate limits. */
const RATE_LIMIT_HEADERS = {
  'x-ratelimit-limit-requests': '3000',
  'x-ratelimit-remaining-requests': '2999',
  'x-ratelimit-reset-requests': '20ms',
  'x-ratelimit-limit-tokens': '1000000',
  'x-ratelimit-remaining-tokens': '999990',
  'x-ratelimit-reset-tokens': '6ms',
};

function dimensionsOf(modelName: string, asked: number | undefined): number {
  const model = findModel(modelName);
  if (model === undefined) {
    throw new OpenAiError(404, `The model \`${modelName}\` does not exist or you do not have access to it.`, {
      code: 'model_not_found',
    });
  }
  if (asked === undefined) return model.dimensions;
  if (!model.isShortenable) throw new OpenAiError(400, 'This model does not support specifying dimensions.');
  if (asked < 1) throw new OpenAiError(400, `${asked} is less than the minimum of 1 - 'dimensions'`);
  if (asked > model.dimensions) {
    throw new OpenAiError(
      400,
      `Invalid value for 'dimensions' = ${asked}. Must be less than or equal to ${model.dimensions}.`,
    );
  }
  return asked;
}

function inputsOf(input: string | readonly string[] | readonly number[] | readonly (readonly number[])[]) {
  const list: readonly (string | number | readonly number[])[] = typeof input === 'string' ? [input] : input;
  const isTokens = list.every((part) => typeof part === 'number');
  const inputs: (string | readonly number[])[] = isTokens ? [list] : list.filter((part) => typeof part !== 'number');
  if (inputs.some((part) => part.length === 0)) {
    throw new OpenAiError(400, "Invalid 'input': input cannot be an empty string.");
  }
  return inputs;
}

function tokenCount(input: string | readonly number[]): number {
  return typeof input === 'string' ? Math.ceil(input.length / CHARACTERS_PER_TOKEN) : input.length;
}

function toBase64(vector: Float32Array): string {
  const bytes = Buffer.alloc(vector.length * 4);
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, index * 4);
  return bytes.toString('base64');
}

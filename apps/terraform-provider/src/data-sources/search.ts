import {
  attribute,
  type DataSource,
  type ObjectValue,
  PluginError,
  type Schema,
  type Value,
} from '@espejo/terraform-plugin';
import type { Client } from '../client/client.ts';
import { between, oneOf, text } from '../resources/attributes.ts';
import { textMap } from './rows.ts';

const searchSchema: Schema = {
  version: 0,
  description:
    'The current results of a search in a vector store, to check that a store returns what it should. Each read is a search, which counts as a use of the store.',
  attributes: {
    vector_store_id: attribute.string({ required: true, description: 'The store.' }),
    query: attribute.string({ required: true, description: 'The query text.' }),
    max_num_results: attribute.number({ optional: true, description: '1 to 50; default 10.', check: between(1, 50) }),
    filters: attribute.string({
      optional: true,
      description:
        'OpenAI’s filter over attributes, as JSON: `jsonencode({ type = "eq", key = "lang", value = "en" })`.',
    }),
    score_threshold: attribute.number({
      optional: true,
      description: '0 to 1: results with a lower score are left out.',
    }),
    ranker: attribute.string({
      optional: true,
      description: '`none`, `auto` or `default-2024-11-15`.',
      check: oneOf('none', 'auto', 'default-2024-11-15'),
    }),
    rewrite_query: attribute.bool({ optional: true, description: 'Whether the server may rewrite the query.' }),
    results: attribute.of(
      [
        'list',
        [
          'object',
          {
            file_id: 'string',
            filename: 'string',
            score: 'number',
            text: 'string',
            attributes: ['map', 'string'],
          },
        ],
      ],
      { computed: true, description: 'The results, best first; their attributes are strings.' },
    ),
  },
};

export const searchData: DataSource<Client> = {
  schema: searchSchema,
  example: `
resource "openai_vector_store" "handbook" {
  name = "Handbook"
}

resource "openai_vector_store_file" "leave" {
  vector_store_id = openai_vector_store.handbook.id
  content         = "Everybody has thirty days of leave a year."
  filename        = "leave.md"
}

data "openai_vector_store_search" "leave" {
  vector_store_id = openai_vector_store.handbook.id
  query           = "How many days of leave?"
  depends_on      = [openai_vector_store_file.leave]

  lifecycle {
    postcondition {
      condition     = length(self.results) > 0
      error_message = "Nothing is found about leave."
    }
  }
}`,
  async read({ client }, config) {
    const ranking = {
      ...(text(config.ranker) !== null && { ranker: config.ranker }),
      ...(config.score_threshold !== null && { score_threshold: Number(config.score_threshold) }),
    };
    const answer = await (await client()).openai.search(String(config.vector_store_id), {
      query: config.query,
      ...(config.max_num_results !== null && { max_num_results: config.max_num_results }),
      ...(text(config.filters) !== null && { filters: parse(text(config.filters) ?? '') }),
      ...(config.rewrite_query !== null && { rewrite_query: config.rewrite_query }),
      ...(Object.keys(ranking).length > 0 && { ranking_options: ranking }),
    });
    return { ...config, results: (answer.data as readonly Found[]).map(resultState) };
  },
};

interface Found {
  readonly file_id: string;
  readonly filename: string;
  readonly score: number;
  readonly attributes: Readonly<Record<string, unknown>> | null;
  readonly content: readonly { readonly text?: string }[];
}

function resultState(found: Found): ObjectValue {
  return {
    file_id: found.file_id,
    filename: found.filename,
    score: found.score,
    text: found.content.map(({ text: part }) => part ?? '').join('\n'),
    attributes: textMap(found.attributes),
  } satisfies Record<string, Value>;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new PluginError('Invalid filters', 'It must be JSON: jsonencode({ … }).', { attribute: 'filters' });
  }
}

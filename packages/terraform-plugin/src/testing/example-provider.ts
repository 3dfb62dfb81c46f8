import { isUnknown, type ObjectValue, UNKNOWN, type Value } from '../cty/types.ts';
import { PluginError } from '../diagnostics.ts';
import type { Provider } from '../provider.ts';
import { attribute, fill, type Schema } from '../schema/schema.ts';

/** The example's server: notes by id. */
export interface Notes {
  readonly rows: Map<string, { text: string; size: number }>;
  /** The fault of the next call. */
  fault: 'none' | 'after_create' | 'refused' | 'bad_value' | 'hangs';
}

export const noteSchema: Schema = {
  version: 2,
  description: 'A note.',
  attributes: {
    id: attribute.string({ computed: true, description: 'The id.' }),
    text: attribute.string({
      required: true,
      description: 'The text.',
      check: (value) => (value === '' ? 'A text is needed.' : undefined),
    }),
    kind: attribute.string({ optional: true, default: 'plain', forcesReplacement: true, description: 'The kind.' }),
    hint: attribute.string({ optional: true, description: 'Kept in the state alone.' }),
    expiry: attribute.nested(
      'single',
      {
        anchor: attribute.string({ optional: true, default: 'use', description: 'From when.' }),
        days: attribute.number({ required: true, description: 'Days.' }),
      },
      { optional: true, description: 'When it ends.' },
    ),
    size: attribute.number({ computed: true, isVolatile: true, description: 'Its size.' }),
  },
};

/** A small provider for the tests of this package. */
export function createExampleProvider(notes: Notes): Provider<Notes> {
  const stateOf = (id: string, base: ObjectValue): ObjectValue =>
    fill(noteSchema, { ...base, id, size: notes.rows.get(id)?.size ?? null });
  return {
    name: 'example',
    schema: {
      version: 0,
      description: 'An example.',
      attributes: { token: attribute.string({ optional: true, sensitive: true, description: 'The token.' }) },
    },
    example: 'provider "example" {}',
    resources: {
      example_note: {
        schema: noteSchema,
        example: 'resource "example_note" "a" {\n  text = "a"\n}',
        importExample: 'terraform import example_note.a note_1',
        planDelete: async ({ prior, warn, private: kept }) => {
          if (prior.text === 'protected') throw new PluginError('Protected', 'It stays.', { attribute: 'text' });
          warn('A note goes', String(prior.text));
          return { ...kept, seen: true };
        },
        async create(context, planned) {
          if (notes.fault === 'refused') throw new PluginError('Refused', 'The token tok-secret-1 is wrong.');
          const id = `note_${notes.rows.size + 1}`;
          const text = String(planned.text);
          notes.rows.set(id, { text, size: text.length });
          context.save(stateOf(id, planned));
          if (notes.fault === 'after_create') throw new PluginError('Half made', 'It is there, but not whole.');
          if (notes.fault === 'hangs') {
            await new Promise<never>((_resolve, reject) => {
              context.signal.addEventListener('abort', () => reject(context.signal.reason));
            });
          }
          if (notes.fault === 'bad_value') return { ...stateOf(id, planned), size: true };
          return stateOf(id, planned);
        },
        async read(_context, state) {
          const row = notes.rows.get(String(state.id));
          return row === undefined ? null : stateOf(String(state.id), { ...state, text: row.text });
        },
        async update(_context, planned, prior) {
          if (notes.fault === 'refused') throw new PluginError('Refused', 'Not now.');
          const text = String(planned.text);
          notes.rows.set(String(prior.id), { text, size: text.length });
          return stateOf(String(prior.id), planned);
        },
        async delete({ private: kept }, prior) {
          if (notes.fault === 'refused') throw new PluginError('Refused', 'Not now.');
          if (kept.seen !== true) throw new PluginError('Not planned', 'The data of the plan did not arrive.');
          notes.rows.delete(String(prior.id));
        },
        importState: (id) => ({ id }),
        upgrade: (raw) => ({ ...raw, text: (raw.body as Value) ?? raw.text }),
      },
    },
    dataSources: {},
    functions: {
      twice: {
        summary: 'Twice',
        description: 'A text, twice.',
        example: 'provider::example::twice("a")',
        parameters: [{ name: 'text', type: 'string', description: 'The text.' }],
        returns: 'string',
        call: ([text]) => {
          if (isUnknown(text)) return UNKNOWN;
          if (text === '') throw new PluginError('Empty', 'There is nothing to repeat.');
          return `${String(text)}${String(text)}`;
        },
      },
    },
    connect: async () => notes,
  };
}

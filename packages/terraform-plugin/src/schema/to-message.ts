import type { Attribute, Attributes, Nesting, Schema } from './schema.ts';
import { isComputed } from './schema.ts';

const MARKDOWN = 1;
const NESTINGS: Record<Nesting, number> = { single: 1, list: 2, set: 3, map: 4 };

/** A schema in the form of the protocol. */
export function schemaToMessage(schema: Schema) {
  return {
    version: schema.version,
    block: {
      version: schema.version,
      attributes: attributesToMessages(schema.attributes),
      description: schema.description,
      descriptionKind: MARKDOWN,
    },
  };
}

function attributesToMessages(attributes: Attributes): object[] {
  return Object.entries(attributes).map(([name, attribute]) => attributeToMessage(name, attribute));
}

function attributeToMessage(name: string, attribute: Attribute): object {
  const { nested } = attribute;
  return {
    name,
    ...(nested === undefined
      ? { type: Buffer.from(JSON.stringify(attribute.type)) }
      : { nestedType: { attributes: attributesToMessages(nested.attributes), nesting: NESTINGS[nested.nesting] } }),
    description: attribute.description,
    descriptionKind: MARKDOWN,
    required: attribute.required === true,
    optional: attribute.optional === true,
    computed: isComputed(attribute),
    sensitive: attribute.sensitive === true,
  };
}

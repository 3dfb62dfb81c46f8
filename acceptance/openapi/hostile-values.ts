import fc from 'fast-check';

/** Texts with a special meaning for a shell, a database, a template, a path, a terminal or a parser. */
export const UNUSUAL_TEXT: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom(
    ...['', ' ', '\u0000', 'a\u0000b', '../..', '/etc/passwd', '%', '%00', '%c0%af', '"', "'; drop table file; --"],
    ...['true', 'null', '[]', '{}', '0', '-1', '1e309', 'NaN', '99999999999999999999', '0x10', '1,000', '𝕏'],
    ...[
      '\u202e',
      '\ufeff',
      '\ufffe',
      '\ud800',
      '\udfff\ud800',
      '__proto__',
      'constructor',
      'toString',
      'hasOwnProperty',
    ],
    ...['{{7*7}}', '<script>alert(1)</script>', '\r\nset-cookie: a=b', 'file:///etc/passwd', '*', '?', '#'],
  ),
  fc.string({ minLength: 250, maxLength: 3000 }),
);

/** Literals in place of a JSON value, some of which no serialiser would write. */
export const UNUSUAL_LITERAL: fc.Arbitrary<string> = fc.oneof(
  UNUSUAL_TEXT.map((text) => JSON.stringify(text)),
  fc.json({ maxDepth: 3 }),
  fc.constantFrom(
    ...['null', 'true', '[]', '{}', '""', '-1', '-0', '0.5', '1e999', '-1e999', '1e-400', '9007199254740993'],
    ...['NaN', 'Infinity', 'undefined', '0x10', '01', '.5', "'a'", '1'.repeat(400), '"\\ud800"', '"\\udfff\\ud800"'],
    ...['"\\u0000"', '"\\x"', '[null]', '[[]]', '{"$ref":"#"}', '{"__proto__":{"role":"owner"}}'],
    ...['{"constructor":{"prototype":{"role":"owner"}}}', '{"toString":1,"valueOf":1,"length":-1}'],
    ...[`${'['.repeat(5000)}${']'.repeat(5000)}`, `${'{"a":'.repeat(3000)}1${'}'.repeat(3000)}`, '['.repeat(20_000)],
    `${'['.repeat(150_000)}${']'.repeat(150_000)}`,
    `${'{"filters":['.repeat(20_000)}${']}'.repeat(20_000)}`,
    `"${'a'.repeat(100_000)}"`,
    `[${'0,'.repeat(50_000)}0]`,
  ),
);

/** Object keys with a special meaning in JavaScript. */
export const UNUSUAL_KEY: fc.Arbitrary<string> = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'toJSON', 'then', '', '$ref'),
);

import { describe, expect, it } from 'vitest';
import { decodeValue, encodeValue } from './cty/codec.ts';
import { type ObjectValue, UNKNOWN } from './cty/types.ts';
import { planFaults, resultFaults } from './plan/core-rules.ts';
import { attribute, fill, schemaFaults, typeOfAttributes } from './schema/schema.ts';
import { startCore } from './testing/core.ts';
import { createExampleProvider, type Notes, noteSchema } from './testing/example-provider.ts';

const TYPE = 'example_note';

async function setUp() {
  const notes: Notes = { rows: new Map(), fault: 'none' };
  return { notes, core: await startCore(createExampleProvider(notes), { token: 'tok-secret-1' }) };
}
const config = (values: Record<string, unknown>) => fill(noteSchema, values as never);

describe('the lifecycle of a resource', () => {
  it('is planned with defaults, created, and then has an empty plan', async () => {
    const { core } = await setUp();
    const wanted = { text: 'a', expiry: { days: 7 } };
    const planned = await core.plan(TYPE, wanted, null);
    expect(planned.state).toEqual(
      config({ id: UNKNOWN, text: 'a', kind: 'plain', expiry: { anchor: 'use', days: 7 }, size: UNKNOWN }),
    );
    const kept = await core.converge(TYPE, wanted, null);
    expect(kept?.state).toMatchObject({ id: 'note_1', size: 1, kind: 'plain' });
    if (kept === null) throw new Error('not made');
    expect(await core.plan(TYPE, wanted, kept)).toMatchObject({ isChange: false, replacedBy: [] });
  });
  it('plans computed attributes that may change as unknown, and keeps the rest', async () => {
    const { core } = await setUp();
    const kept = await core.converge(TYPE, { text: 'a' }, null);
    const { state } = await core.plan(TYPE, { text: 'abc' }, kept);
    expect(state).toMatchObject({ id: 'note_1', text: 'abc', size: UNKNOWN });
    const changed = await core.converge(TYPE, { text: 'abc' }, kept);
    expect(changed?.state).toMatchObject({ id: 'note_1', size: 3 });
  });
  it('is replaced for an attribute that forces it, only when its value changes', async () => {
    const { core } = await setUp();
    const kept = await core.converge(TYPE, { text: 'a' }, null);
    expect((await core.plan(TYPE, { text: 'b', kind: 'plain' }, kept)).replacedBy).toEqual([]);
    expect((await core.plan(TYPE, { text: 'a', kind: 'other' }, kept)).replacedBy).toEqual(['kind']);
    expect((await core.plan(TYPE, { text: 'a', kind: UNKNOWN }, kept)).replacedBy).toEqual(['kind']);
  });
  it('clears an optional attribute that was removed from the configuration', async () => {
    const { core } = await setUp();
    const kept = await core.converge(TYPE, { text: 'a', hint: 'x', expiry: { days: 7 } }, null);
    const { state } = await core.plan(TYPE, { text: 'a' }, kept);
    expect(state).toMatchObject({ hint: null, expiry: null });
  });
  it('is removed from the state when the server no longer has it, and shows changes made there', async () => {
    const { core, notes } = await setUp();
    const kept = await core.converge(TYPE, { text: 'a' }, null);
    if (kept === null) throw new Error('not made');
    notes.rows.set('note_1', { text: 'changed', size: 7 });
    expect((await core.refresh(TYPE, kept))?.state).toMatchObject({ text: 'changed', size: 7 });
    notes.rows.clear();
    expect(await core.refresh(TYPE, kept)).toBeNull();
  });
  it('is deleted with the warnings and the private data of its plan', async () => {
    const { core, notes } = await setUp();
    const kept = await core.converge(TYPE, { text: 'a' }, null);
    const planned = await core.plan(TYPE, null, kept);
    expect(planned.diagnostics).toMatchObject([{ severity: 'warning', summary: 'A note goes' }]);
    expect(await core.apply(TYPE, null, kept, planned)).toMatchObject({ state: null, diagnostics: [] });
    expect(notes.rows.size).toBe(0);
  });
  it('can reject its deletion at plan', async () => {
    const { core } = await setUp();
    const kept = await core.converge(TYPE, { text: 'protected' }, null);
    expect((await core.plan(TYPE, null, kept)).diagnostics).toEqual([
      { severity: 'error', summary: 'Protected', detail: 'It stays.', attribute: 'text' },
    ]);
  });
  it('is imported by its id, with the defaults of the schema', async () => {
    const { core, notes } = await setUp();
    notes.rows.set('note_9', { text: 'there', size: 5 });
    const kept = await core.import(TYPE, 'note_9');
    expect(kept?.state).toMatchObject({ id: 'note_9', text: 'there', kind: 'plain' });
    expect((await core.plan(TYPE, { text: 'there' }, kept)).isChange).toBe(false);
  });
  it('upgrades state of another schema version', async () => {
    const { core } = await setUp();
    const old = { id: 'note_1', body: 'a', color: 'red' };
    expect(await core.upgrade(TYPE, old, 0)).toEqual(config({ id: 'note_1', text: 'a', kind: 'plain' }));
    expect(await core.upgrade(TYPE, { id: 'note_1', text: 'a' }, 2)).toEqual(config({ id: 'note_1', text: 'a' }));
  });
  it('moves state of the same type from another provider, and of no other type', async () => {
    const { core } = await setUp();
    const move = (sourceTypeName: string) =>
      core.call('MoveResourceState', {
        sourceProviderAddress: 'registry.terraform.io/other/example',
        sourceTypeName,
        sourceSchemaVersion: 7,
        sourceState: { json: Buffer.from(JSON.stringify({ id: 'note_1', body: 'a' })) },
        targetTypeName: TYPE,
      });
    const { targetState, diagnostics } = await move(TYPE);
    expect(diagnostics).toEqual([]);
    expect(decodeValue(typeOfAttributes(noteSchema.attributes), targetState.msgpack)).toMatchObject({ text: 'a' });
    expect((await move('other_note')).diagnostics).toMatchObject([
      { severity: 1, summary: 'This move is not supported' },
    ]);
  });
});

describe('a failing apply', () => {
  const failing = async (fault: Notes['fault']) => {
    const { core, notes } = await setUp();
    const planned = await core.plan(TYPE, { text: 'a' }, null);
    notes.fault = fault;
    return { core, notes, applied: await core.apply(TYPE, { text: 'a' }, null, planned) };
  };

  it('keeps what was created, with the error', async () => {
    const { applied } = await failing('after_create');
    expect(applied.state).toMatchObject({ id: 'note_1', text: 'a' });
    expect(applied.diagnostics).toMatchObject([{ severity: 'error', summary: 'Half made' }]);
  });
  it('keeps no state of what was not created and shows no secret', async () => {
    const { applied } = await failing('refused');
    expect(applied.state).toBeNull();
    expect(applied.diagnostics).toMatchObject([{ summary: 'Refused', detail: 'The token (sensitive) is wrong.' }]);
  });
  it('keeps the id even of a state that cannot be encoded', async () => {
    const { applied } = await failing('bad_value');
    expect(applied.state).toMatchObject({ id: 'note_1', text: 'a', size: null });
    expect(applied.diagnostics).toMatchObject([{ severity: 'error' }]);
  });
  it('leaves the state unchanged when an update or a deletion failed', async () => {
    const { core, notes } = await setUp();
    const kept = await core.converge(TYPE, { text: 'a' }, null);
    notes.fault = 'refused';
    const change = await core.apply(TYPE, { text: 'b' }, kept, await core.plan(TYPE, { text: 'b' }, kept));
    expect(change.state).toEqual(kept?.state);
    const end = await core.apply(TYPE, null, kept, await core.plan(TYPE, null, kept));
    expect(end.state).toEqual(kept?.state);
  });
  it('ends waiting calls at a stop and keeps what was created', async () => {
    const { core, notes } = await setUp();
    const planned = await core.plan(TYPE, { text: 'a' }, null);
    notes.fault = 'hangs';
    const applying = core.apply(TYPE, { text: 'a' }, null, planned);
    await core.stop();
    const applied = await applying;
    expect(applied.state).toMatchObject({ id: 'note_1' });
    expect(applied.diagnostics).toMatchObject([{ severity: 'error', summary: 'Stopped' }]);
  });
});

describe('diagnostics and function results', () => {
  it('name the root attribute of a value that is not allowed', async () => {
    const { core } = await setUp();
    expect(await core.validate(TYPE, { text: '' })).toEqual([
      { severity: 'error', summary: 'Invalid text', detail: 'A text is needed.', attribute: 'text' },
    ]);
    expect(await core.validate(TYPE, { text: UNKNOWN })).toEqual([]);
  });
  it('contain the result of a function or its error', async () => {
    const { core } = await setUp();
    const call = (text: string) =>
      core.call('CallFunction', { name: 'twice', arguments: [{ msgpack: encodeValue('string', text) }] });
    expect((await call('ab')).result.msgpack).toEqual(Buffer.from(encodeValue('string', 'abab')));
    expect((await call('')).error).toMatchObject({ text: 'There is nothing to repeat.' });
  });
});

describe('the checker of Terraform core rules', () => {
  const wanted = config({ text: 'a', expiry: { anchor: null, days: 7 } });
  const plan = config({ id: UNKNOWN, text: 'a', kind: 'plain', expiry: { anchor: 'use', days: 7 }, size: UNKNOWN });

  it('accepts what core accepts', () => {
    expect(planFaults(noteSchema, null, wanted, plan)).toEqual([]);
    expect(resultFaults(noteSchema, plan, { ...plan, id: 'note_1', size: null })).toEqual([]);
  });
  it.each([
    ['another value than configured', { ...plan, text: 'b' }, 'text: planned value does not match'],
    ['a value for what is not computed', { ...plan, hint: 'x' }, 'hint: planned value for a non-computed'],
    ['unknown for a configured object', { ...plan, expiry: UNKNOWN }, 'expiry: planned unknown'],
    ['another value in an object', { ...plan, expiry: { anchor: 'use', days: 8 } }, 'expiry.days: planned value'],
    ['an attribute more', { ...plan, extra: 1 }, 'extra: not in the schema'],
  ])('rejects a plan with: %s', (_name, bad, fault) => {
    expect(planFaults(noteSchema, null, wanted, bad as ObjectValue)).toEqual([expect.stringContaining(fault)]);
  });
  it('rejects a result that differs from its plan or still has unknown values', () => {
    expect(resultFaults(noteSchema, plan, { ...plan, id: 'x', size: 1, text: 'b' })).toEqual([
      'text: was planned otherwise.',
    ]);
    expect(resultFaults(noteSchema, plan, { ...plan, id: 'x' })).toEqual(['size: unknown after apply.']);
  });
  it('rejects schemas that core rejects', () => {
    const schema = {
      version: 0,
      description: 'x',
      attributes: {
        Bad: attribute.string({ required: true, optional: true, description: 'x' }),
        none: attribute.of(['list', 'text'] as never, { description: ' ' }),
      },
    };
    expect(schemaFaults(schema)).toEqual([
      'Bad: the name has other characters than a-z, 0-9 and _.',
      'Bad: both required and optional.',
      'none: neither required nor optional nor computed.',
      'none: no description.',
      "none: no type 'text'.",
    ]);
    expect(schemaFaults(noteSchema)).toEqual([]);
  });
});

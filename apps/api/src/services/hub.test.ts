import { expect, it } from 'vitest';
import { createHub } from './hub.ts';

it('the hub delivers events only to watchers of the same id in the same tenant', () => {
  const hub = createHub<string>();
  const heard: string[] = [];
  const stop = hub.subscribe('first', 'vs_1', (event) => heard.push(`first ${event}`));
  hub.subscribe('second', 'vs_1', (event) => heard.push(`second ${event}`));
  hub.publish('first', 'vs_1', 'a');
  hub.publish('second', 'vs_2', 'b');
  expect(heard).toEqual(['first a']);
  expect([hub.isWatched('first', 'vs_1'), hub.isWatched('third', 'vs_1')]).toEqual([true, false]);
  stop();
  hub.publish('first', 'vs_1', 'c');
  expect(heard).toEqual(['first a']);
  expect(hub.isWatched('first', 'vs_1')).toBe(false);
});

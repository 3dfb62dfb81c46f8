import { expect, it } from 'vitest';
import { createLogger, requestLogger } from './create-logger.ts';

function logged(write: (logger: ReturnType<typeof createLogger>) => void): string {
  const lines: string[] = [];
  write(createLogger('info', { write: (line: string) => void lines.push(line) }));
  return lines.join('');
}

it.each([
  ['apiKey'],
  ['authorization'],
  ['cookie'],
  ['set-cookie'],
  ['x-api-key'],
  ['password'],
  ['secret'],
  ['token'],
])('%s is redacted wherever it occurs: in the line, in a part of it, in headers, in an error', (name) => {
  const failure = Object.assign(new Error('no'), { [name]: 'hidden-1', headers: { [name]: 'hidden-2' } });
  const text = logged((logger) => {
    logger.info({ [name]: 'hidden-3', seen: 1 }, 'line');
    logger.info({ settings: { [name]: 'hidden-4' }, request: { headers: { [name]: 'hidden-5' } } }, 'line');
    logger.error({ err: failure }, 'line');
    logger.info({ parts: [{ [name]: 'hidden-7' }, 'kept'] }, 'line');
    logger.child({ [name]: 'hidden-6' }).info('line');
  });
  expect(text).not.toContain('hidden');
  expect(text.match(/\[redacted\]/g)).toHaveLength(7);
  expect(text).toContain('"seen":1');
  expect(text).toContain('"kept"]');
});

it('a request’s own logger names its request once', () => {
  const text = logged((logger) => requestLogger(logger, { reqId: 'req_1' }, undefined).info('line'));
  expect(JSON.parse(text)).toMatchObject({ reqId: 'req_1', msg: 'line' });
});

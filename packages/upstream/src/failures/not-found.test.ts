import { describe, expect, it } from 'vitest';
import { provesAbsence } from './not-found.ts';

const envelope = (error: object) => ({ error: { type: 'invalid_request_error', param: null, code: null, ...error } });

describe('provesAbsence', () => {
  it.each([
    ["OpenAI's store", envelope({ message: "No vector store found with id 'vs_1'." })],
    ["OpenAI's attachment", envelope({ message: "No file found with id 'file-1' in vector store 'vs_1'." })],
    ["OpenAI's file", { ...envelope({ message: 'No such File object: file-1', param: 'id' }), detail: {} }],
    ['plain words', envelope({ message: 'Vector store vs_1 not found' })],
    ['a numeric code', envelope({ message: "Vector store 'vs_1' was not found.", type: 'NotFoundError', code: 404 })],
    ['other words', envelope({ message: "Vector_store `vs_1` doesn't exist." })],
    ['a message at the end of a sentence', envelope({ message: 'We could not find vs_1.' })],
    ["the object's own code", envelope({ message: 'Nothing here', code: 'vector_store_not_found' })],
    ["a parameter's name", envelope({ message: 'Not found', param: 'vector_store_id' })],
    ['nothing but a message', { error: { message: 'file-1 does not exist' } }],
  ])('accepts %s as proof', (_, body) => {
    expect(provesAbsence(body, ['file-1', 'vs_1'])).toBe(true);
  });

  it.each([
    ['an unknown URL', envelope({ message: 'Invalid URL (GET /v1/vector_stores/vs_1)', code: 'unknown_url' })],
    ['an unknown URL without a code', envelope({ message: 'Invalid URL (GET /vector_stores/vs_1)' })],
    ['a bare not found', envelope({ message: 'Not found' })],
    ['a generic code', envelope({ message: 'Resource not found', code: 'not_found' })],
    ['a generic numeric code', envelope({ message: 'Not Found', type: 'Not Found', code: 404 })],
    ['a route that quotes the path', envelope({ message: 'Cannot GET /v1/vector_stores/vs_1' })],
    ['a path without a verb', envelope({ message: '/v1/vector_stores/vs_1 not found' })],
    ['a path with a query', envelope({ message: 'not found: v1/vector_stores/vs_1?limit=100' })],
    ['a router', envelope({ message: 'Route GET:/v1/files/file-1 not found', code: 'route_not_found' })],
    ['a code for the URL', envelope({ message: "'vs_1' was not found", code: 'unknown_url' })],
    ['a code for the route', envelope({ message: "'vs_1' was not found", code: 'route_not_found' })],
    ['a proxy', envelope({ message: 'The requested URL was not found: vs_1' })],
    ['another object', envelope({ message: "No vector store found with id 'vs_2'." })],
    ['a longer id', envelope({ message: "No vector store found with id 'vs_12'." })],
    ['an id inside another', envelope({ message: "No vector store found with id 'my-vs_1'." })],
    ['a missing permission', envelope({ message: "'vs_1' does not exist or you do not have access to it." })],
    ['a project without access', envelope({ message: 'Cannot find file-1, or project p does not have access to it.' })],
    ['an expired store', envelope({ message: "Vector store 'vs_1' has expired and was not found" })],
    ['no statement of absence', envelope({ message: 'vs_1 is being restored' })],
    ['an empty message', envelope({ message: '' })],
    ['no message', envelope({ code: 'vector_store_not_found' })],
    ['another envelope', { detail: "No vector store found with id 'vs_1'." }],
    ['a bare error', { message: "No vector store found with id 'vs_1'.", type: 'invalid_request_error' }],
    ['an error that is text', { error: "No vector store found with id 'vs_1'." }],
    ['a web page', '<html>404 vs_1 not found</html>'],
    ['nothing', undefined],
    ['null', null],
    ['a list', [envelope({ message: "No vector store found with id 'vs_1'." })]],
  ])('does not accept %s as proof', (_, body) => {
    expect(provesAbsence(body, ['file-1', 'vs_1'])).toBe(false);
  });
});

import { describe, expect, it } from 'vitest';
import { unsupportedEndpoint } from './unsupported-endpoints.js';

describe('an endpoint that this gateway does not have', () => {
  it.each([
    ['/v1/batches', 'one by one'],
    ['/v1/batches/batch_1/cancel', 'one by one'],
    ['/v1/files?purpose=batch', 'data URLs'],
    ['/v1/uploads/upload_1/parts', 'data URLs'],
    ['/v1/messages/batches/msgbatch_1', 'one by one'],
    ['/v1/responses/resp_1', 'POST /v1/responses'],
    ['/v1/chat/completions/chatcmpl-1', '/v1/chat/completions'],
    ['/v1/threads/thread_1/runs', '/v1/chat/completions'],
    ['/v1/vector_stores', '/v1/embeddings'],
    ['/v1/images/edits', '/v1/images/generations'],
    ['/v1/organization/costs', '/v1/charges'],
  ])('%s is told with what to use instead', (url, instead) => {
    const { status, options } = unsupportedEndpoint(url) ?? {};
    expect(status).toBe(501);
    expect(options).toMatchObject({ type: 'invalid_request_error', code: 'unsupported_endpoint' });
    expect(options?.message).toContain(url.split('?')[0]);
    expect(options?.message).toContain(instead);
    expect(options?.headers).toEqual({ 'x-should-retry': 'false' });
  });

  it.each(['/v1/batch', '/v1/filesystem', '/v1/chat/completions', '/v1/responses', '/batches', '/v1', '/'])(
    '%s is none',
    (url) => expect(unsupportedEndpoint(url)).toBeUndefined(),
  );
});

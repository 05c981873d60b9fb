import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../kernel/index.js';
import { parseBody } from './request-body.js';

const read = (body: JsonObject) => parseBody(Buffer.from(JSON.stringify(body)), '"model"');

describe('extra_body', () => {
  it('has fields that take the place of those beside it', () =>
    expect(read({ model: 'a', n: 1, extra_body: { model: 'b', enable_thinking: false } })).toEqual({
      model: 'b',
      n: 1,
      enable_thinking: false,
    }));
  it('may stand within another one', () =>
    expect(read({ model: 'a', extra_body: { extra_body: { model: 'b' } } })).toEqual({ model: 'b' }));

  const google = { thinking_config: { thinking_budget: 512 } };
  it.each<[JsonObject]>([[{ google }], [{ extra_body: { google } }]])('keeps what is Google’s own: %j', (extra) =>
    expect(read({ model: 'a', extra_body: { ...extra, top_k: 5 } })).toEqual({
      model: 'a',
      top_k: 5,
      extra_body: { google },
    }),
  );
  it.each([null, 'x', [1]])('stays as it is where it is no object: %j', (extra) =>
    expect(read({ model: 'a', extra_body: extra })).toEqual({ model: 'a', extra_body: extra }),
  );
});

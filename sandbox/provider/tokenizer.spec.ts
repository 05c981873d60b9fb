import { array, assert, lorem, nat, object, oneof, property, string, stringMatching, webUrl } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseChatRequest } from './openai/chat-request.js';
import { countTokens, pieces, promptTokens } from './tokenizer.js';

const text = oneof(string(), string({ unit: 'binary' }), lorem(), stringMatching(/^[\s\d\p{L}]{0,40}$/u));

describe('the sandbox tokenizer', () => {
  it.each([
    ['', 0],
    ['me', 1],
    ['octopuses', 3],
    ['Octopuses have three hearts, and one of them stops beating while they swim.', 22],
    ['12345', 2],
    ['a\n\n\nb', 3],
    ['你好', 2],
    ['🐙', 1],
  ])('counts %j as %i tokens', (sample, tokens) => expect(countTokens(sample)).toBe(tokens));

  it('never counts more tokens than UTF-8 bytes', () =>
    assert(
      property(text, (sample) => {
        expect(countTokens(sample)).toBeLessThanOrEqual(Buffer.byteLength(sample));
      }),
    ));

  it('loses nothing: the tokens joined are the text', () =>
    assert(
      property(text, (sample) => {
        expect(pieces(sample).join('')).toBe(sample);
      }),
    ));

  it('counts the first tokens of a text, joined, as that many', () =>
    assert(
      property(text, nat(20), (sample, kept) => {
        const first = pieces(sample).slice(0, kept);
        expect(countTokens(first.join(''))).toBe(first.length);
      }),
    ));

  it('never counts a prompt higher than its messages’ bytes and 4 a message', () =>
    assert(
      property(array(text, { minLength: 1 }), (contents) => {
        const messages = contents.map((content) => ({ role: 'user', content }));
        const bytes = contents.reduce((sum, content) => sum + Buffer.byteLength(content), 0);
        expect(promptTokens(parseChatRequest({ model: 'm', messages }))).toBeLessThanOrEqual(
          bytes + 4 * contents.length,
        );
      }),
    ));

  it('never counts a prompt with tools, images and a schema higher than the bytes of its body', () =>
    assert(
      property(text, object(), webUrl(), (content, schema, url) => {
        const body = JSON.stringify({
          model: 'm',
          messages: [
            {
              role: 'user',
              content: [
                { type: 'text', text: content },
                { type: 'image_url', image_url: { url } },
              ],
            },
          ],
          tools: [{ type: 'function', function: { name: 'f', parameters: { type: 'object', properties: schema } } }],
          response_format: { type: 'json_schema', json_schema: { name: 's', schema } },
        });
        expect(promptTokens(parseChatRequest(JSON.parse(body)))).toBeLessThanOrEqual(Buffer.byteLength(body));
      }),
    ));
});

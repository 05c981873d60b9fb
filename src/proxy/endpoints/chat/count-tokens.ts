import type { JsonObject } from '../../../kernel/index.js';
import { notFound } from '../../../platform/http/index.js';
import type { Endpoint, FreeCall, FreeExchange } from '../../call/endpoint.js';
import { jsonRequest } from '../../providers/upstream.js';
import { readJsonAnswer } from '../../relay/answer.js';
import { isTokenCount, noTokenCount, readCountRequest, Untranslatable } from '../../wire/index.js';
import { parseBody } from '../body/request-body.js';
import { betasOf } from './messages.js';

/**
 * `POST /v1/messages/count_tokens`, Anthropic's own: the prompt tokens of a request, as counted by a channel that speaks Anthropic's format.
 */
export const COUNT_TOKENS: Endpoint<FreeCall> = {
  read: (raw, headers) => {
    const { body, model: name } = readCountRequest(parseBody(raw, '"model" and "messages"'));
    const betas = betasOf(headers['anthropic-beta']);
    return {
      model: name,
      kind: 'chat',
      exchange: ({ id }, { channel, upstreamModel }) => {
        if (channel.format !== 'anthropic') throw new Untranslatable(noTokenCount(id), 'model');
        return countExchange({ ...body, model: upstreamModel }, betas);
      },
      notOffered: ({ id }) => notFound('no_token_count', noTokenCount(id), 'model'),
    };
  },
};

const countExchange = (body: JsonObject, headers: Readonly<Record<string, string>>): FreeExchange => ({
  send: () => ({ ...jsonRequest('/messages/count_tokens', false, body), headers }),
  read: (bytes) =>
    readJsonAnswer(bytes, (answer) => {
      if (!isTokenCount(answer)) throw new Untranslatable('the answer has no count of tokens');
      return { usage: undefined };
    }),
});

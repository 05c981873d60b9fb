// OpenAI's API: https://platform.openai.com/docs/api-reference
import { type Api, jsonOf } from '../api.js';
import { chat } from '../chat.js';
import { WireError } from '../errors.js';
import type { ChatFormat } from '../format.js';
import { parseChatRequest } from './chat-request.js';
import { completionBody, completionFrames } from './completion.js';
import { MODELS } from './models.js';

const BEARER = /^Bearer\s+\S/i;

export const OPENAI_CHAT: ChatFormat = {
  idPrefix: 'chatcmpl-',
  whole: completionBody,
  frames: completionFrames,
  body: bodyOf,
  failed: (failure) => `data: ${JSON.stringify(bodyOf(failure))}\n\n`,
};

export const OPENAI: Api = {
  prefix: '/v1',
  body: bodyOf,
  authorise: ({ authorization = '' }) => {
    if (BEARER.test(authorization)) return;
    throw new WireError(401, "You didn't provide an API key.", { code: 'invalid_api_key' });
  },
  read: (call) => {
    if (call.method === 'POST' && call.path === '/chat/completions')
      return chat(OPENAI_CHAT, parseChatRequest(jsonOf(call)), call);
    if (call.method === 'GET' && call.path === '/models') return { told: { object: 'list', data: MODELS } };
    return undefined;
  },
};

function bodyOf({ message, type, param, code }: WireError): object {
  return { error: { message, type, param, code } };
}

// OpenAI's API: https://platform.openai.com/docs/api-reference
import { type Api, BEARER, type Call, jsonOf } from '../api.js';
import { chat } from '../chat.js';
import { WireError } from '../errors.js';
import type { ChatFormat } from '../format.js';
import { plain } from '../plain.js';
import { parseChatRequest } from './chat-request.js';
import { completionBody, completionFrames } from './completion.js';
import { framesAs, wholeAs } from './dialects.js';
import { embeddings } from './embeddings.js';
import { images } from './images.js';
import { MODELS } from './models.js';
import { moderations } from './moderations.js';
import { objectIn } from './fields.js';
import { rerank } from './rerank.js';
import { RESPONSES } from './responses.js';
import { parseResponsesRequest } from './responses-request.js';
import { speech } from './speech.js';
import { transcriptions } from './transcriptions.js';

const OPENAI_CHAT: ChatFormat = {
  idPrefix: 'chatcmpl-',
  whole: (answer) => wholeAs(answer.knobs.as, completionBody(answer)),
  frames: (answer) => framesAs(answer.knobs.as, completionFrames(answer)),
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
    if (call.method === 'POST') return posted(call);
    if (call.method === 'GET' && call.path === '/models') return { json: { object: 'list', data: MODELS } };
    return undefined;
  },
};

function posted(call: Call): ReturnType<Api['read']> {
  switch (call.path) {
    case '/chat/completions':
      return chat(OPENAI_CHAT, parseChatRequest(jsonOf(call)), call);
    case '/responses':
      return chat(RESPONSES, parseResponsesRequest(jsonOf(call)), call);
    case '/embeddings':
      return plain(embeddings(objectIn(call)), call);
    case '/images/generations':
      return plain(images(objectIn(call)), call);
    case '/audio/speech':
      return plain(speech(objectIn(call)), call);
    case '/audio/transcriptions':
      return transcriptions('transcribe', call).then((read) => plain(read, call));
    case '/audio/translations':
      return transcriptions('translate', call).then((read) => plain(read, call));
    case '/moderations':
      return plain(moderations(objectIn(call)), call);
    case '/rerank':
      return plain(rerank(objectIn(call)), call);
    default:
      return undefined;
  }
}

function bodyOf({ message, type, param, code }: WireError): object {
  return { error: { message, type, param, code } };
}

import { isJsonObject } from '../../../kernel/index.js';
import { invalidRequest } from '../../../platform/http/index.js';
import { UsageFault, usageOf } from '../../../pricing/index.js';
import type { Endpoint } from '../../call/endpoint.js';
import { readJsonAnswer } from '../../relay/answer.js';
import { modelOf, parseBody } from '../body/request-body.js';
import { jsonBody, PlainCall } from './plain-call.js';

const DEFAULT_MODEL = 'omni-moderation-latest';

/** `POST /v1/moderations`. Providers report no usage for it; it is billed per request, at whatever the price list says. */
export const MODERATIONS: Endpoint = {
  read: (raw) => {
    const body = parseBody(raw, '"input"');
    if (body['input'] === undefined || body['input'] === null)
      throw invalidRequest('"input" must be a text, or a list of texts or parts.', 'input');
    const named = { ...body, model: body['model'] ?? DEFAULT_MODEL };
    return new PlainCall({
      kind: 'moderation',
      path: '/moderations',
      model: modelOf(named, DEFAULT_MODEL),
      body: jsonBody(named),
      demand: () => ({ input: { promptTokens: 0 }, maxTokens: 0, choices: 1 }),
      read: (bytes) =>
        readJsonAnswer(bytes, ({ results }) => ({
          usage: Array.isArray(results) ? { results: results.length } : undefined,
        })),
      readUsage: (usage) =>
        isJsonObject(usage)
          ? usageOf({ promptTokens: 0, completionTokens: 0 })
          : new UsageFault('The answer has no results.'),
    });
  },
};

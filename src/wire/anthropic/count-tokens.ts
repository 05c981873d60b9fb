// `POST /v1/messages/count_tokens` for models that Anthropic does not serve. Nothing here can count another model's tokens, and a count
// made up would be taken for one. The endpoint is optional: clients that find none estimate for themselves.
// https://code.claude.com/docs/en/llm-gateway-protocol
import type { JsonObject } from '../../kernel/index.js';

/** The body of a 404. */
export const noTokenCount = (model: string): JsonObject => ({
  type: 'error',
  error: {
    type: 'not_found_error',
    message: `Tokens of "${model}" can’t be counted here: its provider has no way to. The usage of an answer tells them exactly.`,
  },
});

// What a provider's rate limit covers. At most makers it is one model, of an organization, project or account:
// - OpenAI: by organization and project, "vary by the model being used", some models share one (https://developers.openai.com/api/docs/guides/rate-limits)
// - Anthropic: "Rate limits are applied separately for each model", some classes share one (https://platform.claude.com/docs/en/api/rate-limits)
// - Google: by project, "vary depending on the specific model being used" (https://ai.google.dev/gemini-api/docs/rate-limits)
// - DeepSeek: calls at the same time, of an account, for each model (https://api-docs.deepseek.com/quick_start/rate_limit)
// - Alibaba: "calculated independently for each model at the root account level" (https://www.alibabacloud.com/help/en/model-studio/rate-limiting-best-practices)
// - Z.ai: calls at the same time, for each model (https://z.ai/manage-apikey/rate-limits)
// Models that share a limit are found out one by one: each gets a 429 of its own.
import type { Channel } from './channels.js';
import type { Scope } from './circuits.js';
import { isAt } from './disconnects.js';

/** Moonshot: "Currently, we share rate limits across all models" (https://platform.moonshot.ai/docs/introduction). */
const ACROSS_MODELS = ['moonshot.ai', 'moonshot.cn', 'kimi.ai', 'kimi.com'];

export const rateLimitScope = ({ baseUrl }: Pick<Channel, 'baseUrl'>): Scope =>
  isAt(baseUrl, ACROSS_MODELS) ? 'channel' : 'model';

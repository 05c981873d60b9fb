// Fields that are the same in a chat and in a response.
import type { JsonObject } from '../../../kernel/index.js';

const SAME = [
  'model',
  'temperature',
  'top_p',
  'user',
  'safety_identifier',
  'service_tier',
  'prompt_cache_key',
  'prompt_cache_retention',
] as const;

export const sameFields = (body: JsonObject): JsonObject =>
  Object.fromEntries(SAME.map((field) => [field, body[field] ?? undefined]));

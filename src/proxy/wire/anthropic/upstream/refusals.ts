// Fields of a chat completion that Anthropic lacks and that would change the answer. Mere hints (`seed`, `logit_bias`,
// `frequency_penalty`, `store` …) are dropped silently. docs/api.md lists both.
import type { JsonObject, JsonValue } from '../../../../kernel/index.js';
import { Untranslatable } from '../../wire.js';

interface Refusal {
  readonly field: string;
  readonly when: (value: JsonValue) => boolean;
  readonly instead: string;
}

const set = (): boolean => true;

const REFUSALS: readonly Refusal[] = [
  { field: 'n', when: (n) => n !== 1, instead: 'send one request for each answer' },
  { field: 'logprobs', when: (asked) => asked !== false, instead: 'leave it out' },
  { field: 'top_logprobs', when: (count) => count !== 0, instead: 'leave it out' },
  { field: 'audio', when: set, instead: 'this model answers in text: leave it out' },
  {
    field: 'modalities',
    when: (all) => !Array.isArray(all) || all.some((one) => one !== 'text'),
    instead: 'this model answers in text: leave it out',
  },
  { field: 'functions', when: set, instead: 'send "tools"' },
  { field: 'function_call', when: set, instead: 'send "tool_choice"' },
  { field: 'web_search_options', when: set, instead: 'leave it out' },
  { field: 'moderation', when: set, instead: 'leave it out' },
];

/** @throws Untranslatable for the first field that has no equivalent. */
export function refuseUnequalled(chat: JsonObject): void {
  for (const { field, when, instead } of REFUSALS) {
    const value = chat[field] ?? undefined;
    if (value !== undefined && when(value))
      throw new Untranslatable(`This model’s API has no "${field}": ${instead}.`, field);
  }
}

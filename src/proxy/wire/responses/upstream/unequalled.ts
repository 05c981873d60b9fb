// Fields of a chat that a response lacks and that would change the answer. Hints are dropped, and so is a field that asks for nothing, as many
// clients send all they have. https://developers.openai.com/api/reference/resources/responses/methods/create
import type { JsonObject, JsonValue } from '../../../../kernel/index.js';
import { isJsonObject } from '../../../../kernel/index.js';
import { Untranslatable } from '../../wire.js';

const TRANSLATED =
  'model messages stream max_tokens max_completion_tokens tools tool_choice parallel_tool_calls response_format verbosity reasoning_effort ' +
  'reasoning thinking logprobs top_logprobs temperature top_p user safety_identifier service_tier prompt_cache_key prompt_cache_retention ' +
  'prompt_cache_options metadata stream_options';
/** `store` is always false here; `usage` is OpenRouter’s, which asked for the count that is always told. */
const HINTS = 'store seed prediction usage';
const KNOWN = new Set(`${TRANSLATED} ${HINTS}`.split(' '));

const isEmpty = (value: JsonValue): boolean =>
  Array.isArray(value) ? value.length === 0 : isJsonObject(value) && Object.keys(value).length === 0;

/** The values that ask for nothing. */
const DEFAULTS: Readonly<Record<string, (value: JsonValue) => boolean>> = {
  n: (value) => value === 1,
  stop: isEmpty,
  frequency_penalty: (value) => value === 0,
  presence_penalty: (value) => value === 0,
  logit_bias: isEmpty,
  modalities: (value) => Array.isArray(value) && value.every((modality) => modality === 'text'),
  functions: isEmpty,
};

/** @throws Untranslatable for the first field that has no equivalent. */
export function refuseUnequalled(chat: JsonObject): void {
  for (const [field, value = null] of Object.entries(chat)) {
    if (value === null || KNOWN.has(field) || (Object.hasOwn(DEFAULTS, field) && DEFAULTS[field]?.(value) === true))
      continue;
    throw new Untranslatable(
      `OpenAI answers this in its Responses API alone, which has no "${field.slice(0, 100)}": leave it out.`,
      field,
    );
  }
}

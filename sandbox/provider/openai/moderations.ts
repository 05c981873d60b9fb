// `POST /v1/moderations`: https://platform.openai.com/docs/api-reference/moderations/create. It is free and reports no
// usage.
import { type JsonObject, type JsonValue, isJsonObject } from '../../../src/kernel/index.js';
import { invalidType, missing } from './fields.js';
import { type Plain, jsonBody } from '../plain.js';

const DEFAULT_MODEL = 'omni-moderation-latest';
const CATEGORIES =
  'harassment harassment/threatening hate hate/threatening illicit illicit/violent self-harm self-harm/instructions ' +
  'self-harm/intent sexual sexual/minors violence violence/graphic';
const VIOLENCE = /\b(?:kill|murder|attack)/i;

/** @throws WireError (400) that names the parameter at fault. */
export function moderations({ model, input }: JsonObject): Plain {
  const texts = textsOf(input);
  const name = typeof model === 'string' && model !== '' ? model : DEFAULT_MODEL;
  return {
    model: name,
    text: texts.join('\n'),
    param: 'input',
    answer: (_, { id }) => jsonBody({ id: `modr-${id}`, model: name, results: texts.map(verdictOn) }, null),
  };
}

/** One text for each verdict: strings are judged separately, the parts of a message together. */
function textsOf(input: JsonValue | undefined): readonly string[] {
  if (input === undefined) throw missing('input');
  const inputs: readonly unknown[] = Array.isArray(input) ? input : [input];
  if (inputs.length > 0 && inputs.every((text) => typeof text === 'string')) return inputs;
  if (inputs.length === 0 || !inputs.every(isJsonObject)) throw invalidType('input', 'a string, strings or parts');
  return [inputs.map(({ text }) => (typeof text === 'string' ? text : '')).join('\n')];
}

/** The sandbox only flags a few words of violence. */
function verdictOn(text: string): object {
  const flagged = VIOLENCE.test(text);
  const all = <Value>(valueOf: (category: string) => Value) =>
    Object.fromEntries(CATEGORIES.split(' ').map((category) => [category, valueOf(category)]));
  return {
    flagged,
    categories: all((category) => flagged && category === 'violence'),
    category_scores: all((category) => (flagged && category === 'violence' ? 0.9 : 0.01)),
    category_applied_input_types: all(() => ['text']),
  };
}

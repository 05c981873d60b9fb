// What differs between generations of Gemini, told by the model's name. Names that carry no generation (`gemini-flash-latest`) point at a
// current model. What a model can't do beyond that is not decided here: Google refuses it in words of its own.

const VERSION = /gemini-(\d+(?:\.\d+)?)/;
/** Before 3, thinking has a budget in tokens and no level, calls have no ids, and signatures need not come back. */
const LEVELS_SINCE = 3;
/** From here on, Flash has no level `minimal` (https://ai.google.dev/gemini-api/docs/generate-content/thinking). */
const FLASH_WITHOUT_MINIMAL_SINCE = 3.7;

function generation(model: string): number {
  const [, version] = VERSION.exec(model) ?? [];
  if (version !== undefined) return Number(version);
  return model.includes('gemini') ? Infinity : 0;
}

/** Gemini 3 and later: thinking levels, ids of calls, and signatures that are asked for. */
export const isGemini3 = (model: string): boolean => generation(model) >= LEVELS_SINCE;

/** The least a model of Gemini 3 or later can think; it can't be turned off. */
export function leastThinking(model: string): 'minimal' | 'low' {
  if (model.includes('flash-lite')) return 'minimal';
  return model.includes('flash') && generation(model) < FLASH_WITHOUT_MINIMAL_SINCE ? 'minimal' : 'low';
}

/** The budgets that a model before Gemini 3 takes. Pro can't stop thinking (https://ai.google.dev/gemini-api/docs/thinking#set-budget). */
export const budgetsOf = (model: string): { readonly least: number; readonly most: number } =>
  model.includes('pro') ? { least: 128, most: 32_768 } : { least: 0, most: 24_576 };

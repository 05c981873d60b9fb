// How the generations of Gemini differ, by the model's name. Names without a generation (`gemini-flash-latest`) point
// at a current model. Other limits are not checked here: Google refuses such requests with its own message.

const VERSION = /gemini-(\d+(?:\.\d+)?)/;
/** Before 3, thinking has a token budget instead of a level, calls have no ids, and signatures need not come back. */
const LEVELS_SINCE = 3;
/** From here on, Flash has no level `minimal` (https://ai.google.dev/gemini-api/docs/generate-content/thinking). */
const FLASH_WITHOUT_MINIMAL_SINCE = 3.7;

function generation(model: string): number {
  const [, version] = VERSION.exec(model) ?? [];
  if (version !== undefined) return Number(version);
  return model.includes('gemini') ? Infinity : 0;
}

/** Gemini 3 and later: thinking levels, call ids, and required signatures. */
export const isGemini3 = (model: string): boolean => generation(model) >= LEVELS_SINCE;

/** The lowest thinking level of a Gemini 3 or later model; thinking can't be turned off. */
export function leastThinking(model: string): 'minimal' | 'low' {
  if (model.includes('flash-lite')) return 'minimal';
  return model.includes('flash') && generation(model) < FLASH_WITHOUT_MINIMAL_SINCE ? 'minimal' : 'low';
}

/**
 * The thinking budgets of a model before Gemini 3. Pro can't stop thinking
 * (https://ai.google.dev/gemini-api/docs/thinking#set-budget).
 */
export const budgetsOf = (model: string): { readonly least: number; readonly most: number } =>
  model.includes('pro') ? { least: 128, most: 32_768 } : { least: 0, most: 24_576 };

// What each Claude model accepts, by its name: Anthropic removes fields from one generation to the next and answers 400
// to removed ones. From the "What's new" and migration pages of each model,
// https://platform.claude.com/docs/en/models/overview (October 2026). A Claude of a later generation counts as the
// strictest known. A name that is not a Claude's counts as the API up to Claude 4.5, which other makers copy.

export const EFFORTS = ['low', 'medium', 'high', 'xhigh', 'max'] as const;
export type Effort = (typeof EFFORTS)[number];

export interface Traits {
  /** Whether thinking takes a budget of tokens, or is adaptive and steered by effort. */
  readonly thinking: 'budget' | 'adaptive';
  readonly thinksUnasked: boolean;
  /** The type of `thinking` that turns it off; undefined when it can't be. */
  readonly off: 'disabled' | 'between_tools' | undefined;
  readonly efforts: readonly Effort[];
  /** Whether thoughts that come back are refused once something before them has changed, unless they are to be dropped then. */
  readonly bindsThoughts: boolean;
  /** Whether `temperature`, `top_p` and `top_k` may be set. */
  readonly sampling: boolean;
  /** Whether a tool call can be forced. */
  readonly forcedTools: boolean;
  /** Whether a system message may stand within the conversation. */
  readonly midSystem: boolean;
  /** Whether an assistant message at the end is continued. */
  readonly prefill: boolean;
}

// `claude-sonnet-4-5-20250929`, `anthropic.claude-opus-5-5`, `claude-sonnet-4-20250514`; up to 3.7 the version came first.
const NAME = /claude-(opus|sonnet|haiku|fable|mythos)-(\d{1,2})(?:[-.](\d{1,2}))?(?!\d)/;
const OLD_NAME = /claude-(?:3|instant|2)/;

const LAST_CLASSIC: Traits = {
  thinking: 'budget',
  thinksUnasked: false,
  off: 'disabled',
  efforts: [],
  bindsThoughts: false,
  sampling: true,
  forcedTools: true,
  midSystem: false,
  prefill: true,
};

export function traitsOf(model: string): Traits {
  if (!model.includes('claude') || OLD_NAME.test(model)) return LAST_CLASSIC;
  const [, family = '', major = '99', minor = '0'] = NAME.exec(model) ?? [];
  const version = Number(major) * 100 + Number(minor);
  const small = family === 'sonnet' || family === 'haiku';
  const isHaiku55 = family === 'haiku' && version === 505;
  return {
    thinking: version < 406 ? 'budget' : 'adaptive',
    thinksUnasked: version >= 500,
    off: isHaiku55 ? 'disabled' : offType(family, version),
    efforts: effortsOf(family, version),
    bindsThoughts: version > 500,
    sampling: version < 407,
    forcedTools: version <= 500 || isHaiku55,
    // The preview of Mythos does not (https://github.com/UKGovernmentBEIS/inspect_ai/pull/4221).
    midSystem: small ? version > 500 : version >= 408 && !model.includes('preview'),
    prefill: version < 406,
  };
}

function offType(family: string, version: number): Traits['off'] {
  if (family === 'fable' || family === 'mythos') return undefined;
  if (version <= 500) return 'disabled';
  return family === 'sonnet' && version === 505 ? 'between_tools' : undefined;
}

function effortsOf(family: string, version: number): readonly Effort[] {
  if (version < 405 || (version === 405 && family !== 'opus')) return [];
  if (version === 405) return ['low', 'medium', 'high'];
  return version === 406 ? ['low', 'medium', 'high', 'max'] : EFFORTS;
}

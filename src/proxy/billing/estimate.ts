// The charge for an answer that was cut off: what its provider had counted by then, and an estimate of what it has delivered since.
import { type Usage, UsageFault, usageOf } from '../../pricing/index.js';
import type { Content, Delivery } from '../relay/delivery.js';
import type { Demand } from './demand.js';

/** A token is about four characters of English. */
const BYTES_PER_TOKEN = 4;

/**
 * Speech is streamed as samples of 16 bits at 24 kHz, and has a token for each 50 ms: so it is in every answer of gpt-audio that was recorded in
 * https://github.com/maruel/genai (providers/openaichat/testdata), and in https://developers.openai.com/api/docs/guides/realtime-costs.
 */
const AUDIO_BYTES_PER_TOKEN = 2_400;

/** The usage that a request was held for. */
export interface Bound {
  readonly promptTokens: number;
  /** Of all choices together. */
  readonly completionTokens: number;
}

/** A rough count of a request's prompt tokens: the bound counts one token per byte. */
export const promptEstimate = ({ promptTokens }: Demand['input']): number => Math.ceil(promptTokens / BYTES_PER_TOKEN);

/** Most providers send one token in each piece; the bytes show when a piece has several. */
const tokensOf = ({ pieces, bytes }: Content): number => Math.max(pieces, Math.ceil(bytes / BYTES_PER_TOKEN));

/** The usage of a part, and whether anything of it is estimated. `counted` is what the provider has reported; a count of 0 says nothing. */
export function usageOfPart(counted: Usage | UsageFault, delivery: Delivery, bound: Bound) {
  const { totalTokens: _total, ...known } = counted instanceof UsageFault ? NOTHING : counted;
  const content = known.completionTokens > 0 ? delivery.uncounted : delivery.all;
  const audio = Math.ceil(content.audioBytes / AUDIO_BYTES_PER_TOKEN);
  const come = tokensOf(content) + audio;
  const most = Math.max(known.completionTokens, bound.completionTokens);
  const completionTokens = Math.min(known.completionTokens + come, most);
  const usage = usageOf({
    ...known,
    promptTokens: known.promptTokens || promptEstimate(bound),
    completionTokens,
    completionAudioTokens: known.completionAudioTokens + Math.min(audio, completionTokens - known.completionTokens),
  });
  return { usage, estimated: come > 0 || known.promptTokens === 0 };
}

const NOTHING = { promptTokens: 0, completionTokens: 0, completionAudioTokens: 0, totalTokens: 0 };

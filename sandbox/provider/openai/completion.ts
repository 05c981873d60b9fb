// The reply in OpenAI's two shapes: a `chat.completion` body, and the frames of a stream of `chat.completion.chunk`.
// https://platform.openai.com/docs/api-reference/chat/object and /chat/streaming
import { type Answer, type Frame, grouped } from '../format.js';
import type { Knobs } from '../knobs.js';
import type { Choice, Reply } from '../reply.js';
import { type Usage, usageSoFar } from '../usage.js';

const FINGERPRINT = 'fp_sandbox0001';
const DONE: Frame = { text: 'data: [DONE]\n\n', usage: null };

/** The whole answer as JSON. */
export function completionBody({ id, created, request, knobs, reply }: Answer): Frame {
  const usage = usageOf(knobs, reply);
  const inChoice = usage !== null && knobs.fault?.includes('usage_in_choice');
  const choices = reply.choices.map((choice, index) => ({
    index,
    message: { ...messageOf(choice, toolCallId(id, index)), ...thoughtsIn(reply) },
    logprobs: null,
    finish_reason: finishOf(knobs, choice),
    ...(inChoice && index === 0 ? { usage } : {}),
  }));
  const body = {
    id,
    object: 'chat.completion',
    created,
    model: request.model,
    choices,
    ...(usage === null || inChoice ? {} : { usage }),
    service_tier: 'default',
    system_fingerprint: FINGERPRINT,
  };
  return { text: JSON.stringify(body), usage };
}

/** The whole answer as the frames of a stream: the choices side by side, then usage if requested, then `[DONE]`. */
export function completionFrames(completion: Answer): readonly Frame[] {
  const { request, knobs, reply } = completion;
  const head = chunkHead(completion);
  const thoughts = Object.entries(thoughtsIn(reply)).map(([field, text]) =>
    JSON.stringify({ role: 'assistant', content: null, [field]: text }),
  );
  const deltas = reply.choices.map((choice, index) => [
    ...thoughts,
    ...deltasOf(choice, toolCallId(completion.id, index), knobs.chunks),
  ]);
  const steps = Math.max(...deltas.map(({ length }) => length));
  const frames: Frame[] = [];
  for (let step = 0; step < steps; step++) {
    for (const [index, choiceDeltas] of deltas.entries()) {
      const delta = choiceDeltas[step];
      if (delta === undefined) continue;
      const last = step === choiceDeltas.length - 1;
      const choice = reply.choices[index];
      const finish = last && choice !== undefined ? finishOf(knobs, choice) : null;
      const ended = last && index === deltas.length - 1;
      frames.push(chunkFrame(completion, head, { index, delta, finish, done: ended ? steps : step, steps }));
    }
  }
  const usage = usageOf(knobs, reply);
  if (request.includeUsage && usage !== null && !knobs.fault?.includes('usage_in_choice')) {
    frames.push({ text: `${head}],"usage":${JSON.stringify(usage)}}\n\n`, usage });
  }
  frames.push(DONE);
  return frames;
}

const breaksOff = ({ fault }: Knobs): boolean => fault?.includes('finish_error') === true;

const finishOf = (knobs: Knobs, { finishReason }: Choice): string =>
  breaksOff(knobs) ? 'network_error' : finishReason;

const usageOf = (knobs: Knobs, { usage }: Reply): Usage | null => (breaksOff(knobs) ? null : usage);

/** As Moonshot and DeepSeek tell them: https://api-docs.deepseek.com/guides/thinking_mode */
const thoughtsIn = ({ thoughts = [] }: Reply): { readonly reasoning_content?: string } =>
  thoughts.length === 0 ? {} : { reasoning_content: thoughts.join('') };

function messageOf(choice: Choice, callId: string): object {
  const text = choice.pieces.join('');
  if (choice.tool === undefined) return { role: 'assistant', content: text, refusal: null, annotations: [] };
  const call = { id: callId, type: 'function', function: { name: choice.tool, arguments: text } };
  return { role: 'assistant', content: null, tool_calls: [call], refusal: null, annotations: [] };
}

const toolCallId = (completionId: string, index: number): string =>
  `call_${completionId.replace('chatcmpl-', '')}_${index}`;

const chunkHead = ({ id, created, request }: Answer): string =>
  `data: {"id":"${id}","object":"chat.completion.chunk","created":${created},"model":${JSON.stringify(request.model)},` +
  `"service_tier":"default","system_fingerprint":"${FINGERPRINT}","choices":[`;

interface Step {
  readonly index: number;
  readonly delta: string;
  readonly finish: string | null;
  readonly done: number;
  readonly steps: number;
}

function chunkFrame({ request, knobs, reply }: Answer, head: string, step: Step): Frame {
  const faults = knobs.fault ?? [];
  const finish = step.finish === null ? 'null' : `"${step.finish}"`;
  const choice = `{"index":${step.index},"delta":${step.delta},"logprobs":null,"finish_reason":${finish}`;
  if (reply.usage !== null && faults.includes('usage_in_choice')) {
    if (step.done < step.steps) return { text: `${head}${choice}}]}\n\n`, usage: null };
    return { text: `${head}${choice},"usage":${JSON.stringify(reply.usage)}}]}\n\n`, usage: reply.usage };
  }
  if (reply.usage !== null && faults.includes('usage_every_chunk')) {
    const usage = usageSoFar(reply.usage, step.done, step.steps);
    return { text: `${head}${choice}}],"usage":${JSON.stringify(usage)}}\n\n`, usage };
  }
  return { text: `${head}${choice}}]${request.includeUsage ? ',"usage":null' : ''}}\n\n`, usage: null };
}

/**
 * The deltas of one choice as JSON: the role, the content or the arguments piece by piece, and an empty one at the end.
 */
function deltasOf(choice: Choice, callId: string, chunks = 0): readonly string[] {
  const texts = grouped(choice.pieces, chunks).map((text) => JSON.stringify(text));
  if (choice.tool === undefined) {
    return ['{"role":"assistant","content":"","refusal":null}', ...texts.map((text) => `{"content":${text}}`), '{}'];
  }
  const call = { index: 0, id: callId, type: 'function', function: { name: choice.tool, arguments: '' } };
  const first = JSON.stringify({ role: 'assistant', content: null, tool_calls: [call], refusal: null });
  return [first, ...texts.map((text) => `{"tool_calls":[{"index":0,"function":{"arguments":${text}}}]}`), '{}'];
}

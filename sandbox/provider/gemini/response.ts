// The reply as a GenerateContentResponse, whole or in events: https://ai.google.dev/api/generate-content#v1beta.GenerateContentResponse
import { parseExactly } from '../../../src/kernel/index.js';
import { type Answer, type Frame, grouped } from '../format.js';
import type { Choice } from '../reply.js';
import { sign } from '../signature.js';
import { type Usage, usageSoFar } from '../usage.js';
import { usageMetadata } from './usage.js';

type Part = object;

interface Candidate {
  readonly index: number;
  readonly parts: readonly Part[];
  readonly finishReason?: string;
}

const FINISH_REASONS = { stop: 'STOP', length: 'MAX_TOKENS', tool_calls: 'STOP' } as const;

/** The whole answer as JSON. */
export function generatedContent(answer: Answer): Frame {
  const candidates = answer.reply.choices.map((choice, index) => {
    const text = choice.pieces.join('');
    const thought = thoughtsFor(answer, index).join('');
    const parts: Part[] = thought === '' ? [] : [{ text: thought, thought: true }];
    if (choice.tool !== undefined) parts.push(...callPart(answer, index, choice));
    else if (text !== '') parts.push({ text, ...signatureOf(answer, index, text) });
    return { index, parts, finishReason: FINISH_REASONS[choice.finishReason] };
  });
  const usage = answer.reply.usage && usageMetadata(answer.reply.usage);
  return { text: JSON.stringify(response(answer, candidates, usage)), usage };
}

/**
 * The whole answer as events, the candidates side by side. Each event reports the usage so far, and the last one of
 * each candidate its finish reason, which is the only sign of the end.
 */
export function contentEvents(answer: Answer): readonly Frame[] {
  const { choices, usage } = answer.reply;
  const pieces = choices.map((choice, index) => piecesOf(answer, index, choice));
  const steps = Math.max(...pieces.map(({ length }) => length));
  const candidates = Array.from({ length: steps }, (_, step) => pieces.flatMap((all) => all[step] ?? [])).flat();
  return candidates.map((candidate, index) => {
    const isLast = index === candidates.length - 1;
    const soFar = usage && usageMetadata(isLast ? usage : estimated(usageSoFar(usage, index + 1, candidates.length)));
    return { text: `data: ${JSON.stringify(response(answer, [candidate], soFar))}\n\n`, usage: soFar };
  });
}

/** Until the last event Google only estimates the prompt: https://github.com/simonw/research-llm-apis, responses/gemini/text_streaming.txt. */
const estimated = (usage: Usage): Usage => ({
  ...usage,
  prompt_tokens: usage.prompt_tokens + 1,
  total_tokens: usage.total_tokens + 1,
});

function piecesOf(answer: Answer, index: number, choice: Choice): readonly Candidate[] {
  const { chunks } = answer.knobs;
  const { tool, pieces, finishReason } = choice;
  const thoughts = grouped(thoughtsFor(answer, index), chunks).map((text) => ({ text, thought: true }));
  const said = tool === undefined ? grouped(pieces, chunks).map((text) => ({ text })) : callPart(answer, index, choice);
  // The signature of thoughts before a text comes with the last part, which is then empty.
  const last = {
    text: '',
    ...(tool === undefined && pieces.length > 0 && signatureOf(answer, index, pieces.join(''))),
  };
  return [
    ...[...thoughts, ...said].map((part) => ({ index, parts: [part] })),
    { index, parts: [last], finishReason: FINISH_REASONS[finishReason] },
  ];
}

function response({ id, request }: Answer, candidates: readonly Candidate[], usage: object | null): object {
  return {
    candidates: candidates.map(({ index, parts, finishReason }) => ({
      content: { ...(parts.length > 0 && { parts }), role: 'model' },
      ...(finishReason !== undefined && { finishReason }),
      index,
    })),
    ...(usage && { usageMetadata: usage }),
    modelVersion: request.model,
    responseId: id,
  };
}

/** Only the first candidate shows its thoughts. */
const thoughtsFor = ({ reply }: Answer, index: number): readonly string[] =>
  index === 0 ? (reply.thoughts ?? []) : [];

/** Answers with thinking are signed, whether it is shown or not. */
const signatureOf = ({ reply }: Answer, index: number, text: string): object =>
  reply.thoughts && index === 0 ? { thoughtSignature: sign(text) } : {};

/** A call is sent whole and signed; a truncated one is not sent. */
function callPart({ id }: Answer, index: number, { tool: name, pieces, finishReason }: Choice): readonly Part[] {
  if (finishReason === 'length') return [];
  const text = pieces.join('');
  const functionCall = { id: `${id.replace('resp-', 'call-')}-${index}`, name, args: parseExactly(text) };
  return [{ functionCall, thoughtSignature: sign(text) }];
}

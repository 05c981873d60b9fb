import { useRef, useState } from 'react';
import { ApiFailure } from '../../api/failure.ts';
import { askModel, type ChatAnswer } from './chat-stream.ts';
import type { ChatRequest } from './examples.ts';

export interface Turn {
  readonly question: string;
  readonly answer: ChatAnswer;
  readonly state: 'asking' | 'done' | 'stopped';
}

/** A conversation with a model. Every call sends the whole of it. */
export function useChat() {
  const [turns, setTurns] = useState<readonly Turn[]>([]);
  const stop = useRef<AbortController>(undefined);
  const last = turns.at(-1);
  const change = (changed: Partial<Turn>) =>
    setTurns((all) => [...all.slice(0, -1), { ...(all.at(-1) as Turn), ...changed }]);

  const ask = async (key: string, request: ChatRequest, question: string) => {
    const stopping = new AbortController();
    stop.current = stopping;
    setTurns((all) => [...all, { question, answer: { text: '' }, state: 'asking' }]);
    let answer: ChatAnswer = { text: '' };
    const show = (more: ChatAnswer) => {
      answer = more;
      change({ answer });
    };
    try {
      await askModel(key, request, { signal: stopping.signal, show });
      change({ state: 'done' });
    } catch (error) {
      if (stopping.signal.aborted) return change({ state: 'stopped' });
      const failure = error instanceof ApiFailure ? error : new ApiFailure('', 0, 'no_answer');
      change({ answer: { ...answer, failure }, state: 'done' });
    }
  };
  return {
    turns,
    isAsking: last?.state === 'asking',
    ask,
    stop: () => stop.current?.abort(),
    clear: () => setTurns([]),
  };
}

/** What a model is asked: what was said before, without what failed, and the new question. */
export const messagesOf = (system: string, turns: readonly Turn[], question: string): ChatRequest['messages'] => [
  ...(system.trim() === '' ? [] : [{ role: 'system' as const, content: system }]),
  ...turns
    .filter(({ answer }) => answer.text !== '')
    .flatMap(({ question: asked, answer }) => [
      { role: 'user' as const, content: asked },
      { role: 'assistant' as const, content: answer.text },
    ]),
  { role: 'user', content: question },
];

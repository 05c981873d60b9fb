// What tells the sandbox to answer so that a program does its work.
import type { ToolCall } from './programs.js';

/** A directive for a prompt: the calls to make one after another, or the text to say. */
export function directiveFor(work: readonly ToolCall[] | string): string {
  if (typeof work === 'string') return `[[sandbox say=${encodeURIComponent(work)}]]`;
  return `[[sandbox call=${work.map(({ tool, input }) => `${tool}:${encodeURIComponent(inputText(input))}`).join(',')}]]`;
}

const inputText = (input: ToolCall['input']): string => (typeof input === 'string' ? input : JSON.stringify(input));

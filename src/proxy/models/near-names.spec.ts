import { describe, expect, it } from 'vitest';
import { nearNames } from './near-names.js';

const NAMES = [
  'claude-3-5-sonnet-20241022',
  'claude-sonnet-4-6',
  'deepseek-chat',
  'deepseek-flash',
  'gemini-2.0-flash',
  'gpt-4.1',
  'gpt-4.1-mini',
  'gpt-4o',
  'gpt-4o-mini',
  'kimi-k3',
];

describe('the names near to', () => {
  it.each([
    ['gpt4o', ['gpt-4o', 'gpt-4.1', 'gpt-4o-mini']],
    ['GPT-4o', ['gpt-4o', 'gpt-4.1', 'gpt-4o-mini']],
    ['openai/gpt-4o-mini', ['gpt-4o-mini', 'gpt-4.1-mini', 'gpt-4o']],
    ['claude-3.5-sonnet', ['claude-3-5-sonnet-20241022']],
    ['gpt-4o-mini-2024-07-18', ['gpt-4o', 'gpt-4o-mini']],
    ['deepsek-caht', ['deepseek-chat']],
    ['gemini-2-0-flsh', ['gemini-2.0-flash']],
    ['gpt', ['gpt-4o', 'gpt-4.1', 'gpt-4o-mini']],
  ])('%s', (asked, near) => expect(nearNames(asked, NAMES)).toEqual(near));

  it.each(['llama-3-70b', 'g', '', '///', 'x'.repeat(100_000)])('%.10s: none', (asked) =>
    expect(nearNames(asked, NAMES)).toEqual([]),
  );
});

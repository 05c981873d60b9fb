// `POST /v1/rerank` as Jina defines it, and Cohere except for its usage: https://api.jina.ai/docs#/rerank
import { type JsonObject, isJsonObject } from '../../../src/kernel/index.js';
import { countTokens } from '../tokenizer.js';
import { inputUsage } from '../usage.js';
import { booleanOf, integerOf, invalidType, modelOf, textIn } from './fields.js';
import { type Plain, jsonBody } from '../plain.js';

/** @throws WireError (400) that names the parameter at fault. */
export function rerank(body: JsonObject): Plain {
  const model = modelOf(body);
  const texts = documentsOf(body);
  const most = integerOf(body, 'top_n') ?? texts.length;
  const isTold = booleanOf(body, 'return_documents', true);
  return {
    model,
    text: textIn(body, 'query'),
    param: 'query',
    answer: (query, { knobs, bytes }) => {
      const tokens = texts.reduce((sum, text) => sum + countTokens(query) + countTokens(text), 0);
      const results = texts
        .map((text, index) => ({
          index,
          relevance_score: relevance(query, text),
          ...(isTold && { document: { text } }),
        }))
        .toSorted((a, b) => b.relevance_score - a.relevance_score || a.index - b.index)
        .slice(0, most);
      const usage = inputUsage(tokens, knobs, bytes);
      return jsonBody({ model, object: 'list', results }, usage && { total_tokens: usage.prompt_tokens });
    },
  };
}

function documentsOf({ documents }: JsonObject): readonly string[] {
  const texts = Array.isArray(documents) ? documents.map(textOf) : [];
  if (texts.length > 0 && texts.every((text) => text !== undefined)) return texts;
  throw invalidType('documents', 'a list of strings or of objects with a text');
}

function textOf(document: unknown): string | undefined {
  const text = isJsonObject(document) ? document.text : document;
  return typeof text === 'string' ? text : undefined;
}

/** The fraction of the query's words that occur in a text, from 0 to 1. */
function relevance(query: string, text: string): number {
  const [queryWords, textWords] = [wordsOf(query), wordsOf(text)];
  return queryWords.size === 0 ? 0 : [...queryWords].filter((word) => textWords.has(word)).length / queryWords.size;
}

const wordsOf = (text: string): Set<string> => new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu));

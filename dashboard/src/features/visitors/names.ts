/** How makers of models write themselves; an operator’s own stay as they are. */
const MAKERS: Readonly<Record<string, string>> = {
  openai: 'OpenAI',
  anthropic: 'Anthropic',
  google: 'Google',
  deepseek: 'DeepSeek',
  qwen: 'Qwen',
  moonshot: 'Moonshot (Kimi)',
  zhipu: 'Z.ai (GLM)',
  jina: 'Jina',
};

export const makerName = (maker: string): string => MAKERS[maker] ?? maker;

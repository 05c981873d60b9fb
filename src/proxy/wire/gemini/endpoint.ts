// The paths of Gemini's API. The base URL is https://generativelanguage.googleapis.com/v1beta.

/** The path and query below the base URL, for a model's name without `models/`. */
export const generatePath = (model: string, stream: boolean): string =>
  `/models/${encodeURIComponent(model)}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`;

export const embedPath = (model: string): string => `/models/${encodeURIComponent(model)}:batchEmbedContents`;

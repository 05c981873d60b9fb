// Names of functions. Gemini's begin with a letter or an underscore (https://ai.google.dev/api/caching#FunctionDeclaration), those of OpenAI
// and Anthropic may begin with a digit or a dash, as Cline names tools of MCP servers (https://github.com/cline/cline/issues/7339). Such a name
// gets an underscore in front, and so does one that looks as if it had got one: every name comes back as what it was.

export const geminiName = (name: string): string => (/^_*[\d-]/.test(name) ? `_${name}` : name);

export const clientName = (name: string): string => (/^_+[\d-]/.test(name) ? name.slice(1) : name);

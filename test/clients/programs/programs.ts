// Programs that people use with a key of theirs, as a person would set them up for a base URL of their own. Each does two things by its
// own tools: it writes a file and runs a command.
import { writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const NODE = here('../../../node_modules/.bin');
export const INSTALLED = here('../../../node_modules/.cache/programs/node_modules');
const bin = (name: string): string => join(INSTALLED, '.bin', name);
export const pythonBin = (venv: string, name: string): string => here(`../../../.venv/${venv}/bin/${name}`);

/** Where a program runs, and the gateway it talks to. */
export interface Place {
  /** Its settings live here. */
  readonly home: string;
  /** What it works on. */
  readonly folder: string;
  /** Without a slash at its end. */
  readonly url: string;
  readonly key: string;
}

/** A call of one of its tools. */
export interface ToolCall {
  readonly tool: string;
  /** An object; or the text of a tool that takes no JSON. */
  readonly input: Readonly<Record<string, unknown>> | string;
}

interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface Program {
  readonly name: string;
  /** Its npm package, or the Python environment that has it. */
  readonly from: { readonly npm: string } | { readonly venv: string; readonly package: string };
  readonly endpoint: '/v1/chat/completions' | '/v1/messages' | '/v1/responses';
  readonly model: string;
  /** How a person sets it up, for docs/api.md; `{base}` is the gateway's address. */
  readonly setUp: string;
  /** Writes its settings. */
  prepare?(place: Place): Promise<unknown>;
  command(place: Place, task: string): Command;
  /** What the model has to answer so that `greeting.txt` says "hello" and `touch ran` is run; a text where it has no tools. */
  readonly work: readonly ToolCall[] | string;
}

/** The environment of every program: nothing of ours, and nothing of the machine's settings. */
export const environment = ({ home }: Place): Readonly<Record<string, string>> => ({
  PATH: [NODE, '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter),
  HOME: home,
  LANG: 'C.UTF-8',
  NO_COLOR: '1',
  TERM: 'dumb',
  ...AT_REST,
});

/** What keeps them from looking for news. */
const AT_REST = {
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  OPENCODE_DISABLE_AUTOUPDATE: '1',
  OPENCODE_DISABLE_MODELS_FETCH: '1',
  CONTINUE_TELEMETRY_ENABLED: '0',
  CLINE_TELEMETRY_DISABLED: '1',
};

const WRITE = { file: 'greeting.txt', content: 'hello\n' };
const RUN = 'touch ran';
const PATCH = '*** Begin Patch\n*** Add File: greeting.txt\n+hello\n*** End Patch';

const codex: Program = {
  name: 'Codex CLI',
  from: { npm: '@openai/codex' },
  endpoint: '/v1/responses',
  model: 'gpt-5.5',
  setUp:
    'in `~/.codex/config.toml` a `[model_providers.…]` with `base_url = "{base}/v1"`, `env_key`, `wire_api = "responses"` and any `name` but OpenAI, with which it would leave the shortening of long conversations to the server',
  prepare: async ({ home, url }) => {
    const provider = `name = "token-hub"\nbase_url = "${url}/v1"\nenv_key = "TOKEN_HUB_KEY"\nwire_api = "responses"\n`;
    await writeFile(
      join(home, 'config.toml'),
      `model_provider = "hub"\nmodel = "${codex.model}"\n\n[model_providers.hub]\n${provider}`,
    );
  },
  command: ({ home, key }, task) => ({
    file: bin('codex'),
    args: ['exec', '--skip-git-repo-check', '--dangerously-bypass-approvals-and-sandbox', task],
    env: { CODEX_HOME: home, TOKEN_HUB_KEY: key },
  }),
  work: [
    { tool: 'apply_patch', input: PATCH },
    { tool: 'exec_command', input: { cmd: RUN } },
  ],
};

const claudeCode: Program = {
  name: 'Claude Code',
  from: { npm: '@anthropic-ai/claude-code' },
  endpoint: '/v1/messages',
  model: 'claude-opus-5-5',
  setUp: '`ANTHROPIC_BASE_URL={base}`, `ANTHROPIC_API_KEY=sk-th_…`',
  command: ({ url, key }, task) => ({
    file: bin('claude'),
    args: ['-p', '--allowedTools', 'Bash,Write', '--', task],
    env: { ANTHROPIC_BASE_URL: url, ANTHROPIC_API_KEY: key },
  }),
  work: [
    { tool: 'Write', input: { file_path: '{folder}/greeting.txt', content: WRITE.content } },
    { tool: 'Bash', input: { command: RUN, description: 'Mark that it ran' } },
  ],
};

const opencode: Program = {
  name: 'opencode',
  from: { npm: 'opencode-ai' },
  endpoint: '/v1/chat/completions',
  model: 'gpt-4o',
  setUp:
    'in `opencode.json` a provider of `@ai-sdk/openai-compatible` with `options.baseURL` `{base}/v1` and `options.apiKey`',
  prepare: ({ folder, url, key }) => {
    const hub = {
      npm: '@ai-sdk/openai-compatible',
      name: 'token-hub',
      options: { baseURL: `${url}/v1`, apiKey: key },
      models: { [opencode.model]: {} },
    };
    const settings = { provider: { hub }, model: `hub/${opencode.model}`, share: 'disabled', autoupdate: false };
    return writeFile(join(folder, 'opencode.json'), JSON.stringify(settings));
  },
  command: (_place, task) => ({ file: bin('opencode'), args: ['run', task] }),
  work: [
    { tool: 'write', input: { filePath: '{folder}/greeting.txt', content: WRITE.content } },
    { tool: 'bash', input: { command: RUN, description: 'Mark that it ran' } },
  ],
};

const qwenCode: Program = {
  name: 'qwen-code',
  from: { npm: '@qwen-code/qwen-code' },
  endpoint: '/v1/chat/completions',
  model: 'qwen3.8-max',
  setUp: '`OPENAI_BASE_URL={base}/v1`, `OPENAI_API_KEY`, `OPENAI_MODEL`; `--auth-type openai`',
  command: ({ url, key }, task) => ({
    file: bin('qwen'),
    args: ['--auth-type', 'openai', '--yolo', '-p', task],
    env: { OPENAI_BASE_URL: `${url}/v1`, OPENAI_API_KEY: key, OPENAI_MODEL: qwenCode.model },
  }),
  work: [
    { tool: 'write_file', input: { file_path: '{folder}/greeting.txt', content: WRITE.content } },
    { tool: 'run_shell_command', input: { command: RUN, is_background: false } },
  ],
};

const continueCli: Program = {
  name: 'Continue',
  from: { npm: '@continuedev/cli' },
  endpoint: '/v1/chat/completions',
  model: 'gpt-4o',
  setUp: 'in `config.yaml` a model of `provider: openai` with `apiBase: {base}/v1` and `apiKey`',
  prepare: ({ home, url, key }) => {
    const model = {
      name: continueCli.model,
      provider: 'openai',
      model: continueCli.model,
      apiBase: `${url}/v1`,
      apiKey: key,
    };
    const settings = { name: 'hub', version: '1.0.0', schema: 'v1', models: [{ ...model, roles: ['chat'] }] };
    return writeFile(join(home, 'continue.yaml'), JSON.stringify(settings)); // JSON is YAML
  },
  command: ({ home }, task) => ({
    file: bin('cn'),
    args: ['-p', '--auto', '--config', join(home, 'continue.yaml'), task],
  }),
  work: [
    { tool: 'Write', input: { filepath: '{folder}/greeting.txt', content: WRITE.content } },
    { tool: 'Bash', input: { command: RUN } },
  ],
};

const cline = (provider: 'openai-native' | 'openai-compatible', endpoint: Program['endpoint']): Program => ({
  name: `Cline, ${provider}`,
  from: { npm: 'cline' },
  endpoint,
  model: 'gpt-4o',
  setUp: `\`cline auth -p ${provider} -k sk-th_… -m gpt-4o -b {base}/v1\``,
  command: ({ home, url, key }, task) => {
    const flags = `--data-dir "${home}" -P ${provider}`;
    const setUp = `"${bin('cline')}" auth -p ${provider} -k ${key} -m gpt-4o -b ${url}/v1 --data-dir "${home}"`;
    return { file: '/bin/sh', args: ['-c', `${setUp} && exec "${bin('cline')}" ${flags} "$0"`, task] };
  },
  work: [
    { tool: 'apply_patch', input: { input: PATCH } },
    { tool: 'run_commands', input: { commands: [RUN] } },
  ],
});

const AIDER_FLAGS = [
  '--yes-always',
  '--no-git',
  '--no-check-update',
  '--analytics-disable',
  '--no-show-model-warnings',
  '--auto-test',
];

const aider: Program = {
  name: 'aider',
  from: { venv: 'aider', package: 'aider-chat' },
  endpoint: '/v1/chat/completions',
  model: 'gpt-4o',
  setUp: '`OPENAI_API_BASE={base}/v1`, `OPENAI_API_KEY`; `--model openai/gpt-4o`',
  command: ({ url, key }, task) => ({
    file: pythonBin('aider', 'aider'),
    args: [...AIDER_FLAGS, '--model', `openai/${aider.model}`, '--test-cmd', RUN, '--message', task],
    env: { OPENAI_API_BASE: `${url}/v1`, OPENAI_API_KEY: key },
  }),
  work: 'greeting.txt\n```\n<<<<<<< SEARCH\n=======\nhello\n>>>>>>> REPLACE\n```\n',
};

const FUNCTIONS = `
import subprocess
def write(path: str, content: str) -> str:
    "Writes a file"
    open(path, "w").write(content)
    return "written"
def run(command: str) -> str:
    "Runs a command"
    return subprocess.run(command, shell=True, capture_output=True, text=True).stdout
`;

const llm: Program = {
  name: 'llm',
  from: { venv: 'llm', package: 'llm' },
  endpoint: '/v1/chat/completions',
  model: 'gpt-4o',
  setUp: 'in `extra-openai-models.yaml` a model with `api_base: {base}/v1` and `api_key_name`',
  prepare: ({ home, url, key }) => {
    const model = { model_id: 'hub', model_name: llm.model, api_base: `${url}/v1`, api_key_name: 'hub' };
    return Promise.all([
      writeFile(join(home, 'extra-openai-models.yaml'), JSON.stringify([{ ...model, supports_tools: true }])),
      writeFile(join(home, 'keys.json'), JSON.stringify({ hub: key })),
    ]);
  },
  command: ({ home }, task) => ({
    file: pythonBin('llm', 'llm'),
    args: ['-m', 'hub', '--functions', FUNCTIONS, task],
    env: { LLM_USER_PATH: home },
  }),
  work: [
    { tool: 'write', input: { path: 'greeting.txt', content: WRITE.content } },
    { tool: 'run', input: { command: RUN } },
  ],
};

export const PROGRAMS: readonly Program[] = [
  codex,
  claudeCode,
  opencode,
  qwenCode,
  continueCli,
  cline('openai-native', '/v1/responses'),
  cline('openai-compatible', '/v1/chat/completions'),
  aider,
  llm,
];

// docker/Dockerfile as its stages.
import { type Copy, DockerfileParser, type Env, type Flag, type Instruction } from 'dockerfile-ast';

/** A step that makes files. */
export type Step =
  | { readonly run: string }
  | { readonly copy: readonly string[]; readonly to: string; readonly from: string | undefined };

export interface Stage {
  readonly name: string | undefined;
  /** An image, or a stage before this one. */
  readonly from: string;
  readonly steps: readonly Step[];
  readonly env: Readonly<Record<string, string>>;
  readonly workdir: string;
  readonly user: string;
  readonly command: readonly string[] | undefined;
  readonly health: readonly string[] | undefined;
}

/** The stages, each with all that it has from the one it is built on. @throws Error at an instruction that is not known here. */
export function readStages(text: string): Stage[] {
  const stages: Stage[] = [];
  for (const instruction of DockerfileParser.parse(text).getInstructions()) {
    const [from = '', , name] = wordsOf(instruction);
    if (instruction.getKeyword() === 'FROM') stages.push(startOf(from, name, stages));
    else stages.push(withInstruction(stages.pop() ?? startOf('', undefined, []), instruction));
  }
  return stages;
}

const wordsOf = (instruction: Instruction): string[] => instruction.getArguments().map((word) => word.getValue());

const EMPTY = { env: {}, workdir: '/', user: 'root', command: undefined, health: undefined };

const startOf = (from: string, name: string | undefined, before: readonly Stage[]): Stage => ({
  ...EMPTY,
  ...before.find((stage) => stage.name === from),
  name,
  from,
  steps: [],
});

function withInstruction(stage: Stage, instruction: Instruction): Stage {
  const words = wordsOf(instruction);
  switch (instruction.getKeyword()) {
    case 'WORKDIR':
      return { ...stage, workdir: words[0] ?? '' };
    case 'USER':
      return { ...stage, user: words[0] ?? '' };
    case 'ENV':
      return { ...stage, env: { ...stage.env, ...variablesOf(instruction as Env) } };
    case 'RUN':
      return { ...stage, steps: [...stage.steps, { run: instruction.getArgumentsContent() ?? '' }] };
    case 'COPY':
      return { ...stage, steps: [...stage.steps, copyOf(instruction as Copy)] };
    case 'CMD':
      return { ...stage, command: execForm(instruction) };
    case 'HEALTHCHECK':
      return { ...stage, health: execForm(instruction) };
    case 'ARG':
    case 'LABEL':
    case 'EXPOSE':
    case 'VOLUME':
    case 'STOPSIGNAL':
      return stage;
    default:
      throw new Error(`an instruction that the tests do not know: ${instruction.getTextContent()}`);
  }
}

const variablesOf = (instruction: Env): Record<string, string> =>
  Object.fromEntries(instruction.getProperties().map((property) => [property.getName(), property.getValue() ?? '']));

function copyOf(instruction: Copy): Step {
  const words = wordsOf(instruction);
  const flag = instruction.getFlags().find((one: Flag) => one.getName() === 'from');
  return { copy: words.slice(0, -1), to: words.at(-1) ?? '', from: flag?.getValue() ?? undefined };
}

/** The command of a CMD or a HEALTHCHECK. @throws Error when it is in shell form: the shell would keep signals to itself. */
function execForm(instruction: Instruction): string[] {
  const [list] = /\[.*\]$/s.exec(instruction.getArgumentsContent() ?? '') ?? [];
  if (list === undefined) throw new Error(`not in exec form: ${instruction.getTextContent()}`);
  return JSON.parse(list) as string[];
}

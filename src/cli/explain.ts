import type { Command } from 'commander';
import { explanationText } from '../operations/index.js';
import { withContext } from './context.js';
import { printJson, wantsJson } from './output.js';

export const explainCommand = (explain: Command): Command =>
  explain.argument('<id>', 'the id of a charge, or the x-request-id of its call').action(run);

function run(id: string, _options: object, command: Command): Promise<void> {
  return withContext(async (context) => {
    await context.caughtUpReadModels();
    const explanation = await context.explanations.of(id);
    if (wantsJson(command)) return printJson(explanation);
    console.log(explanationText(explanation));
  });
}

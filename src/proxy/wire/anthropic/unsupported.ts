// Features of Anthropic's API that can't be offered: they are billed by other measures or at another model's prices, or
// depend on state that Anthropic keeps per account, which all customers here share. These are refused by name,
// whichever provider answers. Other fields pass, because most new fields are harmless; a field whose name says that
// something is searched or run does not. https://platform.claude.com/docs/en/about-claude/pricing
import type { JsonObject } from '../../../kernel/index.js';
import { refuseBilledApart, refuseOtherTiers } from '../billed-apart.js';
import { refuseField } from '../wire.js';
import { blocksOfMessages } from './blocks.js';
import { whyNotOffered } from './server-tools.js';
import { objectIn, objectsOf, textIn } from '../json.js';

const FIELDS: Readonly<Record<string, string>> = {
  billing_policy: 'it decides who pays',
  compaction: 'the usage of the answer does not include what a compaction uses',
  container: 'code execution is billed by the hour',
  fallback_credit_token: 'another model’s credit can’t be used here',
  fallbacks: 'another model would answer at another price',
  inference_geo: 'it changes the price',
  mcp_servers: 'the size of a server’s answer can’t be known in advance',
  thread: 'conversations are not kept here: send it whole',
  user_profile_id: 'profiles belong to the account behind this gateway',
};

/** Tools that the client runs itself; the others run at Anthropic, and most are billed apart from tokens. */
const CLIENT_TOOL = /^(?:custom$|bash_|browser_toolset_|computer_|memory_|text_editor_)/;

/** @throws Untranslatable for the first feature that can't be offered. */
export function refuseUnsupported(body: JsonObject): void {
  for (const [field, why] of Object.entries(FIELDS)) {
    if ((body[field] ?? undefined) !== undefined) refuseField(field, why);
  }
  if ((body['speed'] ?? 'standard') !== 'standard') refuseField('speed', 'fast mode has prices of its own');
  for (const [index, tool] of objectsOf(body['tools']).entries()) refuseTool(tool, `tools[${index}]`);
  const edits = objectIn(body, 'context_management')?.['edits'];
  for (const edit of objectsOf(edits)) {
    if (textIn(edit, 'type')?.startsWith('compact'))
      refuseField('context_management', 'the usage of the answer does not include what a compaction uses');
  }
  for (const { block, at } of blocksOfMessages(body['messages'])) refuseBlock(block, at);
  refuseOtherTiers(body['service_tier']);
  refuseBilledApart(body);
}

function refuseTool(tool: JsonObject, at: string): void {
  const type = tool['type'] ?? 'custom';
  if (typeof type === 'string' && CLIENT_TOOL.test(type)) return;
  const why = whyNotOffered(tool);
  if (why === undefined) return;
  refuseField(
    at,
    why ?? 'it runs at the provider and is billed apart from tokens; tool search and web fetch can be used',
  );
}

function refuseBlock(block: JsonObject, at: string): void {
  if (objectIn(block, 'source')?.['type'] === 'file' || block['type'] === 'container_upload')
    refuseField(at, 'uploaded files belong to the account behind this gateway: send the file itself');
  const added = addedTool(block);
  if (added !== undefined) refuseTool(added, at);
}

/** The tool that a block adds to the tools of the request. */
export const addedTool = (block: JsonObject): JsonObject | undefined =>
  objectIn(objectIn(block, 'tool') ?? {}, 'definition');

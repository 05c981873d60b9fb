import { z } from 'zod';
import { answerDispute, closeDispute } from '../flows/disputes.js';
import { EVIDENCE_TEXTS } from '../objects/evidence.js';
import { flag, merged, metadata, text } from '../params.js';
import type { World } from '../world.js';
import { list, nothing, retrieve, type Route, route } from './route.js';

const LONGEST_EVIDENCE = 20_000;
const evidence = z.partialRecord(z.enum(EVIDENCE_TEXTS), z.string().max(LONGEST_EVIDENCE));
const update = z.strictObject({
  evidence: evidence.optional(),
  metadata: metadata.optional(),
  submit: flag.default(true),
});

export const DISPUTES: readonly Route[] = [
  list('dispute', '/v1/disputes', { charge: text, payment_intent: text }),
  retrieve('dispute', '/v1/disputes'),
  route('POST', '/v1/disputes/:id', update, answer),
  route('POST', '/v1/disputes/:id/close', nothing, (world, _, id) => closeDispute(world, id, 'lost')),
];

function answer(world: World, params: z.output<typeof update>, id: string): object {
  const dispute = world.store.get('dispute', id);
  if (params.metadata !== undefined) dispute.metadata = merged(dispute.metadata, params.metadata);
  const { evidence: texts } = params;
  return texts === undefined ? dispute : answerDispute(world, id, { evidence: texts, submit: params.submit });
}

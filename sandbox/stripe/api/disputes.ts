import { z } from 'zod';
import { answerDispute, closeDispute } from '../flows/disputes.js';
import { page } from '../lists.js';
import { EVIDENCE_TEXTS } from '../objects/evidence.js';
import { createdFilter, flag, listParams, merged, metadata, text } from '../params.js';
import type { World } from '../world.js';
import { type Route, route } from './route.js';

const nothing = z.strictObject({});
const LONGEST_EVIDENCE = 20_000;
const evidence = z.partialRecord(z.enum(EVIDENCE_TEXTS), z.string().max(LONGEST_EVIDENCE));
const update = z.strictObject({
  evidence: evidence.optional(),
  metadata: metadata.optional(),
  submit: flag.default(true),
});

export const DISPUTES: readonly Route[] = [
  route(
    'GET',
    '/v1/disputes',
    z.strictObject({
      ...listParams,
      created: createdFilter.optional(),
      charge: text.optional(),
      payment_intent: text.optional(),
    }),
    (world, params) => {
      const all = world.store
        .all('dispute')
        .filter(
          (made) =>
            (params.charge === undefined || made.charge === params.charge) &&
            (params.payment_intent === undefined || made.payment_intent === params.payment_intent),
        );
      return page('/v1/disputes', all, params);
    },
  ),
  route('GET', '/v1/disputes/:id', nothing, (world, _, id) => world.store.get('dispute', id)),
  route('POST', '/v1/disputes/:id', update, answer),
  route('POST', '/v1/disputes/:id/close', nothing, (world, _, id) => closeDispute(world, id, 'lost')),
];

function answer(world: World, params: z.output<typeof update>, id: string): object {
  const dispute = world.store.get('dispute', id);
  if (params.metadata !== undefined) dispute.metadata = merged(dispute.metadata, params.metadata);
  const { evidence: texts } = params;
  return texts === undefined ? dispute : answerDispute(world, id, { evidence: texts, submit: params.submit });
}

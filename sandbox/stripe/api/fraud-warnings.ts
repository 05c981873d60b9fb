import { z } from 'zod';
import { page } from '../lists.js';
import { createdFilter, listParams, text } from '../params.js';
import { type Route, route } from './route.js';

const WARNINGS = '/v1/radar/early_fraud_warnings';

export const FRAUD_WARNINGS: readonly Route[] = [
  route(
    'GET',
    WARNINGS,
    z.strictObject({
      ...listParams,
      created: createdFilter.optional(),
      charge: text.optional(),
      payment_intent: text.optional(),
    }),
    (world, params) => {
      const all = world.store
        .all('radar.early_fraud_warning')
        .filter(
          (made) =>
            (params.charge === undefined || made.charge === params.charge) &&
            (params.payment_intent === undefined || made.payment_intent === params.payment_intent),
        );
      return page(WARNINGS, all, params);
    },
  ),
  route('GET', `${WARNINGS}/:id`, z.strictObject({}), (world, _, id) =>
    world.store.get('radar.early_fraud_warning', id),
  ),
];

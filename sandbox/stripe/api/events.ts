import { z } from 'zod';
import { page } from '../lists.js';
import { createdFilter, flag, listParams, text } from '../params.js';
import { retrieve, type Route, route } from './route.js';

const eventList = z.strictObject({
  ...listParams,
  created: createdFilter.optional(),
  delivery_success: flag.optional(),
  type: text.optional(),
  types: z.array(text).max(20).optional(),
});

/** `charge.*` means every type that starts with `charge.`. */
const fits = (type: string, pattern: string): boolean =>
  pattern.endsWith('*') ? type.startsWith(pattern.slice(0, -1)) : type === pattern;

export const EVENTS: readonly Route[] = [
  route('GET', '/v1/events', eventList, (world, params) => {
    const { delivery_success: delivered, type, types } = params;
    const all = world.store
      .all('event')
      .filter(
        (event) =>
          (type === undefined || fits(event.type, type)) &&
          (types === undefined || types.some((pattern) => fits(event.type, pattern))) &&
          (delivered === undefined || (event.pending_webhooks === 0) === delivered),
      );
    return page('/v1/events', all, params);
  }),
  retrieve('event', '/v1/events'),
];

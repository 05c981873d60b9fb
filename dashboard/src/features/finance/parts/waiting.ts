import type { Schema } from '../../../api/client.ts';

/** Whether something was proposed that nobody has approved yet. */
export const isWaiting = ([resolution]: Schema<'ReconciliationItem'>['resolution']): boolean =>
  resolution !== undefined && resolution.approved_by === null;

// A row in the route table of the API.
import type { z } from 'zod';
import type { Form } from '../form.js';
import { read } from '../params.js';
import type { World } from '../world.js';

export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** With `:id` for the object's id. */
  readonly path: string;
  readonly run: (world: World, form: Form, id: string) => object;
}

/** A route; its parameters are checked first. */
export function route<S extends z.ZodType>(
  method: Route['method'],
  path: string,
  params: S,
  run: (world: World, params: z.output<S>, id: string) => object,
): Route {
  return { method, path, run: (world, form, id) => run(world, read(params, form), id) };
}

/** The route of a request and the id in its path. */
export function routeOf(
  routes: readonly Route[],
  method: string,
  path: string,
): { route: Route; id: string } | undefined {
  const steps = path.split('/');
  for (const candidate of routes) {
    const pattern = candidate.path.split('/');
    if (candidate.method !== method || pattern.length !== steps.length) continue;
    if (!pattern.every((step, index) => step === ':id' || step === steps[index])) continue;
    return { route: candidate, id: decodeURIComponent(steps[pattern.indexOf(':id')] ?? '') };
  }
  return undefined;
}

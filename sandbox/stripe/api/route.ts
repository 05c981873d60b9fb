// A row in the route table of the API.
import { z } from 'zod';
import type { JsonObject } from '../../../src/kernel/index.js';
import type { Form } from '../form.js';
import { page } from '../lists.js';
import { createdFilter, listParams, read } from '../params.js';
import type { Kind, Kinds } from '../store.js';
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

/** For a route that takes no parameters. */
export const nothing = z.strictObject({});

/** The objects of a kind, newest first; a filter keeps those whose field of that name has its value. */
export const list = <K extends Exclude<Kind, 'tax.calculation'>>(
  kind: K,
  path: string,
  filters: { readonly [Field in keyof Kinds[K]]?: z.ZodType },
): Route =>
  route(
    'GET',
    path,
    z.strictObject({ ...listParams, created: createdFilter, ...(filters as Record<string, z.ZodType>) }).partial(),
    (world, params) => {
      const wanted = Object.entries(params).filter(([name, value]) => name in filters && value !== undefined);
      const all = world.store
        .all(kind)
        .filter((made) => wanted.every(([name, value]) => (made as unknown as JsonObject)[name] === value));
      return page(path, all, params);
    },
  );

/** One object of a kind, by its id. */
export const retrieve = (kind: Kind, path: string): Route =>
  route('GET', `${path}/:id`, nothing, (world, _, id) => world.store.get(kind, id));

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

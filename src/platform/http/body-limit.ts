// How large the body of a request may be. Small, unless its route says otherwise: what is large must be asked for.
import { SetMetadata } from '@nestjs/common';

/** Of JSON and forms that people and scripts fill in. */
const SMALL_BODY_BYTES = 65_536;

const LIMIT = 'largest body';

/** A body with prompts, pictures or sound in it: as large as BODY_LIMIT_BYTES says. */
const LARGE = 'large';

export type BodyLimit = number | typeof LARGE;

/** Lets a route, or all of a controller, take bodies of so many bytes. */
export const BodiesUpTo = (bytes: number): MethodDecorator & ClassDecorator => SetMetadata(LIMIT, bytes);

/** Lets a route, or all of a controller, take the largest bodies that this gateway takes. */
export const LargeBodies = (): MethodDecorator & ClassDecorator => SetMetadata(LIMIT, LARGE);

/** What the decorators have said of a handler, or else of its controller. */
export const bodyLimitOf = (handler: object, controller: object): BodyLimit =>
  ((Reflect.getMetadata(LIMIT, handler) ?? Reflect.getMetadata(LIMIT, controller)) as BodyLimit | undefined) ??
  SMALL_BODY_BYTES;

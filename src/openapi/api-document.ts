// The OpenAPI document of /api, made from the annotations of its controllers when it is first asked for.
import { type INestApplication, Injectable, type Type } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { RELEASE } from '../platform/config.js';
import { audienceOf, CSRF_HEADER, SESSION_COOKIE } from '../identity/index.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

const DESCRIPTION = `What the pages of token-hub call. For calls of models see /v1, which is as OpenAI has it.

A person logs in with \`POST /api/auth/login\` and has the cookie \`${SESSION_COOKIE}\` from then on. Every request that changes something also carries the
header \`${CSRF_HEADER}\` with the \`csrf_token\` of the session (\`GET /api/auth/session\` tells it). \`x-audience\` says who may call a route.

Amounts of money are exact decimal strings; integers with \`minor\` in their name are Stripe's smallest units. Instants are ISO 8601 in UTC. A list says with
\`has_more\` whether there is more, which \`cursor=<next_cursor>\` shows. A request that moves money needs an \`Idempotency-Key\`: the same key with the same
body has the same answer for ever, and with another body 409.`;

const ERROR = {
  description: 'Anything else: what is wrong, and what to do',
  content: {
    'application/json': {
      schema: {
        type: 'object',
        required: ['error'],
        properties: {
          error: {
            type: 'object',
            required: ['message', 'type', 'param', 'code'],
            properties: {
              message: { type: 'string', description: 'what is wrong and what to do, for people' },
              type: { type: 'string', description: 'the kind of error' },
              param: { type: 'string', nullable: true, description: 'the parameter at fault' },
              code: { type: 'string', description: 'what is wrong, for programs' },
            },
          },
        },
      },
    },
  },
};

@Injectable()
export class ApiDocument {
  #app: INestApplication | undefined;
  #document: OpenAPIObject | undefined;

  constructor(private readonly modules: ModulesContainer) {}

  /** To be called once, before the first request. */
  describes(app: INestApplication): void {
    this.#app = app;
  }

  read(): OpenAPIObject {
    if (this.#app === undefined) throw new Error('the document describes no application');
    return (this.#document ??= this.#documentOf(this.#app));
  }

  #documentOf(app: INestApplication): OpenAPIObject {
    const about = new DocumentBuilder()
      .setTitle('token-hub')
      .setVersion(RELEASE)
      .setDescription(DESCRIPTION)
      .addCookieAuth(SESSION_COOKIE, undefined, 'session')
      .addApiKey({ type: 'apiKey', in: 'header', name: CSRF_HEADER }, 'csrf')
      .build();
    const document = SwaggerModule.createDocument(app, about, { operationIdFactory: operationId });
    const paths = Object.entries(document.paths).filter(([path]) => path.startsWith('/api/'));
    const audiences = this.#audiences();
    for (const [, routes] of paths) {
      for (const method of METHODS) complete(method, routes[method], audiences);
    }
    const components = { ...document.components, responses: { Error: ERROR } };
    return { ...document, paths: Object.fromEntries(paths), components };
  }

  /** Who may call what, by the id of the operation. */
  #audiences(): ReadonlyMap<string, string> {
    const controllers = [...this.modules.values()].flatMap((module) => [...module.controllers.values()]);
    return new Map(
      controllers.flatMap(({ metatype }) => {
        const controller = metatype as Type;
        const handlers = Object.entries(Object.getOwnPropertyDescriptors(controller.prototype));
        return handlers.flatMap(([name, { value }]): [string, string][] => {
          const audience = typeof value === 'function' ? audienceOf(value, controller) : undefined;
          return audience === undefined ? [] : [[operationId(controller.name, name), audience]];
        });
      }),
    );
  }
}

/** `keys_create` of `KeysController.create`. */
const operationId = (controller: string, handler: string): string =>
  `${controller.replace(/Controller$/, '')}_${handler}`.replaceAll(/(?<=[a-z])[A-Z]/g, '_$&').toLowerCase();

/** What every route has by its nature, and so is not annotated. */
function complete(
  method: (typeof METHODS)[number],
  operation: Operation | undefined,
  audiences: ReadonlyMap<string, string>,
): void {
  if (operation === undefined) return;
  const audience = audiences.get(operation.operationId ?? '');
  const csrf = method === 'get' ? {} : { csrf: [] };
  Object.assign(operation, {
    'x-audience': audience,
    security: audience === 'anyone' ? [] : [{ session: [], ...csrf }],
    responses: { ...operation.responses, default: { $ref: '#/components/responses/Error' } },
  });
}

// Writes dist/openapi.json, the OpenAPI document of /api, from the annotations of its controllers. The last step of the build, to be run by
// `node --conditions=openapi`: only then do annotations leave anything behind (src/platform/openapi/no-annotations.ts).
import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import type { Type } from '@nestjs/common';
import { MetadataScanner, ModulesContainer, NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type * as Application from '../src/app.module.ts';
import type * as Identity from '../src/identity/index.ts';
import type * as Http from '../src/platform/http/index.ts';
import type * as Configuration from '../src/platform/config.ts';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

const dist = new URL('../dist/', import.meta.url);
const built = async <Module>(path: string): Promise<Module> =>
  (await import(new URL(`src/${path}`, dist).href)) as Module;

const { AppModule } = await built<typeof Application>('app.module.js');
const { CSRF_HEADER, SESSION_COOKIE } = await built<typeof Identity>('identity/index.js');
const { audienceOf } = await built<typeof Http>('platform/http/index.js');
const { loadConfig, RELEASE } = await built<typeof Configuration>('platform/config.js');

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

async function openApiDocument(): Promise<OpenAPIObject> {
  // A preview has all routes and opens no store.
  const app = await NestFactory.create(AppModule.with(loadConfig({})), new FastifyAdapter(), {
    preview: true,
    logger: false,
  });
  const about = new DocumentBuilder()
    .setTitle('token-hub')
    .setVersion(RELEASE)
    .setDescription(DESCRIPTION)
    .addCookieAuth(SESSION_COOKIE, undefined, 'session')
    .addApiKey({ type: 'apiKey', in: 'header', name: CSRF_HEADER }, 'csrf')
    .build();
  const document = SwaggerModule.createDocument(app, about, { operationIdFactory: operationId });
  const paths = Object.entries(document.paths).filter(([path]) => path.startsWith('/api/'));
  const audiences = audiencesOf(app.get(ModulesContainer));
  for (const [, routes] of paths) {
    for (const method of METHODS) complete(method, routes[method], audiences);
  }
  refuseDoubleNames(paths.flatMap(([, routes]) => METHODS.flatMap((method) => routes[method]?.operationId ?? [])));
  const components = { ...document.components, responses: { Error: ERROR } };
  return { ...document, paths: Object.fromEntries(paths), components };
}

/** Two controllers of one name would tell of each other's routes. */
function refuseDoubleNames(ids: readonly string[]): void {
  const double = ids.find((id, index) => ids.indexOf(id) !== index);
  if (double !== undefined) throw new Error(`Two operations have the id ${double}: rename one of their controllers.`);
}

/** Who may call what, by the id of the operation. */
function audiencesOf(modules: ModulesContainer): ReadonlyMap<string, string> {
  const controllers = [...modules.values()].flatMap((module) => [...module.controllers.values()]);
  return new Map(
    controllers.flatMap(({ metatype }) => {
      const controller = metatype as Type;
      const handlers = controller.prototype as Readonly<Record<string, () => unknown>>;
      return new MetadataScanner().getAllMethodNames(handlers).flatMap((name): [string, string][] => {
        const handler = handlers[name];
        const audience = handler && audienceOf(handler, controller);
        return audience === undefined ? [] : [[operationId(controller.name, name), audience]];
      });
    }),
  );
}

/** `keys_create` of `KeysController.create`. */
function operationId(controller: string, handler: string): string {
  const resource = controller.replace(/Controller$/, '');
  return `${resource}_${handler}`.replaceAll(/(?<=[a-z])[A-Z]/g, '_$&').toLowerCase();
}

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

writeFileSync(new URL('openapi.json', dist), JSON.stringify(await openApiDocument()));

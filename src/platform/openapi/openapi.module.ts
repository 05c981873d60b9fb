// Serves the OpenAPI document of /api, which the build makes (scripts/openapi-document.ts).
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Controller, Get, Header, Module } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '#openapi';
import { Access } from '../http/index.js';

@ApiTags('Documentation')
@Controller('api/openapi.json')
@Access('anyone')
class OpenApiController {
  #document: string | undefined;

  @Get()
  @Header('content-type', 'application/json; charset=utf-8')
  @Header('cache-control', 'public, max-age=300')
  @ApiOperation({ summary: 'This document' })
  @ApiOkResponse({ description: 'OpenAPI 3.0 (https://spec.openapis.org/oas/v3.0.3)', schema: { type: 'object' } })
  read(): string {
    return (this.#document ??= readFileSync(createRequire(import.meta.url).resolve('#openapi-document'), 'utf8'));
  }
}

@Module({ controllers: [OpenApiController] })
export class OpenApiModule {}

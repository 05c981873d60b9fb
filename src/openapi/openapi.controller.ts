import { Controller, Get, Header, UseGuards } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags, type OpenAPIObject } from '@nestjs/swagger';
import { Access, AccessGuard } from '../identity/index.js';
import { ApiDocument } from './api-document.js';

@ApiTags('Documentation')
@Controller('api/openapi.json')
@UseGuards(AccessGuard)
@Access('anyone')
export class OpenApiController {
  constructor(private readonly document: ApiDocument) {}

  @Get()
  @Header('cache-control', 'public, max-age=300')
  @ApiOperation({ summary: 'This document' })
  @ApiOkResponse({ description: 'OpenAPI 3.0 (https://spec.openapis.org/oas/v3.0.3)', schema: { type: 'object' } })
  read(): OpenAPIObject {
    return this.document.read();
  }
}

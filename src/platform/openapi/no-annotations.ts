// What `#openapi` is in a running gateway: annotations that do nothing. The document is made by the build, so that a gateway needs neither
// @nestjs/swagger nor what that brings (Swagger UI, TypeScript). Only `node --conditions=openapi` has the real ones: see "imports" in package.json.
const annotation = () => (): void => undefined;

export {
  annotation as ApiExcludeController,
  annotation as ApiExtraModels,
  annotation as ApiHeader,
  annotation as ApiOkResponse,
  annotation as ApiOperation,
  annotation as ApiParam,
  annotation as ApiProperty,
  annotation as ApiResponse,
  annotation as ApiTags,
};

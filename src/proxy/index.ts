export { answerClientError, answerFrameworkError, newRequestId, turnAway } from './broken-http.js';
export { ANY_MAKER, type Channel, type ChannelFormat, Channels, type Route, SANDBOX_HEADER } from './channels.js';
export { chargeObject } from './charge-object.js';
export { errorBodyFor, ErrorFilter } from './error.filter.js';
export { InFlight } from './in-flight.js';
export { ModelDirectory } from './model-directory.js';
export { ProxyModule } from './proxy.module.js';
export {
  ConnectTimeout,
  Upstream,
  UpstreamFailure,
  type UpstreamRequest,
  type UpstreamResponse,
  UpstreamTimeout,
} from './upstream.js';
export { corsFor } from './cors.js';

export { errorDialect } from './endpoints/error-dialect.js';
export { ANY_MAKER, type Channel, type ChannelFormat, Channels, SANDBOX_HEADER } from './providers/channels.js';
export { type CallSummary, PROVIDER_STATES } from './providers/call-ring.js';
export { CIRCUIT_STATES, Circuits } from './providers/circuits.js';
export { ProviderCalls } from './providers/provider-calls.js';
export { InFlight } from './call/in-flight.js';
export { ModelDirectory } from './models/model-directory.js';
export { ProxyModule } from './proxy.module.js';
export { type BodyRead, MAX_ANSWER_BYTES, MAX_ERROR_BYTES, readOnAfter } from './providers/read-body.js';
export {
  ConnectTimeout,
  EVENT_STREAM,
  Upstream,
  UpstreamFailure,
  type UpstreamRequest,
  type UpstreamResponse,
  UpstreamTimeout,
} from './providers/upstream.js';

export { errorDialect } from './endpoints/error-dialect.js';
export {
  ANY_MAKER,
  type Channel,
  type ChannelFormat,
  Channels,
  type Route,
  SANDBOX_HEADER,
} from './providers/channels.js';
export { InFlight } from './call/in-flight.js';
export { ModelDirectory } from './models/model-directory.js';
export { ProxyModule } from './proxy.module.js';
export {
  ConnectTimeout,
  Upstream,
  UpstreamFailure,
  type UpstreamRequest,
  type UpstreamResponse,
  UpstreamTimeout,
} from './providers/upstream.js';

// Each connection gets to the next of two gateways. So that calls do, too, `fetch` keeps no connection for the next call.
import { Agent, setGlobalDispatcher } from 'undici';

setGlobalDispatcher(new Agent({ pipelining: 0 }));

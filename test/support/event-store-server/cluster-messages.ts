import gossip, { type ClusterInfo } from '@eventstore/db-client/generated/gossip_pb.js';
import features, { type SupportedMethods } from '@eventstore/db-client/generated/serverfeatures_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';

const LEADER = 8;
const SERVICE = 'event_store.client.streams.streams';

/** What the server says it can do. */
export function supportedMethods(): SupportedMethods {
  const methods = ['append', 'batchappend', 'read'].map((name) =>
    new features.SupportedMethod().setServiceName(SERVICE).setMethodName(name),
  );
  return new features.SupportedMethods().setEventStoreServerVersion('23.10.0.0').setMethodsList(methods);
}

/** A cluster of one: this server, which leads. */
export function clusterInfo(port: number): ClusterInfo {
  const id = new shared.UUID();
  id.setString('5f1d3f5e-0c50-4c7e-9a52-6b0a6a1c2f00');
  const endPoint = new gossip.EndPoint().setAddress('127.0.0.1').setPort(port);
  const member = new gossip.MemberInfo().setInstanceId(id).setTimeStamp('0').setState(LEADER);
  member.setIsAlive(true).setHttpEndPoint(endPoint);
  return new gossip.ClusterInfo().setMembersList([member]);
}

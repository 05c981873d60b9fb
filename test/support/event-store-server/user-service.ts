import users, {
  type CreateReq,
  type CreateResp,
  type ResetPasswordReq,
  type ResetPasswordResp,
} from '@eventstore/db-client/generated/users_pb.js';
import type { sendUnaryData, ServerUnaryCall } from '@grpc/grpc-js';
import { accessDenied, loginConflict, unauthenticated, type Users } from './users.js';

/** Makes users and gives them other passwords, for administrators. */
export const userService = (known: Users) => ({
  create({ metadata, request }: ServerUnaryCall<CreateReq, CreateResp>, reply: sendUnaryData<CreateResp>): void {
    const caller = known.of(metadata);
    const [name = '', password = ''] = [request.getOptions()?.getLoginName(), request.getOptions()?.getPassword()];
    if (caller === undefined) return reply(unauthenticated());
    if (!known.isAdmin(caller)) return reply(accessDenied());
    if (known.has(name)) return reply(loginConflict(name));
    known.set(name, { password });
    reply(null, new users.CreateResp());
  },
  resetPassword(
    { metadata, request }: ServerUnaryCall<ResetPasswordReq, ResetPasswordResp>,
    reply: sendUnaryData<ResetPasswordResp>,
  ): void {
    const caller = known.of(metadata);
    const [name = '', password = ''] = [request.getOptions()?.getLoginName(), request.getOptions()?.getNewPassword()];
    if (caller === undefined) return reply(unauthenticated());
    if (!known.isAdmin(caller)) return reply(accessDenied());
    known.set(name, { ...known.get(name), password });
    reply(null, new users.ResetPasswordResp());
  },
});

import { Module } from '@nestjs/common';
import {
  ChangeRolesHandler,
  EndSessionsHandler,
  GetUserHandler,
  ListStaffHandler,
  ListUsersHandler,
  RemoveDuplicateHandler,
  RemoveSecondFactorHandler,
} from './users.handlers.js';
import { Sessions } from '../sessions/sessions.js';
import { Users } from '../users/users.js';

/** What the command line needs of users, without HTTP and email. */
@Module({
  providers: [
    Users,
    Sessions,
    GetUserHandler,
    ListStaffHandler,
    ListUsersHandler,
    ChangeRolesHandler,
    RemoveSecondFactorHandler,
    RemoveDuplicateHandler,
    EndSessionsHandler,
  ],
  exports: [Users, Sessions],
})
export class UsersModule {}

import { Module } from '@nestjs/common';
import {
  ChangeRolesHandler,
  EndSessionsHandler,
  GetPersonHandler,
  ListPeopleHandler,
  RemoveDuplicateHandler,
  RemoveSecondFactorHandler,
} from './people.handlers.js';
import { StoredSessions } from '../sessions/stored-sessions.js';
import { Users } from './users.js';

/** What the command line needs of people, too: no HTTP, and no mail. */
@Module({
  providers: [
    Users,
    StoredSessions,
    GetPersonHandler,
    ListPeopleHandler,
    ChangeRolesHandler,
    RemoveSecondFactorHandler,
    RemoveDuplicateHandler,
    EndSessionsHandler,
  ],
  exports: [Users, StoredSessions],
})
export class PeopleModule {}

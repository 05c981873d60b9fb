export { CallTimeRecords, type CallTimes } from './call-times.js';
export { CallTimesModule } from './call-times.module.js';

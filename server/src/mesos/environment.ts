// Variables that a task finds set by its framework whatever the template says. Source: mesos/chronos MesosTaskBuilder.
import type { Release } from '../../../protocol/src/plan.ts';
import { products } from './releases.ts';

const all = [
  'mesos_task_id',
  'CHRONOS_JOB_OWNER',
  'CHRONOS_JOB_NAME',
  'HOST',
  'CHRONOS_RESOURCE_MEM',
  'CHRONOS_RESOURCE_CPU',
  'CHRONOS_RESOURCE_DISK',
];
const since3 = ['MESOS_TASK_ID', 'CHRONOS_JOB_RUN_TIME', 'CHRONOS_JOB_RUN_ATTEMPT'];

/** Names that Chronos sets itself, over those of the job. */
export const chronosVariables = (release: Release): readonly string[] => [
  ...all,
  ...(products[release].chronos === '3.0.2' ? since3 : []),
  ...(products[release].chronosGpus ? ['CHRONOS_RESOURCE_GPU'] : []),
];

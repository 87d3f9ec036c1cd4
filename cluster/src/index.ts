// The face of this part: what an editor and a command line may use of clusters.
export type { Job, JobState } from './chronos/answers.ts';
export * as chronos from './chronos/client.ts';
export { type Endpoint, endpointOf } from './connect/endpoint.ts';
export { ClusterError, type ClusterErrorCode } from './connect/error.ts';
export type { Patience } from './connect/request.ts';
export { type DeployedApp, type DeployOptions, type DeployOutcome, deploy } from './deploy/deploy.ts';
export { type Deployed, type Deployments, deployments } from './deploy/deployments.ts';
export type { Step } from './deploy/steps.ts';
export {
  planUndeploy,
  type UndeployOptions,
  type UndeployOutcome,
  type UndeployPlan,
  undeploy,
} from './deploy/undeploy.ts';
export type { JobAlone } from './live/read.ts';
export * from './live/state.ts';
export { type LiveOptions, type LiveStore, openLiveStore } from './live/store.ts';
export { type LocalAddress, localAddressFile, readLocalAddress } from './local-address.ts';
export type { App, Change, Deployment, Group, Info, Task as MarathonTask, TaskFailure } from './marathon/answers.ts';
export * as marathon from './marathon/client.ts';
export { type Following, fileSize, followFile, type Piece, readFile } from './mesos/files.ts';
export { browse, locateSandbox, type Sandbox, type SandboxFile } from './mesos/sandbox.ts';
export { type Agent, agents, type MasterState, masterState, type Task as MesosTask } from './mesos/state.ts';
export { localProfile, type Profile, readProfile, releases } from './profile.ts';

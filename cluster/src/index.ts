// The face of this part: what an editor and a command line use of clusters.
export * as chronos from './chronos/client.ts';
export { endpointOf } from './connect/endpoint.ts';
export { ClusterError } from './connect/error.ts';
export { type DeployOutcome, deploy } from './deploy/deploy.ts';
export { type Deployed, deployments } from './deploy/deployments.ts';
export type { Step } from './deploy/steps.ts';
export { planUndeploy, type UndeployOutcome, type UndeployPlan, undeploy } from './deploy/undeploy.ts';
export type { JobAlone } from './live/read.ts';
export type * from './live/state.ts';
export { openLiveStore } from './live/store.ts';
export { localAddressFile } from './local-address.ts';
export { resetLocal } from './local-reset.ts';
export * as marathon from './marathon/client.ts';
export { followFile } from './mesos/files.ts';
export { locateSandbox, type Sandbox } from './mesos/sandbox.ts';
export { localProfile, type Profile, readProfile } from './profile.ts';

// Deployments, their resources and schedules as the Orchestrator keeps them: plain data. How they are answered is in answer.ts.
// Facts: indigo-dc/orchestrator dal/entity/{Deployment,Resource,DeploymentSchedule}.java, enums/*.java.
import type { Json } from '../../../../protocol/src/plan.ts';

export type DeploymentStatus =
  | 'CREATE_IN_PROGRESS'
  | 'CREATE_COMPLETE'
  | 'CREATE_FAILED'
  | 'DELETE_IN_PROGRESS'
  | 'DELETE_FAILED'
  | 'UNKNOWN';

export type ResourceState = 'INITIAL' | 'CREATED' | 'CONFIGURING' | 'STARTED' | 'DELETING' | 'ERROR';

export type Provider = 'MARATHON' | 'CHRONOS';

export interface Owner {
  readonly issuer: string;
  readonly subject: string;
}

/** What a client asks for. */
export interface DeploymentRequest {
  readonly template: string;
  readonly parameters: Readonly<Record<string, Json>>;
  readonly callback?: string;
  readonly timeoutMins?: number;
  readonly providerTimeoutMins?: number;
  readonly userGroup?: string;
}

export interface Deployment extends DeploymentRequest {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly updatedAt?: number;
  readonly createdBy?: Owner;
  /** What it is known by where it is deployed. */
  readonly physicalId?: string;
  readonly status: DeploymentStatus;
  readonly statusReason?: string;
  readonly task: 'NONE' | 'DEPLOYER';
  readonly outputs: Readonly<Record<string, Json>>;
  readonly provider?: Provider;
  /** Others before those that require them. */
  readonly resources: readonly Resource[];
}

export interface Resource {
  readonly id: string;
  readonly createdAt: number;
  readonly updatedAt?: number;
  readonly physicalId?: string;
  readonly state: ResourceState;
  readonly nodeName: string;
  readonly nodeType: string;
  /** Its type and those that it derives from. */
  readonly types: readonly string[];
}

/** A deployment for each file that Rucio tells of; there is no Rucio here, so none comes of it. */
export interface Schedule extends DeploymentRequest {
  readonly id: string;
  readonly createdAt: number;
  readonly createdBy?: Owner;
  readonly fileExpression: string;
  readonly replicationExpression: string;
  readonly numberOfReplicas: number;
}

// What the Orchestrator has to know of TOSCA, as functions that whoever starts the cluster hands in: a cluster knows nothing of templates.
import type { Json, Plan, PlanDiagnostic } from '../../../../protocol/src/plan.ts';

export interface Language {
  /** Reads a template as INDIGO's Orchestrator would deploy it. Never throws for what is wrong in the template. */
  read(template: string, wanted: Wanted): Promise<Reading>;
}

export interface Wanted {
  /** Id of the deployment: the name of the plan. */
  readonly deployment: string;
  readonly inputs: Readonly<Record<string, Json>>;
  /** The name of the job that a node template becomes, by its parsed name. */
  readonly jobName: (node: string) => string;
  /** Labels of each app. */
  readonly createdBy: string;
  readonly origin: string;
  readonly localVolumesHostBasePath: string;
}

export interface Reading {
  readonly plan: Plan;
  /** What is wrong, that in the text first. */
  readonly findings: readonly Finding[];
  /** Those that others require before these. */
  readonly nodes: readonly TemplateNode[];
  /** Circles of requirements. */
  readonly loops: readonly (readonly string[])[];
  /** Where the template's first app or job, or other thing of its kind, is deployed; undefined where there is none. */
  readonly kind: 'Marathon' | 'Chronos' | 'other' | undefined;
}

export interface TemplateNode {
  /** As written. */
  readonly name: string;
  /** As the parser makes it: with underscores for what is neither letter, digit nor underscore. */
  readonly parsedName: string;
  readonly type: string;
  /** Its type and those that it derives from. */
  readonly types: readonly string[];
}

export interface Finding extends Omit<PlanDiagnostic, 'source'> {
  /** The text at fault. */
  readonly text: string;
  /** Keys and indices from the top of the template to the text at fault. */
  readonly path: readonly string[];
  /** In the text, or only with the inputs of this deployment. */
  readonly since: 'template' | 'inputs';
}

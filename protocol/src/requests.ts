// The requests that client and server add to LSP. A key is the method's name.
import type { Json, Plan, Release, TemplateInput } from './plan.ts';

export interface Requests {
  /** The inputs of a template, in their order. */
  'tosca/inputs': { readonly params: { readonly uri: string }; readonly result: readonly TemplateInput[] };
  /** What would be sent for a template with these inputs. Problems are in the plan's diagnostics. */
  'tosca/plan': { readonly params: PlanParams; readonly result: Plan };
  /** An input's value held against its type and constraints: null when it is good, else one sentence. */
  'tosca/checkInput': {
    readonly params: { readonly uri: string; readonly name: string; readonly value: string };
    readonly result: string | null;
  };
  /** The text of a file in an archive, by its `tosca-csar:` URI; null where there is none. */
  'tosca/archiveFile': { readonly params: { readonly uri: string }; readonly result: string | null };
}

/**
 * What a client says of itself as `initializationOptions`. A workspace that was not trusted becomes so with the notification
 * `tosca/trusted`.
 */
export interface InitializationOptions {
  /** Whether the user trusts the workspace: only then are imports fetched over the network. */
  readonly trusted?: boolean;
  /** Folder for copies of imports. */
  readonly importCache?: string;
  /** URLs of proxies for imports, and the hosts that are reached without, as `NO_PROXY` has them. Those of the environment where absent. */
  readonly proxies?: { readonly http?: string; readonly https?: string; readonly except?: string };
}

export interface PlanParams {
  readonly uri: string;
  /** By input name. Text is read as the input's type asks. */
  readonly inputs: Readonly<Record<string, Json>>;
  /** Deployment name; made from the file's name when absent. */
  readonly name?: string;
  readonly release?: Release;
  /** Directory on the agents below which local volumes lie. */
  readonly localVolumesHostBasePath?: string;
}

// What a template turns into: the plan, its inputs and its diagnostics, as server, cluster, client and cli pass them on.
import type { ChronosJob } from './chronos.ts';
import type { MarathonGroup } from './marathon.ts';

/** A release of the INDIGO cluster: which Mesos, Marathon and Chronos run together. */
export type Release = 'indigo_1' | 'indigo_2' | 'deep_1';

/** The JSON of an LSP diagnostic, without depending on LSP. Positions are zero-based, characters are UTF-16 units. */
export interface PlanDiagnostic {
  readonly range: {
    readonly start: { readonly line: number; readonly character: number };
    readonly end: { readonly line: number; readonly character: number };
  };
  /** 1 error, 2 warning, 3 information, 4 hint. */
  readonly severity: 1 | 2 | 3 | 4;
  readonly code: string;
  readonly source: 'tosca';
  readonly message: string;
}

/** A piece of JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * An output's value: JSON, in which what only the running deployment knows stands as `{"get_attribute": [...]}`
 * and `{"concat": [...]}` around such references.
 */
export type OutputValue = Json;

export interface Plan {
  /** The deployment's name: a segment of a Marathon path id. */
  readonly name: string;
  readonly release: Release;
  /** Body of `POST /v2/groups`; null when the template has no Marathon app. */
  readonly marathon: MarathonGroup | null;
  /** In creation order: parents before children. */
  readonly chronos: readonly ChronosJob[];
  readonly outputs: Readonly<Record<string, OutputValue>>;
  readonly diagnostics: readonly PlanDiagnostic[];
  /** For outputs: the Docker run-time node that hosts each app, by app id. */
  readonly hosts: Readonly<Record<string, string>>;
}

/** An input of a template, as a form needs it. */
export interface TemplateInput {
  readonly name: string;
  /** TOSCA type name. */
  readonly type: string;
  readonly entryType?: string;
  readonly description?: string;
  readonly required: boolean;
  readonly default?: Json;
  /** Each as one sentence, for example `at least 1`. */
  readonly constraints: readonly string[];
  /** When the input has `valid_values`. */
  readonly choices?: readonly string[];
  /** By its name: a password, token or key. Such a value is never remembered. */
  readonly secret: boolean;
}

// What an operator of Marathon switches on with --enable_features; without it Marathon refuses what needs it.
import type { Report } from './validate.ts';

export const featureNames = ['vips', 'task_killing', 'external_volumes', 'secrets', 'gpu_resources'] as const;
export type Feature = (typeof featureNames)[number];
export type Features = ReadonlySet<Feature>;

/** Marathon's words, its odd bracket included (v1.5.6 api/v2/Validation.scala). */
export const notEnabled = (feature: Feature): string =>
  `Feature ${feature} is not enabled. Enable with --enable_features ${feature})`;

/** For a member that must be empty without the feature. */
export function requireFeature(features: Features, feature: Feature, path: string, report: Report): void {
  if (features.has(feature)) return;
  report(path, 'must be empty');
  report(path, notEnabled(feature));
}
